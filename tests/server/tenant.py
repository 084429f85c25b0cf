"""An organization with group push on a running desk, and short ways to write to it."""

from typing import Any

import httpx

from tests.desk import Desk

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

SCIM_JSON = {"Content-Type": "application/scim+json"}

Json = dict[str, Any]


class Tenant:
    """An organization of its own; ``scim`` is a client with a token for it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.organization = desk.parts.organizations.create("Tenant", group_push=True)
        self.token = desk.new_token(self.organization.id)
        self.scim: httpx.Client = desk.client(self.token, **SCIM_JSON)

    def user(self, user_name: str, /, **more: Any) -> Json:
        """Create a user and return it."""
        return self.created("/Users", {"schemas": [USER], "userName": user_name} | more)

    def group(self, display_name: str, /, *member_ids: str, **more: Any) -> Json:
        """Create a group and return it."""
        members = [{"value": member_id} for member_id in member_ids]
        body = {"schemas": [GROUP], "displayName": display_name, "members": members}
        return self.created("/Groups", body | more)

    def created(self, path: str, body: Json) -> Json:
        reply = self.scim.post(path, json=body)
        assert reply.status_code == 201, reply.text
        created: Json = reply.json()
        return created

    def patch(self, path: str, *operations: Json) -> httpx.Response:
        """Send a PATCH."""
        return self.scim.patch(path, json={"schemas": [PATCH], "Operations": list(operations)})

    def get(self, path: str) -> Json:
        """Return what is in the directory now."""
        reply = self.scim.get(path)
        assert reply.status_code == 200, reply.text
        value: Json = reply.json()
        return value

    def found(self, filter: str, path: str = "/Users") -> list[str]:
        """Return the names of what a filter finds, in order."""
        reply = self.scim.get(path, params={"filter": filter})
        assert reply.status_code == 200, reply.text
        return [resource.get("userName") or resource["displayName"] for resource in rows(reply)]

    def members(self, group: Json) -> set[str]:
        """Return the ids of the members that a group has now."""
        values = [m["value"] for m in self.get(f"/Groups/{group['id']}").get("members", [])]
        assert len(values) == len(set(values))
        return set(values)

    def remarks(self) -> dict[str, str]:
        """Return the log's remarks about the newest call, by code."""
        self.desk.flush()
        stored = self.desk.parts.calls.get(self.desk.parts.calls.newest_id())
        assert stored
        return dict(stored.call.remarks)

    def close(self) -> None:
        self.scim.close()
        self.desk.parts.organizations.delete(self.organization.id)


def rows(reply: httpx.Response) -> list[Json]:
    """Return the resources of a list, whose numbers must agree with them."""
    listed = reply.json()
    assert listed["schemas"] == [LIST]
    assert listed["itemsPerPage"] == len(listed["Resources"])
    resources: list[Json] = listed["Resources"]
    return resources
