"""The main job, as Okta does it: from the connection test to the reactivation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from server.okta.mapping.payload import PLACEHOLDER_PASSWORD
from server.okta.provisioning import OktaClient

PERSON: dict[str, Any] = {
    "userName": "ann.lee@demo.example",
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "emails": [{"primary": True, "value": "ann.lee@demo.example", "type": "work"}],
    "phoneNumbers": [{"value": "+447700900123", "type": "mobile"}],
    "title": "Nurse",
    "locale": "en-GB",
    "externalId": "00u1demo2ann3lee4x5",
}


@dataclass(frozen=True, slots=True)
class Check:
    """A step and whether the server answered as Okta needs it; ``note`` says what came instead."""

    name: str
    passed: bool
    note: str = ""


def demonstrate(base_url: str, token: str) -> list[Check]:
    """Run the steps against a SCIM endpoint; a step that fails ends neither it nor the rest."""
    with OktaClient(base_url, token) as okta, OktaClient(base_url, "wrong-token") as stranger:
        steps = _Steps(okta)
        return [
            _checked("Connection test", steps.test_connection),
            _checked("Connection test with a wrong token is refused", lambda: _refused(stranger)),
            _checked("Look-up before create finds nobody", lambda: steps.look_up(None)),
            _checked("Create", steps.create),
            _checked("Look-up finds the user", lambda: steps.look_up(True)),
            _checked("Create again is refused as a conflict", steps.create_again),
            _checked("Update by PUT", steps.update),
            _checked("Deactivate", lambda: steps.set_active(False)),
            _checked("Look-up finds the deactivated user", lambda: steps.look_up(False)),
            _checked("Reactivate", lambda: steps.set_active(True)),
        ]


class _Steps:
    """The steps for one person; each raises ``AssertionError`` saying what came instead."""

    def __init__(self, okta: OktaClient) -> None:
        self._okta = okta
        self._id = ""

    def test_connection(self) -> None:
        body = _answer(self._okta.test_connection(), 200)
        _expect(body, "totalResults", 0)

    def look_up(self, active: bool | None) -> None:
        body = _answer(self._okta.look_up(PERSON["userName"]), 200)
        _expect(body, "totalResults", 0 if active is None else 1)
        if active is not None:
            _expect(body["Resources"][0], "active", active)

    def create(self) -> None:
        body = _answer(self._okta.create(PERSON, PLACEHOLDER_PASSWORD), 201)
        _expect(body, "userName", PERSON["userName"])
        _expect(body, "active", True)
        self._id = str(body["id"])

    def create_again(self) -> None:
        body = _answer(self._okta.create(PERSON, PLACEHOLDER_PASSWORD), 409)
        _expect(body, "scimType", "uniqueness")

    def update(self) -> None:
        resource = _answer(self._okta.read(self._id), 200)
        body = _answer(self._okta.update(resource, PERSON | {"title": "Ward manager"}), 200)
        _expect(body, "title", "Ward manager")

    def set_active(self, active: bool) -> None:
        _expect(_answer(self._okta.set_active(self._id, active), 200), "active", active)


def _refused(stranger: OktaClient) -> None:
    _expect(_answer(stranger.test_connection(), 401), "status", "401")


def _checked(name: str, step: Callable[[], None]) -> Check:
    try:
        step()
    except (AssertionError, httpx.HTTPError, LookupError, ValueError) as error:
        return Check(name, False, f"({error})")
    return Check(name, True)


def _answer(response: httpx.Response, status: int) -> dict[str, Any]:
    if response.status_code != status:
        raise AssertionError(f"status {response.status_code}, not {status}: {response.text[:200]}")
    body: dict[str, Any] = response.json()
    return body


def _expect(body: dict[str, Any], name: str, value: Any) -> None:
    if body.get(name) != value:
        raise AssertionError(f"{name} is {body.get(name)!r}, not {value!r}")
