"""A working day of three customers, played by Okta to the real application."""

import random
from datetime import datetime, timedelta
from typing import Any

from gui.services import Services
from server.calls.call import Call
from storage.database import Database
from storage.tokens import TokenStore
from tests.gui.okta_client import OktaClient

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
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
        self.token = ""


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


class OktaDay:
    """Sends what Okta sends from the set-up in the morning on; ``calls`` is what was recorded."""

    def __init__(
        self,
        database: Database,
        tokens: TokenStore,
        now: datetime,
        northwind: Customer,
        harbour: Customer,
        oresund: Customer,
    ) -> None:
        self._okta = OktaClient(database, tokens, now - timedelta(hours=6))
        self._chance = random.Random(7)
        self._now = now
        self._northwind = northwind
        self._harbour = harbour
        self._oresund = oresund
        self._ids: dict[str, str] = {}
        self._staff = set(range(len(PEOPLE)))

    @property
    def calls(self) -> list[Call]:
        """What the application recorded, oldest first."""
        return self._okta.calls

    def play(self) -> None:
        """Let the day pass."""
        self._set_up()
        self._provision_all()
        self._work(until=self._now - timedelta(minutes=14))
        self._go_wrong()

    def test_again(self) -> None:
        """Test the connection of the first customer, a second later."""
        self._okta.wait(seconds=1)
        self.test_connection(self._northwind)

    def test_connection(self, customer: Customer, token: str = "") -> None:
        """Send what Test API Credentials sends."""
        self._request(customer, "GET", "Users", token=token, startIndex=1, count=2)

    def _set_up(self) -> None:
        pasted = self._northwind.token
        self.test_connection(self._northwind, pasted[: len(pasted) // 2])
        self._okta.wait(seconds=40)
        self.test_connection(self._northwind)

    def _provision_all(self) -> None:
        for number, person in enumerate(PEOPLE):
            self._okta.wait(seconds=self._chance.randint(30, 150), milliseconds=17 * number)
            self._provision(self._northwind, user(self._northwind, person, number))
        self.test_connection(self._harbour)
        for number, person in enumerate(PEOPLE[:5]):
            self._okta.wait(seconds=self._chance.randint(20, 80))
            self._provision(self._harbour, user(self._harbour, person, number))
        self._import(self._harbour)
        self._push_group()

    def _provision(self, customer: Customer, sent: dict[str, Any]) -> None:
        """Look for a person, and create whom the look-up did not find."""
        query = {"filter": f'userName eq "{sent["userName"]}"', "startIndex": 1, "count": 100}
        found = self._request(customer, "GET", "Users", **query)
        self._okta.wait(milliseconds=249)
        if found["totalResults"]:
            identifier = found["Resources"][0]["id"]
            self._request(customer, "PUT", f"Users/{identifier}", sent | {"id": identifier})
        else:
            body = sent | {"groups": [], "password": "gl^m&qWZ"}
            created = self._request(customer, "POST", "Users", body)
            identifier = created.get("id", "")
        self._ids[sent["userName"]] = identifier

    def _update(self, customer: Customer, number: int, **changes: Any) -> None:
        """Push a profile: Okta reads it, and sends all of it back."""
        identifier = self._identifier(customer, number)
        stored = self._request(customer, "GET", f"Users/{identifier}")
        self._okta.wait(milliseconds=180)
        self._request(customer, "PUT", f"Users/{identifier}", stored | changes)

    def _work(self, until: datetime) -> None:
        """Change titles and departments, let some leave and come back."""
        length = (until - self._okta.at) / 76
        for step in range(76):
            self._okta.wait(seconds=length.total_seconds() * self._chance.uniform(0.4, 1.5))
            if self._okta.at >= until:
                break
            number = self._chance.choice(sorted(self._staff))
            _, _, title, department = PEOPLE[number]
            senior = f"Senior {title[0].lower()}{title[1:]}"
            if step in (20, 41, 63):
                self._switch(self._northwind, 3 if step == 20 else number, active=False)
            elif step == 52:
                self._switch(self._northwind, 3, active=True)
            elif step % 9 == 4:
                self.test_connection(self._northwind)
            elif step % 5 == 2:
                moved = {
                    "department": f"{department} North",
                    "employeeNumber": f"E-{1040 + number}",
                }
                self._update(self._northwind, number, **{ENTERPRISE: moved})
            else:
                self._update(self._northwind, number, title=senior if step % 2 else title)

    def _switch(self, customer: Customer, number: int, *, active: bool) -> None:
        (self._staff.add if active else self._staff.discard)(number)
        operations = [{"op": "replace", "value": {"active": active}}]
        body = {"schemas": [PATCH], "Operations": operations}
        self._request(customer, "PATCH", f"Users/{self._identifier(customer, number)}", body)

    def _import(self, customer: Customer) -> None:
        self._okta.wait(minutes=2)
        for start in (1, 101):
            self._request(customer, "GET", "Users", startIndex=start, count=100)
            self._okta.wait(milliseconds=320)

    def _push_group(self) -> None:
        customer = self._oresund
        self.test_connection(customer)
        for number, person in enumerate(PEOPLE[10:13]):
            self._okta.wait(seconds=4)
            self._provision(customer, user(customer, person, number))
        self._okta.wait(seconds=30)
        name = "Drivers Malmö"
        query = {"filter": f'displayName eq "{name}"', "startIndex": 1, "count": 100}
        self._request(customer, "GET", "Groups", **query)
        self._okta.wait(milliseconds=210)
        group = {"schemas": [GROUP], "displayName": name, "members": []}
        created = self._request(customer, "POST", "Groups", group)
        members = [
            {"value": self._identifier(customer, number, 10), "display": None}
            for number in range(3)
        ]
        self._okta.wait(milliseconds=300)
        operations = [{"op": "add", "path": "members", "value": members}]
        body = {"schemas": [PATCH], "Operations": operations}
        self._request(customer, "PATCH", f"Groups/{created['id']}", body)

    def _go_wrong(self) -> None:
        """End the day with what support is called for."""
        northwind, okta = self._northwind, self._okta
        okta.at = self._now - timedelta(minutes=11, seconds=7)
        newcomer = user(northwind, ("Isla", "Grant", "Nurse", "Emergency"), 41)
        self._provision(northwind, newcomer | {"locale": "English (UK)"})
        okta.at = self._now - timedelta(minutes=7, seconds=31)
        self._switch(northwind, 4, active=False)
        okta.at = self._now - timedelta(minutes=5, seconds=2)
        self._request(northwind, "GET", "Users/me", agent="curl/8.10.1", peer="10.4.0.18")
        okta.at = self._now - timedelta(minutes=2, seconds=16)
        self._switch(northwind, 3, active=False)
        okta.at = self._now - timedelta(seconds=71)
        newcomer = user(northwind, ("Ana", "Lee", "Nurse", "Emergency"), 40)
        newcomer["phoneNumbers"][0]["value"] = user(northwind, PEOPLE[0], 0)["phoneNumbers"][0][
            "value"
        ]
        self._provision(northwind, newcomer)
        okta.at = self._now - timedelta(seconds=48)
        self.test_connection(northwind)

    def _identifier(self, customer: Customer, number: int, first: int = 0) -> str:
        return self._ids[user(customer, PEOPLE[first + number], number)["userName"]]

    def _request(
        self, customer: Customer, method: str, path: str, body: Any = None, **options: Any
    ) -> Any:
        token = options.pop("token", "") or customer.token
        host = f"scim.{customer.domain}"
        return self._okta.request(token, method, path, body, host=host, **options)
