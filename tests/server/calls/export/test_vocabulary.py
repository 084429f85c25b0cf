import ast
import re
from collections.abc import Iterator
from pathlib import Path

from server.calls.export.vocabulary import HEADERS, PLAIN, TECHNICAL, TYPES

SERVER = Path(__file__).parents[4] / "server"


def sentences() -> Iterator[str]:
    """Yield the texts of the errors and remarks that the server's code makes."""
    for folder in ("scim", "blink", "http"):
        for file in (SERVER / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = (
                    node.func.id if isinstance(node, ast.Call) and hasattr(node.func, "id") else ""
                )
                if name in ("ScimError", "Remark"):
                    texts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
                    yield from (text for text in texts if isinstance(text, str) and " " in text)


def test_our_own_sentences_stay_readable() -> None:
    words = [word for text in sentences() for word in re.findall(r"[A-Za-z]{2,}", text)]
    strange = {w for w in words if w.lower() not in PLAIN and w not in TECHNICAL}
    assert len(words) > 500
    # A word that is missing costs nobody's privacy, so a few may be.
    assert len(strange) < len(set(words)) / 10, strange


def test_no_common_first_name_is_a_plain_word() -> None:
    names = "ann mark grant rose jan frank bill jack john mary max peter sue pat ray art dean"
    assert not set(names.split()) & (PLAIN | HEADERS | TYPES | TECHNICAL)


def test_words_are_written_as_they_are_looked_up() -> None:
    for vocabulary in (PLAIN, HEADERS, TYPES):
        assert all(word == word.lower() for word in vocabulary)
