"""Stores as a busy support desk has them: tokens in all states, users, some hundred calls."""

from datetime import datetime, timedelta

import orjson

from gui.services import Services
from server.blink.custom_attributes import CustomAttribute
from server.blink.directory import UserKeys
from server.scim.times import timestamp
from storage.database import Database
from storage.directory import UserDirectory
from tests.gui.okta_day import ENTERPRISE, PEOPLE, Customer, day_of_calls, user, user_id
from tests.gui.running import Backstage, Clock

ATTRIBUTES = (
    CustomAttribute("startDate", "First day", "date", description="When the person begins"),
    CustomAttribute("contract", "Contract", "choice", ("Permanent", "Fixed term", "Agency")),
    CustomAttribute("badgeName", "Name on the badge", "text"),
)
"""What Northwind adds to the profiles of its people."""


def fill(backstage: Backstage, services: Services, clock: Clock) -> Customer:
    """Fill empty stores and return the customer with the most to see."""
    now = clock.now
    clock.now = now - timedelta(days=120)
    northwind = Customer(services, "Northwind Health", "northwind.example")
    harbour = Customer(services, "Harbour Hotels & Spa", "harbour.example", active_by_default=True)
    Customer(services, "Öresund Logistics", "oresund.example", group_push=True)
    for attribute in ATTRIBUTES:
        services.custom_attributes.add(northwind.organization.id, attribute)
    _add_tokens(services, northwind, clock, now)
    _add_tokens(services, harbour, clock, now, few=True)
    clock.now = now
    _add_users(backstage.directory, northwind, now)
    _add_users(backstage.directory, harbour, now, count=5)
    backstage.record(*day_of_calls(northwind, harbour, now))
    return northwind


def _add_tokens(
    services: Services, customer: Customer, clock: Clock, now: datetime, few: bool = False
) -> None:
    day = timedelta(days=1)
    tokens = services.tokens
    organization_id = customer.organization.id
    plan: tuple[tuple[str, int, timedelta | None, datetime | None], ...] = (
        ("Okta trial (closed)", 118, None, now - 91 * day),
        ("Okta sandbox", 100, 90 * day, now - 12 * day),
        ("Okta staging", 82, 90 * day, now - timedelta(hours=5)),
        ("Okta production", 20, 365 * day, now - timedelta(seconds=48)),
        ("Entra pilot", 1, 30 * day, None),
    )
    for label, age, lifetime, used in plan[3:4] if few else plan:
        clock.now = now - age * day
        record = tokens.create(organization_id, label, lifetime).record
        if used:
            tokens.touch(record.id, timestamp(used), "52.21.14.87")
        if "closed" in label:
            clock.now = now - 90 * day
            tokens.revoke(record.id)
        if label == "Okta production":
            customer.token_id, customer.token_label = record.id, label


def _add_users(database: Database, customer: Customer, now: datetime, count: int = 16) -> None:
    directory = UserDirectory(database)
    for number, person in enumerate(PEOPLE[:count]):
        document = user(customer, person, number)
        active = number % 5 != 3
        keys = UserKeys(
            user_name=document["userName"],
            external_id=document["externalId"],
            work_email=document["userName"],
            mobile=document["phoneNumbers"][0]["value"],
            employee_number=document[ENTERPRISE]["employeeNumber"],
            active=active,
            emails=(document["userName"],),
        )
        body = orjson.dumps(document | {"active": active})
        with directory.write():
            directory.insert_user(
                customer.organization.id, user_id(customer, number), body, keys, timestamp(now)
            )
        directory.commit()
