"""Java's regular expressions (spec 2.4)."""

import pytest

from tests.server.okta.expressions.evaluating import refusal, value


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a.c", "abc", True),
        ("b", "abc", False),
        ("a.c", "a\nc", False),
        ("a.c", "a\u2028c", False),
        ("(?s)a.c", "a\nc", True),
        (r"\d+", "123", True),
        (r"\d+", "١٢٣", False),
        (r"\w+", "é", False),
        (r"\W", "é", True),
        (r"\s", "\u00a0", False),
        (r"[\w-]+", "a-b", True),
        (r"[^\d]", "x", True),
        (r"\p{L}+", "éß", True),
        (r"\pL", "é", True),
        (r"\p{Lu}\P{Lu}", "Éa", True),
        (r"\p{IsLatin}", "é", True),
        (r"\p{Alpha}", "é", False),
        (r"[\p{Upper}\p{Digit}]+", "A1", True),
        (r"\P{Alpha}", "1", True),
        (r"\p{Punct}+", "[!~]", True),
        ("(?i)engineer", "ENGINEER", True),
        ("(?i)é", "É", False),
        ("(?iu)é", "É", True),
        ("(?i)ss", "ß", False),
        ("a(?i)b", "aB", True),
        ("a(?i)b", "AB", False),
        ("(?i:a)b", "AB", False),
        ("(?i)a(?-i)b", "Ab", True),
        ("(?x) a b # comment", "ab", True),
        ("a++a", "aaa", False),
        ("(?>a+)a", "aa", False),
        (r"(?<word>\w+)-\k<word>", "ab-ab", True),
        (r"(a)\1", "aa", True),
        (r"\Qa.b\E+", "a.bb", True),
        (r"\Qa.b", "a.b", True),
        ("[a-c&&[^b]]", "b", False),
        ("[a-c&&[^b]]", "c", True),
        ("[a[xy]]", "y", True),
        ("[]a]", "]", True),
        ("[a-]", "-", True),
        ("[a|b]", "|", True),
        ("a{2,3}", "aa", True),
        (r"\x41\u0042\x{43}\0104", "ABCD", True),
        (r"\x{1F600}", "😀", True),
        (r"a\Z", "a", True),
        (r"\h\v\R", " \n\r\n", True),
        (r"\t\e\cA", "\t\x1b\x01", True),
        ("^abc$", "abc", True),
        ("(?=a)a|b", "b", True),
        ("(?<!x)a", "a", True),
        ("é", "é", True),
    ],
)
def test_matches(pattern: str, text: str, expected: bool) -> None:
    assert value("user.t matches user.p", {"t": text, "p": pattern}) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "[", "a{", "a{x}", "a{e<=1}", "*a", "(?b)a", "(?V1)a", "(?R)", "(?P<n>a)",
        "(?|a|b)", "(?<1>a)", "(?&n)", "\\", r"\p{Nothing}", r"\L<x>", r"\m", r"\y", r"\k<no>",
        r"\2", r"\x{110000}", "a" * 1001, "(" * 60 + "a" + ")" * 60, "[" * 60 + "a" + "]" * 60,
        r"\p", r"\p{", r"\c", "(?",
    ],
)  # fmt: skip
def test_is_no_pattern(pattern: str) -> None:
    error = refusal("user.t matches user.p", {"t": "a", "p": pattern})
    assert error.kind == "evaluation"
    assert error.text.startswith("EL1077E: The regular expression cannot be compiled")
    assert error.suggestion


@pytest.mark.parametrize("pattern", ["(a|aa)+b", "((a{1,100}){1,100}){1,100}b"])
def test_is_stopped_in_time(pattern: str) -> None:
    error = refusal("user.t matches user.p", {"t": "a" * 3000 + "c", "p": pattern})
    assert error.kind == "limit"
    assert "stopped" in error.text
