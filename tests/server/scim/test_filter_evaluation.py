"""What filters mean."""

import pytest

from server.scim.filters.evaluation import matches
from server.scim.filters.parser import parse_filter
from tests.server.scim.samples import CORE, ENTERPRISE, USER, jensen

RESOURCE = {
    "id": "2819c223",
    **jensen(),
    "nickName": "",
    "photos": [],
    "meta": {"resourceType": "User", "created": "2026-11-23T18:48:00.123Z"},
}


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "BJENSEN@example.com"',
        'userName sw "bj" and userName ew ".COM" and userName co "ensen@"',
        'externalId eq "00u1"',
        "title pr",
        'nickName ne "x"',
        "nickName eq null",
        'nickName eq ""',
        "not (photos pr)",
        'emails eq "babs@jensen.org"',
        'emails.type eq "home"',
        'emails[type eq "work" and primary eq true]',
        'emails ne "someone@else"',
        "emails.primary ne null",
        'addresses[country eq "us"]',
        'title gt "tour" and title lt "zzz"',
        'title ge "TOUR GUIDE" and title le "tour guide"',
        'meta.created ge "2026-11-23T18:48:00.123Z" and meta.created lt "2026-11-24"',
        'meta.created sw "2026-11"',
        f'{ENTERPRISE}:department eq "tour operations"',
        f'{ENTERPRISE}:manager eq "26118915"',
        f'schemas eq "{CORE}"',
        'schemas[value ew "core:2.0:User"]',
        "active eq true",
        "active ne false",
    ],
)
def test_matches(text: str) -> None:
    assert matches(parse_filter(text, USER), RESOURCE)


@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "00U1"',
        "nickName pr",
        "photos pr",
        'nickName co "x"',
        'nickName gt "a"',
        'emails ne "BABS@jensen.org"',
        'emails[type eq "home" and primary eq true]',
        'emails[type eq "other"]',
        "title eq null",
        "emails.primary eq null",
        "active eq false",
        f'{ENTERPRISE}:costCenter eq "x"',
        'meta.created gt "2026-11-23T18:48:00.123Z"',
    ],
)
def test_does_not_match(text: str) -> None:
    assert not matches(parse_filter(text, USER), RESOURCE)
