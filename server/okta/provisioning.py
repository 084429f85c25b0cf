"""Okta's provisioning client: the requests that it sends, in the order and form it sends them.

Source: spec page "What Okta's SCIM client really sends", B1 to B8. The form is that of a catalogue
app: the profile goes by PUT, activation and deactivation by a path-less PATCH.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from server.okta.mapping.payload import create_frame, update_frame

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

HEADERS = {
    "Accept": "application/scim+json",
    "Accept-Charset": "utf-8",
    "Accept-Encoding": "gzip,deflate",
    "User-Agent": "Okta SCIM Client 1.0.0",
}
CONTENT_TYPE = {"Content-Type": "application/scim+json; charset=utf-8"}
LOOK_UP_COUNT = 100
ANSWER_WITHIN = 60.0
"""Seconds after which Okta closes the socket."""


class OktaClient:
    """Sends what Okta sends to one SCIM endpoint, as one app with one API token.

    The methods return the answers as they are. They raise ``httpx.HTTPError`` when there is none.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers=HEADERS | {"Authorization": f"Bearer {token}"},
            timeout=ANSWER_WITHIN,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def test_connection(self) -> httpx.Response:
        """ "Test API Credentials": the only request of that button (B3)."""
        return self._http.get("/Users", params={"startIndex": 1, "count": 2})

    def look_up(self, user_name: str) -> httpx.Response:
        """Look for a user by name, as before each create (B4)."""
        quoted = user_name.replace("\\", "\\\\").replace('"', '\\"')
        parameters: dict[str, str | int] = {
            "filter": f'userName eq "{quoted}"',
            "startIndex": 1,
            "count": LOOK_UP_COUNT,
        }
        return self._http.get("/Users", params=parameters)

    def create(self, profile: Mapping[str, Any], password: str) -> httpx.Response:
        """Create a user; Okta always sends a placeholder password and empty groups (B4)."""
        return self._send("POST", "/Users", create_frame(profile, password))

    def read(self, user_id: str) -> httpx.Response:
        """Read a user, as before each update (B5)."""
        return self._http.get(f"/Users/{user_id}")

    def update(self, resource: Mapping[str, Any], profile: Mapping[str, Any]) -> httpx.Response:
        """Push a profile: the resource as it was read, overlaid with what is mapped (B5)."""
        return self._send("PUT", f"/Users/{resource['id']}", update_frame(resource, profile))

    def set_active(self, user_id: str, active: bool) -> httpx.Response:
        """Deactivate or reactivate a user by a PATCH without a path (B6)."""
        operation = {"op": "replace", "value": {"active": active}}
        body = {"schemas": [PATCH_SCHEMA], "Operations": [operation]}
        return self._send("PATCH", f"/Users/{user_id}", body)

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        return self._http.request(method, path, json=body, headers=CONTENT_TYPE)
