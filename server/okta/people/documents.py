"""A person as a JSON object: the form of Okta's Users API, with what that API tells elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.okta.people.person import Person, PersonGroup
from server.okta.people.schema import ProfileAttribute


def person_document(person: Person) -> dict[str, Any]:
    """Return a person as a JSON object; what is empty is left out."""
    document: dict[str, Any] = {
        "id": person.id,
        "status": person.status,
        "profile": dict(person.profile),
    }
    if person.groups:
        document["groups"] = [_group_document(group) for group in person.groups]
    optional = {
        "manager": person.manager_id,
        "assistant": person.assistant_id,
        "linked": dict(person.linked),
        "apps": {name: dict(profile) for name, profile in person.apps.items()},
        "note": person.note,
        "origin": person.origin,
    }
    return document | {name: value for name, value in optional.items() if value}


def person_from(document: Mapping[str, Any]) -> Person:
    """Return the person of an object that ``person_document`` made."""
    get = document.get
    return Person(
        document["id"],
        document["profile"],
        document["status"],
        tuple([_group(group) for group in get("groups", ())]),
        get("manager"),
        get("assistant"),
        get("linked", {}),
        get("apps", {}),
        get("note", ""),
        get("origin", ""),
    )


def attribute_documents(attributes: Iterable[ProfileAttribute]) -> list[dict[str, Any]]:
    """Return custom attributes as JSON objects."""
    return [
        {
            "name": attribute.name,
            "title": attribute.title,
            "type": attribute.type,
            "required": attribute.required,
            "minLength": attribute.min_length,
            "maxLength": attribute.max_length,
        }
        for attribute in attributes
    ]


def attributes_from(documents: Iterable[Mapping[str, Any]]) -> list[ProfileAttribute]:
    """Return the custom attributes of objects in the form of ``attribute_documents``."""
    return [
        ProfileAttribute(
            document["name"],
            document.get("title", document["name"]),
            document.get("type", "string"),
            document.get("required", False),
            document.get("maxLength"),
            min_length=document.get("minLength", 0),
        )
        for document in documents
    ]


def _group_document(group: PersonGroup) -> dict[str, str]:
    document = {"id": group.id, "name": group.name, "type": group.type}
    return document | ({"sourceId": group.source_id} if group.source_id else {})


def _group(document: Mapping[str, Any]) -> PersonGroup:
    return PersonGroup(
        document["id"],
        document["name"],
        document.get("type", "OKTA_GROUP"),
        document.get("sourceId", ""),
    )
