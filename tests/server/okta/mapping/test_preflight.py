import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from main import RESOURCES, open_okta
from server.blink.directory import Organization
from server.blink.identity import keys_of
from server.blink.users import serialised
from server.okta.mapping import preflight
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.findings import (
    MOST_CAUSES,
    Case,
    Finding,
    Findings,
    Report,
    compare,
    report_from_json,
    report_json,
)
from server.okta.mapping.reports import COLUMNS, report_csv, report_html, report_text
from server.okta.mapping.rows import MappingSet, UsernameFormat, UsernameKind, ValueKind
from server.okta.mapping.rules import REFUSED, Severity
from server.okta.people import Person, shipped_samples
from storage.database import open_directory
from storage.directory import UserDirectory
from storage.organizations import OrganizationStore
from tests.server.okta.mapping.people import compiled, person, population, with_row

NOW = "2026-11-23T18:48:00.123Z"


class Blink:
    """A directory with one organization."""

    def __init__(self, folder: Path) -> None:
        self.database = open_directory(folder / "desk.db")
        self.okta = open_okta(self.database)
        self.organization: Organization = OrganizationStore(self.database).create("Acme")

    def check(
        self, *people: Person, mappings: MappingSet = DEFAULT_MAPPINGS, **more: Any
    ) -> Report:
        judge = self.okta.judge(self.organization)
        return preflight.run(population(*people), compiled(mappings), judge, **more)


@pytest.fixture
def blink(tmp_path: Path) -> Any:
    blink = Blink(tmp_path)
    yield blink
    blink.database.close()


def found(report: Report) -> dict[tuple[str, str], set[str]]:
    """The findings: rule and attribute, and the names of the people."""
    return {
        (each.rule, each.variable): {login_names[p] for p in each.people}
        for each in report.findings
        if each.severity is not Severity.NOTE
    }


login_names: dict[str, str] = {}


def called(name: str, **profile: Any) -> Person:
    someone = person(name, **profile)
    login_names[someone.id] = name
    return someone


def test_people_without_fault_would_be_created(blink: Blink) -> None:
    report = blink.check(called("ann"), called("bob"))
    assert report.passed
    assert report.outcomes == {"created": 2}
    assert found(report) == {}


def test_what_people_share_is_found_as_blink_compares_it(blink: Blink) -> None:
    report = blink.check(
        called("ann", mobilePhone="+44 7700 900123", employeeNumber="a1"),
        called("bob", mobilePhone="0044 (7700) 900-123", email="Ann@ACME.example"),
        called("cid", employeeNumber="A1"),
        called("dan"),
    )
    assert found(report) == {
        ("mobile-shared", "mobilePhone"): {"ann", "bob"},
        ("email-shared", "email"): {"ann", "bob"},
        ("employee-number-shared", "employeeNumber"): {"ann", "cid"},
        ("mobile-not-international", "mobilePhone"): {"bob"},
    }
    assert report.failing == 2


def test_usernames_that_collide_are_found(blink: Blink) -> None:
    mappings = replace(
        DEFAULT_MAPPINGS, username=UsernameFormat(UsernameKind.CUSTOM, "user.firstName")
    )
    people = (called("ann"), called("bob", firstName="ANN"), called("cid", firstName="Ann"))
    assert found(blink.check(*people, mappings=mappings)) == {
        ("username-shared", "userName"): {"ann", "bob", "cid"}
    }


def test_refusals_are_grouped_by_their_cause_and_name_the_row(blink: Blink) -> None:
    report = blink.check(called("ann", locale="x y"), called("bob", locale="!!"), called("cid"))
    (finding,) = (each for each in report.findings if each.rule == "refused")
    assert finding.people == (person("ann").id, person("bob").id)
    assert (finding.variable, finding.mapping) == (
        "locale",
        'String.replace(user.locale, "_", "-")',
    )
    assert finding.text == "locale … is not a language tag."
    assert finding.cure.startswith("Blink wants BCP 47")
    assert '"x y"' in finding.example
    assert not report.passed
    assert report.outcomes == {"refused": 2, "created": 1}


def test_whom_blink_has_already_would_be_found_linked_or_refused(blink: Blink) -> None:
    directory = UserDirectory(blink.database)
    other = OrganizationStore(blink.database).create("Other")

    def add(organization: Organization, name: str, *, provisioned: bool) -> None:
        email = f"{name}@acme.example"
        document = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": email if provisioned else f"old-{name}",
            "emails": [{"value": email, "type": "work"}],
            "active": True,
        }
        keys = keys_of(document)
        with directory.write():
            if provisioned:
                directory.insert_user(organization.id, name, serialised(document), keys, NOW)
            else:
                directory.add_account(organization.id, serialised(document), keys)
        directory.commit()

    add(blink.organization, "ann", provisioned=True)
    add(blink.organization, "bob", provisioned=False)
    add(other, "cid", provisioned=True)
    report = blink.check(called("ann"), called("bob"), called("cid"), called("dan"))
    assert report.outcomes == {"updated": 1, "linked": 1, "refused": 1, "created": 1}
    rules = {each.rule: {login_names[p] for p in each.people} for each in report.findings}
    assert (
        rules.items()
        >= {"already-there": {"ann"}, "would-link": {"bob"}, "refused": {"cid"}}.items()
    )
    assert next(e for e in report.findings if e.rule == "refused").variable == "userName"


