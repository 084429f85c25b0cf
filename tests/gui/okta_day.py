"""Calls as Okta makes them in a working day of two customers; always the same."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import orjson

from gui.services import Services
from server.calls.call import Call, Remark
from server.scim.errors import ScimError
from server.scim.times import timestamp

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

PEOPLE = (
    ("Ann", "Lee", "Nurse", "Emergency"),
    ("Siobhán", "O'Connor", "Ward manager", "Cardiology"),
    ("Tomáš", "Novák", "Porter", "Facilities"),
    ("Priya", "Raman", "Pharmacist", "Pharmacy"),
    ("Grace", "Okafor", "Consultant", "Oncology"),
    ("Luis", "Fernández", "Radiographer", "Imaging"),
    ("Mei", "Chen", "Data analyst", "Operations"),
    ("Jonah", "Whitfield", "Physiotherapist", "Rehabilitation"),
    ("Aisha", "Rahman", "Midwife", "Maternity"),
    ("Erik", "Lindqvist", "IT support", "Technology"),
    ("Hannah", "Müller", "Dietitian", "Nutrition"),
    ("Kwame", "Mensah", "Paramedic", "Emergency"),
    ("Olivia", "Bennett", "Receptionist", "Front desk"),
    ("Mateo", "Rossi", "Chef", "Catering"),
    ("Zoë", "van Dijk", "Social worker", "Community care"),
    ("Daniel", "Kim", "Surgeon", "Orthopaedics"),
)


class Customer:
    """An organization with its token and its domain."""

    def __init__(self, services: Services, name: str, domain: str, **switches: bool) -> None:
        self.organization = services.organizations.create(name, **switches)
        self.name = name
        self.domain = domain
        self.token_id = 0
        self.token_label = ""


def user(customer: Customer, person: tuple[str, str, str, str], number: int) -> dict[str, Any]:
    """Return a person as Okta sends them."""
    given, family, title, department = person
    name = f"{given}.{family}".lower().replace("'", "").replace(" ", "")
    ascii_name = name.translate(str.maketrans("áščžéíöüëňñ", "asczeioeenn"))
    mail = f"{ascii_name}@{customer.domain}"
    return {
        "schemas": [CORE, ENTERPRISE],
        "userName": mail,
        "name": {"givenName": given, "familyName": family},
        "emails": [{"primary": True, "value": mail, "type": "work"}],
        "phoneNumbers": [
            {"value": f"+447700900{9 - customer.organization.id}{number:02d}", "type": "mobile"}
        ],
        "title": title,
        "locale": "en-GB",
        "externalId": f"00u{customer.organization.id}f8k2m{number:02d}Qx7Lp4x6",
        "active": True,
        ENTERPRISE: {"department": department, "employeeNumber": f"E-{1040 + number}"},
    }


def user_id(customer: Customer, number: int) -> str:
    """Return the SCIM id of a person."""
    return f"7f3c{customer.organization.id}a{number:02d}-5b1e-4c8a-9d2f-3e6b8a1c{number:04d}"


def day_of_calls(northwind: Customer, harbour: Customer, now: datetime) -> Iterator[Call]:
    """Yield a working day of two customers, oldest first."""
    chance = random.Random(7)
    at = now - timedelta(hours=6)
    yield _refused(at, "Invalid token: no token like this was ever issued here. Generate one.")
    at += timedelta(seconds=40)
    yield connection_test(northwind, at)
    for number, person in enumerate(PEOPLE):
        at += timedelta(minutes=chance.randint(1, 6), milliseconds=chance.randint(0, 999))
        yield from _provision(northwind, person, number, at, chance)
    yield connection_test(harbour, at + timedelta(seconds=20))
    for number, person in enumerate(PEOPLE[:5]):
        at += timedelta(seconds=chance.randint(20, 80))
        yield from _provision(harbour, person, number, at, chance)
    for round_ in range(9):
        for number, person in enumerate(PEOPLE):
            if chance.random() < 0.6:
                at += timedelta(seconds=chance.randint(3, 70), milliseconds=chance.randint(0, 999))
                yield from _update(northwind, person, number, at, chance, round_)
    at = now - timedelta(minutes=4)
    yield _bad_locale(northwind, at, chance)
    yield from _deactivate(northwind, PEOPLE[3], 3, now - timedelta(minutes=2), chance)
    yield _conflict(northwind, now - timedelta(seconds=71), chance)
    yield connection_test(northwind, now - timedelta(seconds=48))


def connection_test(customer: Customer, at: datetime) -> Call:
    """Return Okta's test of the connection."""
    return _call(
        customer,
        at,
        "GET",
        "/scim/v2/Users",
        200,
        query="startIndex=1&count=2",
        response=_listed([]),
        duration=1200,
    )


def _provision(
    customer: Customer,
    person: tuple[str, str, str, str],
    number: int,
    at: datetime,
    chance: random.Random,
) -> Iterator[Call]:
    sent = user(customer, person, number)
    filter_ = quote(f'userName eq "{sent["userName"]}"')
    yield _call(
        customer,
        at,
        "GET",
        "/scim/v2/Users",
        200,
        query=f"filter={filter_}&startIndex=1&count=100",
        response=_listed([]),
        subject=sent["userName"],
        duration=chance.randint(600, 2400),
    )
    answer = _stored(customer, sent, number, at)
    yield _call(
        customer,
        at + timedelta(milliseconds=249),
        "POST",
        "/scim/v2/Users",
        201,
        request=sent | {"password": "[redacted]", "groups": []},
        response=answer,
        subject=sent["userName"],
        resource_id=answer["id"],
        duration=chance.randint(1800, 9500),
        remarks=(
            Remark("password-ignored", "Okta's random password was read and thrown away."),
            Remark("attribute-ignored", "groups was empty, as Okta always sends it, and ignored."),
        )
        if number % 6 == 0
        else (),
    )


