"""Measures a preflight: everybody through the mappings and Blink's rules.

    python -m tests.benchmarks.preflight [--people 100000] [--provisioned 0]

20 rows and the username, six of them expressions. ``--provisioned`` puts that many of the people
into the directory first, whom Okta would find and update. What is measured runs in this process;
the peak of its memory includes the people.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from main import open_okta
from server.blink.identity import keys_of
from server.blink.users import serialised
from server.okta.mapping import preflight
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.evaluation import compile_mappings
from server.okta.mapping.rows import MappingRow, MappingSet, ValueKind
from server.okta.people import BASE_SCHEMA, Person, Population, made_id
from storage.database import open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

EXPRESSIONS = {
    "nickName": 'String.substringBefore(user.email, "@")',
    "description": 'user.title == null ? "" : user.title + ", " + user.city',
    "timezone": 'user.countryCode == "GB" ? "Europe/London" : "Europe/Berlin"',
    "userType": "String.toUpperCase(String.substring(user.department, 0, 3))",
}


def people(number: int) -> list[Person]:
    """Return people, every hundredth of whom shares a mobile number with the one before."""
    made = []
    for n in range(number):
        login = f"person.{n}@acme.example"
        profile = {
            "login": login,
            "email": login,
            "firstName": f"First{n}",
            "lastName": f"Last{n % 5000}",
            "displayName": f"First{n} Last{n % 5000}",
            "mobilePhone": f"+4477{n - (n % 100 == 99):08}",
            "primaryPhone": f"+4420{n:08}",
            "title": f"Title {n % 300}",
            "locale": "en_GB",
            "department": f"Department {n % 100}",
            "employeeNumber": str(n),
            "managerId": made_id(f"person.{n // 20}@acme.example"),
            "organization": "Acme",
            "city": f"City {n % 50}",
            "countryCode": "GB",
            "costCenter": str(n % 40),
        }
        made.append(Person(made_id(login), profile))
    return made


def mappings() -> MappingSet:
    """Return Okta's default mappings with further ones, 20 in all."""
    wanted = DEFAULT_MAPPINGS
    for variable, expression in EXPRESSIONS.items():
        wanted = wanted.mapped(MappingRow(variable, ValueKind.EXPRESSION, expression))
    wanted = wanted.mapped(MappingRow("costCenter", ValueKind.PROFILE, "costCenter"))
    return wanted.mapped(MappingRow("preferredLanguage", ValueKind.SAME, "en"))


def provision(directory: UserDirectory, organization_id: int, persons: list[Person]) -> None:
    """Put people into the directory as they would be after an earlier provisioning."""
    with directory.write():
        for person in persons:
            profile = person.profile
            document = {
                "schemas": [USER, ENTERPRISE],
                "userName": profile["login"],
                "name": {"givenName": profile["firstName"], "familyName": profile["lastName"]},
                "emails": [{"value": profile["email"], "type": "work", "primary": True}],
                "active": True,
                ENTERPRISE: {"employeeNumber": profile["employeeNumber"]},
            }
            directory.insert_user(
                organization_id,
                person.id,
                serialised(document),
                keys_of(document),
                "2026-11-23T18:48:00.123Z",
            )
    directory.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--provisioned", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_directory(Path(folder) / "desk.db")
        organization = OrganizationStore(database).create("Acme")
        persons = people(options.people)
        provision(UserDirectory(database), organization.id, persons[: options.provisioned])
        population = Population(BASE_SCHEMA, persons)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        compiled = compile_mappings(mappings(), BASE_SCHEMA.names)
        judge = open_okta(database).judge(organization)
        begun = time.perf_counter()
        report = preflight.run(population, compiled, judge)
        seconds = time.perf_counter() - begun
        database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = len(compiled.rows) - 1
    print(f"{report.checked:,} people x {rows} mappings: {seconds:.1f} s")
    print(f"peak memory: {peak / 1024:.0f} MB, of which before the run {before / 1024:.0f} MB")
    print(f"outcomes: {dict(report.outcomes)}, {len(report.findings)} findings")


if __name__ == "__main__":
    main()