def test_problems_of_okta_s_side_are_found_beside_blink_s(blink: Blink) -> None:
    mappings = with_row("title", ValueKind.EXPRESSION, "user.isContractor ? 'a' : 'b'")
    mappings = with_row("location", ValueKind.PROFILE, "skills", mappings)
    report = blink.check(
        called("ann", locale="!!", isContractor=True, skills=["a"]),
        called("bob"),
        called("cid", login=None, isContractor=True),
        mappings=mappings,
    )
    assert found(report) == {
        ("refused", "locale"): {"ann"},
        ("value-misfit", "location"): {"ann"},
        ("expression-fails", "title"): {"bob"},
        ("no-value", "userName"): {"cid"},
    }
    assert report.outcomes == {"not sent": 3}


def test_people_who_are_hard_to_reach_or_to_name_are_found(blink: Blink) -> None:
    nameless = called("ann", firstName=None, lastName=None)
    unreachable = called("bob", email=None, managerId="boss@acme.example")
    assert found(blink.check(nameless, unreachable)) == {
        ("name-missing", ""): {"ann"},
        ("contact-missing", ""): {"bob"},
        ("manager-is-an-email", "managerValue"): {"bob"},
    }


def test_who_is_deactivated_in_okta_is_not_checked(blink: Blink) -> None:
    gone = replace(called("ann", email="bob@acme.example"), status="DEPROVISIONED")
    report = blink.check(gone, called("bob"))
    assert report.passed
    assert {each.rule for each in report.findings} == {"not-active", "ignored-by-blink"}


def test_a_run_tells_its_progress_and_can_be_given_up(blink: Blink) -> None:
    people = [called(f"p{n}") for n in range(preflight.STEP * 2 + 10)]
    told: list[tuple[int, int]] = []
    blink.check(*people, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 510), (250, 510), (500, 510), (510, 510)]
    answers = iter((False, True))
    report = blink.check(*people, cancelled=lambda: next(answers))
    assert (report.checked, report.people, report.cancelled) == (250, 510, True)


def test_a_username_that_ends_in_half_a_character_breaks_nothing(blink: Blink) -> None:
    half = UsernameFormat(UsernameKind.CUSTOM, "String.substring(user.nickName, 0, 1)")
    mappings = replace(DEFAULT_MAPPINGS, username=half)
    report = blink.check(
        called("ann", nickName="😀"), called("bob", nickName="😀"), mappings=mappings
    )
    assert found(report) == {("username-shared", "userName"): {"ann", "bob"}}


def test_nothing_is_written(blink: Blink) -> None:
    blink.check(called("ann"))
    assert UserDirectory(blink.database).users(blink.organization.id, None, 1, 10).total == 0


def test_the_shipped_samples_show_each_kind_of_finding(blink: Blink) -> None:
    samples = shipped_samples(RESOURCES)
    judge = blink.okta.judge(blink.organization)
    report = preflight.run(samples, compiled(DEFAULT_MAPPINGS), judge)
    assert {"email-shared", "mobile-shared", "refused", "name-missing"} <= {
        each.rule for each in report.findings
    }
    assert [each.severity for each in report.findings] == sorted(
        (each.severity for each in report.findings), key=list(Severity).index
    )


def finding(rule: str, *people: str, **more: Any) -> Finding:
    usual = Finding(
        rule, Severity.ERROR, "title", "", "It is wrong.", "Cure.", "user.x", "", people
    )
    return replace(usual, **more)


def report_of(*findings: Finding) -> Report:
    return Report(3, 3, {"created": 3}, findings, len(findings))


def test_a_later_run_tells_what_was_fixed_and_what_is_new() -> None:
    before = report_of(finding("a", "1", "2"), finding("b", "1"))
    after = report_of(finding("a", "2", "3", "4"), finding("c", "1"))
    assert [(d.finding.rule, d.people, d.fixed, d.new) for d in compare(before, after)] == [
        ("a", 3, 1, 2),
        ("c", 1, 0, 1),
        ("b", 0, 1, 0),
    ]
    assert "error: 3 people (1 fixed, 2 new), title (user.x): It is wrong." in report_text(
        after, before
    )


def test_a_report_reads_back_from_json(blink: Blink) -> None:
    report = blink.check(called("ann", locale="!!"), called("bob"))
    assert report_from_json(report_json(report)) == report


def test_causes_beyond_what_a_person_reads_are_put_together() -> None:
    findings = Findings({}, lambda variable: "")
    for number in range(MOST_CAUSES + 50):
        findings.add(str(number), Case(REFUSED, "x", f"cause {number}", f"Cause {number}."))
    listed = findings.sorted()
    assert len(listed) == MOST_CAUSES + 1
    assert listed[0].cause == "other"
    assert len(listed[0].people) == 50


def test_the_csv_has_a_line_for_each_person_and_no_formula() -> None:
    report = report_of(finding("a", "1", "2"), finding("b", "1", text="=1+1"))
    text = report_csv(report, lambda person_id: (f"Näme, {person_id}", "@login"))
    first, *lines = csv.reader(io.StringIO(text))
    assert tuple(first) == COLUMNS
    assert lines[0][:5] == ["error", "a", "title", "user.x", "It is wrong."]
    assert lines[0][5:] == ["Cure.", "1", "Näme, 1", "'@login"]
    assert [line[4] for line in lines] == ["It is wrong.", "It is wrong.", "'=1+1"]


def test_the_html_page_needs_no_other_file_and_escapes_what_it_shows() -> None:
    people = tuple(str(n) for n in range(150))
    report = report_of(finding("a", *people, text="<b>bold</b>", example="An example"))
    template = (RESOURCES / "templates" / "preflight.html").read_text(encoding="utf-8")
    page = report_html(report, template, lambda n: (f"<i>{n}</i>", ""), "A & Co", "today")
    assert "A &amp; Co" in page
    assert "&lt;b&gt;bold" in page
    assert "<i>" not in page
    assert "and 50 more" in page
    assert "An example" in page
    for reference in ("http:", "https:", "src=", "url("):
        assert reference not in page