def _update(
    customer: Customer,
    person: tuple[str, str, str, str],
    number: int,
    at: datetime,
    chance: random.Random,
    round_: int,
) -> Iterator[Call]:
    sent = user(customer, person, number)
    answer = _stored(customer, sent, number, at)
    path = f"/scim/v2/Users/{answer['id']}"
    common = {"subject": sent["userName"], "resource_id": answer["id"]}
    yield _call(
        customer,
        at,
        "GET",
        path,
        200,
        response=answer,
        duration=chance.randint(400, 1800),
        **common,
    )
    changed = answer | {"title": f"Senior {person[2].lower()}" if round_ % 2 else person[2]}
    yield _call(
        customer,
        at + timedelta(milliseconds=180),
        "PUT",
        path,
        200,
        request=changed,
        response=changed,
        duration=chance.randint(1500, 12_000),
        **common,
    )


def _deactivate(
    customer: Customer,
    person: tuple[str, str, str, str],
    number: int,
    at: datetime,
    chance: random.Random,
) -> Iterator[Call]:
    sent = user(customer, person, number)
    answer = _stored(customer, sent, number, at) | {"active": False}
    yield _call(
        customer,
        at,
        "PATCH",
        f"/scim/v2/Users/{answer['id']}",
        200,
        request={
            "schemas": [PATCH],
            "Operations": [{"op": "replace", "value": {"active": False}}],
        },
        response=answer,
        subject=sent["userName"],
        resource_id=answer["id"],
        duration=chance.randint(1500, 6000),
        remarks=(
            Remark("patch-without-path", "The operation had no path: its value was merged in."),
        ),
    )


def _conflict(customer: Customer, at: datetime, chance: random.Random) -> Call:
    sent = user(customer, ("Ana", "Lee", "Nurse", "Emergency"), 40)
    sent["phoneNumbers"][0]["value"] = "+44770090010"
    error = ScimError(
        409,
        'phoneNumbers[type eq "mobile"].value "+44770090010" already belongs to '
        "ann.lee@northwind.example. Give this person a number of their own in Okta.",
        "uniqueness",
    )
    return _call(
        customer,
        at,
        "POST",
        "/scim/v2/Users",
        409,
        request=sent | {"password": "[redacted]", "groups": []},
        response=error.body(),
        subject=sent["userName"],
        duration=chance.randint(900, 3000),
    )


def _bad_locale(customer: Customer, at: datetime, chance: random.Random) -> Call:
    sent = user(customer, PEOPLE[9], 41) | {"locale": "English (UK)"}
    error = ScimError(
        400,
        'locale "English (UK)" is not a BCP 47 language tag. Map it to a value such as "en-GB".',
        "invalidValue",
    )
    return _call(
        customer,
        at,
        "POST",
        "/scim/v2/Users",
        400,
        request=sent,
        response=error.body(),
        subject=sent["userName"],
        duration=chance.randint(900, 3000),
    )


def _refused(at: datetime, detail: str) -> Call:
    return _call(
        None,
        at,
        "GET",
        "/scim/v2/Users",
        401,
        query="startIndex=1&count=2",
        response=ScimError(401, detail).body(),
        duration=300,
    )


def _stored(customer: Customer, sent: dict[str, Any], number: int, at: datetime) -> dict[str, Any]:
    identifier = user_id(customer, number)
    meta = {
        "resourceType": "User",
        "created": timestamp(at),
        "lastModified": timestamp(at),
        "location": f"https://scim.{customer.domain}/scim/v2/Users/{identifier}",
        "version": 'W/"1"',
    }
    return {"id": identifier} | sent | {"meta": meta}


def _listed(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemas": [LIST],
        "totalResults": len(resources),
        "startIndex": 1,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _call(
    customer: Customer | None,
    at: datetime,
    method: str,
    path: str,
    status: int,
    *,
    query: str = "",
    request: dict[str, Any] | None = None,
    response: dict[str, Any],
    subject: str = "",
    resource_id: str = "",
    duration: int,
    remarks: tuple[Remark, ...] = (),
) -> Call:
    headers = [
        ("Accept", "application/scim+json"),
        ("Accept-Charset", "utf-8"),
        ("Accept-Encoding", "gzip,deflate"),
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Authorization", "Bearer [redacted]"),
        ("Host", f"scim.{customer.domain if customer else 'northwind.example'}"),
        ("Connection", "Keep-Alive"),
    ]
    body = orjson.dumps(request) if request else b""
    if body:
        headers.append(("Content-Type", "application/scim+json; charset=utf-8"))
        headers.append(("Content-Length", str(len(body))))
    answer = orjson.dumps(response)
    return Call(
        at=round(at.timestamp() * 1_000_000),
        duration=duration,
        peer="52.21.14.87",
        organization_id=customer.organization.id if customer else None,
        token_id=customer.token_id if customer else None,
        token_label=customer.token_label if customer else "",
        method=method,
        path=path,
        query=query,
        status=status,
        request_headers=tuple(headers),
        request_body=body,
        response_headers=(
            ("Content-Type", "application/scim+json"),
            ("Content-Length", str(len(answer))),
            ("Date", at.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        ),
        response_body=answer,
        subject=subject,
        resource_id=resource_id,
        remarks=remarks,
    )
