"""``preview`` and ``preflight`` as scripts use them."""

import json
import stat
from pathlib import Path

import pytest

from main import main
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.forms import to_json
from server.okta.mapping.rows import MappingRow, ValueKind
from storage.database import open_directory
from storage.mappings import MappingStore
from storage.organizations import OrganizationStore
from tests.desk import Desk

GOOD = """login,firstName,lastName,mobilePhone
ann@acme.example,Ann,Lee,+447700900123
bob@acme.example,Bob,Ray,+447700900124
"""
BAD = GOOD + "cid@acme.example,Cid,Fox,+44 7700 900124\n,No,Login,\n"


class Command:
    """Runs commands in this process, on a database of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.database = folder / "data" / "desk.db"
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        status = main([str(word) for word in (*words, "--database", self.database)])
        output = self._capsys.readouterr()
        return status, output.out, output.err

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def test_a_preview_shows_values_body_and_what_blink_would_do(run: Command) -> None:
    people = run.file("people.csv", GOOD)
    status, output, _ = run("preview", "--person", "ann lee", "--people", people)
    assert status == 0
    lines = output.splitlines()
    assert any(line.split() == ["givenName", '"Ann"', "Create", "and", "update"] for line in lines)
    assert any(line.split()[:2] == ["title", "null"] for line in lines)
    assert any(line.split() == ["description", "Not", "mapped"] for line in lines)
    assert '"userName": "ann@acme.example"' in output
    assert "Blink would create the user." in output
    assert not run.database.exists()


def test_a_preview_as_json_tells_of_errors(run: Command) -> None:
    people = run.file("people.csv", GOOD)
    wrong = DEFAULT_MAPPINGS.mapped(MappingRow("title", ValueKind.EXPRESSION, "user.titel"))
    mapping = run.file("mappings.json", json.dumps(to_json(wrong)))
    words = ("preview", "--person", "bob@acme.example", "--people", people, "--mapping", mapping)
    status, output, _ = run(*words, "--json")
    assert status == 1
    preview = json.loads(output)
    (title,) = (each for each in preview["attributes"] if each["variable"] == "title")
    assert title["error"] == "Invalid property titel in expression user.titel"
    assert title["applyOn"] == "Create and update"
    assert preview["method"] == "POST"
    assert preview["blink"]["outcome"] == "created"
    assert preview["passed"] is False


def test_okta_s_form_of_mappings_is_taken_too(run: Command) -> None:
    people = run.file("people.csv", GOOD)
    document = {"properties": {"title": {"expression": '"Nurse"', "pushStatus": "PUSH"}}}
    mapping = run.file("okta.json", json.dumps(document))
    words = ("preview", "--person", "ann", "--people", people, "--mapping", mapping, "--json")
    status, output, _ = run(*words)
    assert status == 0
    assert json.loads(output)["body"]["title"] == "Nurse"


def test_a_preview_needs_one_person(run: Command) -> None:
    people = run.file("people.csv", GOOD)
    for name, told in (("nobody", 'Nobody is called "nobody"'), ("acme", "Several people")):
        status, output, errors = run("preview", "--person", name, "--people", people)
        assert (status, output) == (1, "")
        assert told in errors


def test_a_preflight_of_good_people_passes(run: Command) -> None:
    status, output, _ = run("preflight", "--people", run.file("people.csv", GOOD))
    assert status == 0
    assert output.endswith("2 people checked: 2 created. Nobody would be refused.\n")


def test_a_preflight_groups_what_it_finds(run: Command) -> None:
    people = run.file("people.csv", BAD)
    status, output, errors = run("preflight", "--people", people)
    assert status == 1
    assert "error: 2 people, mobilePhone (user.mobilePhone): Several people" in output
    assert "people.csv, row 5:" in errors
    status, output, _ = run("preflight", "--people", people, "--json")
    report = json.loads(output)
    assert status == 1
    assert report["failing"] == 2
    assert report["findings"][0]["rule"] == "mobile-shared"
    assert report["findings"][0]["count"] == 2


def test_a_preflight_writes_files_that_nobody_else_reads(run: Command) -> None:
    people = run.file("people.csv", BAD)
    table, page = run.folder / "out.csv", run.folder / "out.html"
    run("preflight", "--people", people, "--csv", table, "--html", page)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (table, page)} == {0o600}
    assert "bob@acme.example" in table.read_text(encoding="utf-8-sig")
    assert "Preflight: people.csv" in page.read_text(encoding="utf-8")


def test_without_a_file_the_samples_are_checked(run: Command) -> None:
    status, output, _ = run("preflight")
    assert status == 1
    assert "Several people have the same work email" in output


def test_files_that_cannot_be_read_are_told_in_a_sentence(run: Command) -> None:
    for words, told in (
        (("--people", run.folder / "none.csv"), "cannot be read: No such file"),
        (("--people", run.file("empty.csv", "")), "The file is empty"),
        (("--people", run.file("names.csv", "login\n")), "holds nobody"),
        (("--mapping", run.file("m.json", "{}")), "holds no mappings"),
        (("--org", "Nobody"), 'no organization named "Nobody"'),
        (("--csv", run.folder), "cannot be written"),
    ):
        status, _, errors = run("preflight", *words)
        assert status == 1
        assert told in errors
        assert "Traceback" not in errors


def test_an_organization_s_own_run_is_compared_with_its_last(run: Command) -> None:
    run("org", "create", "Acme")
    assert "new)" not in run("preflight")[1]
    assert "(0 fixed, 0 new), mobilePhone" in run("preflight", "--org", "acme")[1]
    run("org", "create", "Beta")
    status, _, errors = run("preflight")
    assert status == 1
    assert "say which one with --org NAME" in errors


def test_the_directory_of_the_organization_counts(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    body = {"userName": "ann@acme.example", "active": True, "title": "Porter"}
    assert desk.client().post("/Users", json=body).status_code == 201
    people = tmp_path / "people.csv"
    people.write_text(GOOD, encoding="utf-8")
    words = ["preview", "--person", "ann", "--people", str(people), "--org", "Acme"]
    status = main([*words, "--database", str(desk.folder / "desk.db")])
    output = capsys.readouterr().out
    assert status == 0
    assert output.count("PUT {") == 1
    assert "would find the user" in output
    assert '  name.givenName: null -> "Ann"' in output


def test_an_attribute_that_the_organization_added_can_be_mapped(run: Command) -> None:
    run("org", "create", "Acme")
    run("org", "attribute", "Acme", "add", "shirt", "--type", "choice", "--choice", "M")
    people = run.file("people.csv", GOOD)
    for value, status in (("M", 0), ("XL", 1)):
        document = {"properties": {"shirt": {"expression": f'"{value}"', "pushStatus": "PUSH"}}}
        mapping = run.file("okta.json", json.dumps(document))
        words = ("preview", "--person", "ann", "--people", people, "--mapping", mapping)
        found, output, _ = run(*words, "--json")
        assert found == status
    assert "Invalid value data type for property shirt" in output


def test_attributes_added_after_the_mappings_were_saved_count(run: Command) -> None:
    run("org", "create", "Acme")
    database = open_directory(run.database)
    organization_id = OrganizationStore(database).all()[0].organization.id
    MappingStore(database).create(organization_id, "Pilot", DEFAULT_MAPPINGS)
    database.close()
    run("org", "attribute", "Acme", "add", "shirt", "--type", "text")
    people = run.file("people.csv", GOOD)
    status, output, _ = run("preview", "--person", "ann", "--people", people)
    assert status == 0
    assert any(line.split() == ["shirt", "Not", "mapped"] for line in output.splitlines())
