"""Reading the schema and resource type documents that are shipped with the program."""

import json
from importlib.resources.abc import Traversable

from server.scim.schemas import ResourceType, compile_resource_type, compile_schema

SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"


def load_resource_types(folder: Traversable) -> tuple[ResourceType, ...]:
    """Compile the resource types of a folder of ``*.json`` documents, in the order of file names.

    What a document is, its ``schemas`` says. Raises ValueError for a document that does not fit
    the others, OSError when the folder cannot be read.
    """
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=_name)
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    compiled = (compile_schema(d) for d in documents if SCHEMA_SCHEMA in d["schemas"])
    schemas = {schema.id: schema for schema in compiled}
    resource_types = (
        compile_resource_type(document, schemas)
        for document in documents
        if RESOURCE_TYPE_SCHEMA in document["schemas"]
    )
    # Users come before Groups in every list that a person or a client sees.
    return tuple(sorted(resource_types, key=lambda type_: type_.name != "User"))


def _name(file: Traversable) -> str:
    return file.name
