"""What the server says of itself."""

import scim2_models

from server.scim import discovery
from tests.server.scim.samples import CORE, ENTERPRISE, GROUP, USER

BASE = "https://scim.example.com/scim/v2"
BOTH = (USER, GROUP)


def test_the_configuration_tells_the_abilities() -> None:
    abilities = discovery.Abilities(etag=True, bulk_operations=100, bulk_payload=1_048_576)
    config = discovery.service_provider_config(BASE, abilities)
    assert config["patch"] == config["sort"] == config["etag"] == {"supported": True}
    assert config["bulk"] == {"supported": True, "maxOperations": 100, "maxPayloadSize": 1_048_576}
    assert config["filter"] == {"supported": True, "maxResults": 1000}
    assert config["changePassword"] == {"supported": False}
    assert config["meta"]["location"] == f"{BASE}/ServiceProviderConfig"


def test_without_bulk_it_says_so() -> None:
    config = discovery.service_provider_config(BASE, discovery.Abilities())
    assert config["bulk"] == {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}


def test_both_ways_to_authenticate_are_told() -> None:
    config = discovery.service_provider_config(BASE, discovery.Abilities())
    schemes = [scheme["type"] for scheme in config["authenticationSchemes"]]
    assert schemes == ["oauthbearertoken", "httpbasic"]


def test_resource_types_are_listed_with_their_address() -> None:
    answer = discovery.resource_types(BOTH, BASE)
    assert answer["totalResults"] == 2
    assert [r["meta"]["location"] for r in answer["Resources"]] == [
        f"{BASE}/ResourceTypes/User",
        f"{BASE}/ResourceTypes/Group",
    ]


def test_without_groups_neither_their_type_nor_their_schema_is_there() -> None:
    assert discovery.resource_type([USER], "Group", BASE) is None
    assert discovery.schema([USER], GROUP.schema.id, BASE) is None
    assert discovery.schemas([USER], BASE)["totalResults"] == 3


def test_one_is_found_in_any_letter_case() -> None:
    found_type = discovery.resource_type(BOTH, "user", BASE)
    found_schema = discovery.schema(BOTH, ENTERPRISE.lower(), BASE)
    assert found_type is not None
    assert found_schema is not None
    assert found_type["id"] == "User"
    assert found_schema["meta"] == {
        "resourceType": "Schema",
        "location": f"{BASE}/Schemas/{ENTERPRISE}",
    }


def test_what_does_not_exist_is_not_found() -> None:
    assert discovery.schema(BOTH, f"{CORE}x", BASE) is None


def test_serving_does_not_change_the_documents() -> None:
    discovery.schemas(BOTH, BASE)
    discovery.resource_types(BOTH, BASE)
    assert "meta" not in USER.document
    assert "meta" not in USER.schema.document


def test_another_implementation_reads_it_all() -> None:
    config = discovery.service_provider_config(BASE, discovery.Abilities())
    assert scim2_models.ServiceProviderConfig.model_validate(config).patch
    for resource in discovery.schemas(BOTH, BASE)["Resources"]:
        assert scim2_models.Schema.model_validate(resource).attributes
    for resource in discovery.resource_types(BOTH, BASE)["Resources"]:
        assert scim2_models.ResourceType.model_validate(resource).endpoint
