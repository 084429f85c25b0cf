import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from server.calls.call import Call, Remark
from server.calls.export import Cleaner, LoggedCall, Pseudonyms
from server.calls.export.vocabulary import HEADERS, PLAIN, TECHNICAL, TYPES
from server.calls.redaction import Redactor

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


def test_our_own_sentences_stay_readable(call: Callable[..., Call]) -> None:
    texts = [text.replace('"', "'") for text in sentences()]
    remarks = tuple(Remark("a-code", text) for text in texts)
    cleaner = Cleaner(Redactor("blinkscim_"), Pseudonyms(b"k"))
    cleaned = cleaner.clean(LoggedCall(1, "", "", call(remarks=remarks))).call.remarks
    words = " ".join(texts).split()
    others = " ".join(remark.text for remark in cleaned).split()
    strange = {word for word, other in zip(words, others, strict=True) if word != other}
    assert len(words) > 500
    # A word that is missing costs nobody's privacy, so a few may be.
    assert len(strange) < len(set(words)) / 20, strange


def test_no_common_first_name_is_a_plain_word() -> None:
    names = "ann mark grant rose jan frank bill jack john mary max peter sue pat ray art dean"
    assert not set(names.split()) & (PLAIN | HEADERS | TYPES | TECHNICAL)


def test_words_are_written_as_they_are_looked_up() -> None:
    for vocabulary in (PLAIN, HEADERS, TYPES):
        assert all(word == word.lower() for word in vocabulary)
