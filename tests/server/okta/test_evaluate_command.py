"""`main.py evaluate`: one expression for a person, or a file of them."""

import json
from pathlib import Path
from typing import Any

import pytest

import main

VECTORS = Path(__file__).parent / "expressions" / "okta-el-vectors.json"
ADA = {"firstName": "Ada", "lastName": "Lovelace", "middleName": None, "tags": ["a", "é"]}


def written(tmp_path: Path, content: Any) -> str:
    path = tmp_path / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ('user.firstName + " " + user.lastName', '"Ada Lovelace"\n'),
        ("user.middleName", "null\n"),
        ("String.len(user.firstName)", "3\n"),
        ("user.tags", '["a", "é"]\n'),
        ("user.firstName == 'Ada'", "true\n"),
        ("7 / 2.0", "3.5\n"),
        ("1.0 / 0", '"Infinity"\n'),
    ],
)
def test_a_value_is_printed_as_json(
    expression: str, printed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["evaluate", expression, "--person", written(tmp_path, ADA)]) == 0
    assert capsys.readouterr() == (printed, "")


def test_a_person_may_bring_a_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = {"profile": ADA, "context": {"groups": [{"id": "1", "name": "Sales"}]}}
    arguments = ["evaluate", "isMemberOfGroupName('Sales')", "--person", written(tmp_path, person)]
    assert main.main(arguments) == 0
    assert capsys.readouterr().out == "true\n"


@pytest.mark.parametrize(
    ("expression", "lines"),
    [
        (
            "user.firstname",
            [
                "Invalid property firstname in expression user.firstname",
                "                                              ^ Did you mean user.firstName?",
            ],
        ),
        (
            "1 <\n",
            [
                "Invalid expression syntax 1 < ",
                "                              ^ A value is expected here.",
            ],
        ),
        (
            "1 / 0",
            ["/ by zero", "^ at character 3: /. The divisor is 0 here."],
        ),
    ],
)
def test_an_error_shows_oktas_text_the_place_and_what_to_do(
    expression: str, lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["evaluate", expression, "--person", written(tmp_path, ADA)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == lines


def test_a_file_of_vectors_is_answered_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["evaluate", "--vectors", str(VECTORS)]) == 0
    answers = json.loads(capsys.readouterr().out)
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert len(answers) == len(vectors)
    for vector, answer in zip(vectors, answers, strict=True):
        assert list(answer) == ["error" if vector["error"] else "value"]
        if not vector["error"] and "compare ids" not in vector.get("note", ""):
            assert answer["value"] == vector["expected"]


def test_profile_and_context_of_a_vector_may_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = [{"expression": "1 + 1"}, {"expression": "user.x"}]
    assert main.main(["evaluate", "--vectors", written(tmp_path, vectors)]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"value": 2},
        {"error": "Invalid property x in expression user.x"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ([1], "has to hold a JSON object"),
        ({"profile": {}, "context": []}, "have to be objects"),
        ({"profile": {}, "context": {"colour": 1}}, 'unknown key: "colour"'),
        ({"profile": {}, "context": {"now": "soon"}}, "no ISO time"),
    ],
)
def test_a_bad_person_is_refused_with_a_sentence(
    content: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["evaluate", "1", "--person", written(tmp_path, content)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize(
    "content", [{}, [1], [{"profile": {}}], [{"expression": "1", "profile": 1}]]
)
def test_a_bad_file_of_vectors_is_refused_with_a_sentence(
    content: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["evaluate", "--vectors", written(tmp_path, content)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.json")
    assert main.main(["evaluate", "1", "--person", missing]) == 1
    assert f"{missing} cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["1"], ["--person", "f"], ["1", "--vectors", "f"], ["--person", "f", "--vectors", "f"]],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["evaluate", *arguments])
    assert ended.value.code == 2
    assert "give EXPRESSION and --person FILE" in capsys.readouterr().err
