"""Stores as a busy support desk has them: tokens in all states, users, some hundred calls."""

from datetime import datetime, timedelta

from gui.services import Services
from server.blink.custom_attributes import CustomAttribute
from server.scim.times import timestamp
from tests.gui.okta_day import Customer, OktaDay
from tests.gui.running import Backstage, Clock

ATTRIBUTES = (
    CustomAttribute("startDate", "First day", "date", description="When the person begins"),
    CustomAttribute("contract", "Contract", "choice", ("Permanent", "Fixed term", "Agency")),
    CustomAttribute("badgeName", "Name on the badge", "text"),
)
"""What Northwind adds to the profiles of its people."""


def fill(backstage: Backstage, services: Services, clock: Clock) -> OktaDay:
    """Fill empty stores and return the day of calls that is in them."""
    now = clock.now
    clock.now = now - timedelta(days=120)
    northwind = Customer(services, "Northwind Health", "northwind.example")
    harbour = Customer(services, "Harbour Hotels & Spa", "harbour.example", active_by_default=True)
    oresund = Customer(services, "Öresund Logistics", "oresund.example", group_push=True)
    for attribute in ATTRIBUTES:
        services.custom_attributes.add(northwind.organization.id, attribute)
    _add_tokens(services, northwind, clock, now)
    _add_tokens(services, harbour, clock, now, few=True)
    _add_tokens(services, oresund, clock, now, few=True)
    clock.now = now
    day = OktaDay(backstage.directory, services.tokens, now, northwind, harbour, oresund)
    day.play()
    backstage.record(*day.calls)
    return day


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
        issued = tokens.create(organization_id, label, lifetime)
        record = issued.record
        if used:
            tokens.touch(record.id, timestamp(used), "52.21.14.87")
        if "closed" in label:
            clock.now = now - 90 * day
            tokens.revoke(record.id)
        if label == "Okta production":
            customer.token = issued.text
