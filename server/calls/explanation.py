"""Says in a line what a call was, and what came of it."""

from http import HTTPStatus
from typing import NamedTuple

from server.calls.call import Call
from server.calls.operations import Doing
from server.calls.reading import error_member
from server.calls.recognition import recognise


class Understanding(NamedTuple):
    """What a call was.

    ``operation`` is a code of ``operations.OPERATIONS``, ``summary`` one line for a person
    ("Create user ann@acme.example refused: userName is already taken"), ``subject`` the user or
    group meant, also where the server found none ("").
    """

    operation: str
    summary: str
    subject: str


def understand(call: Call) -> Understanding:
    """Return what a call was; any bytes may be in it."""
    doing = recognise(call)
    if call.status in (401, 429) and call.token_id is None:
        summary = f"Refused: {_refusal(call)} ({doing.words})"
        return Understanding("refused", summary, doing.subject)
    return Understanding(doing.code, doing.words + _outcome(call, doing), doing.subject)


def _outcome(call: Call, doing: Doing) -> str:
    if call.status == 0:
        return ": the client left before the answer"
    if call.status == 404 and doing.code in ("read", "group-read", "delete", "group-delete"):
        return ": not found"
    if call.status >= 500:
        return f" failed: {_refusal(call)}"
    if call.status >= 400:
        return f" refused: {_refusal(call)}"
    return ""


def _refusal(call: Call) -> str:
    """Return the first sentence of the error, without its full stop."""
    sentence = _detail(call).partition(". ")[0].strip().removesuffix(".")
    return f"{sentence[:140]}…" if len(sentence) > 140 else sentence


def _detail(call: Call) -> str:
    detail = error_member(call, "detail")
    return "".join(c if c.isprintable() else " " for c in detail) or _phrase(call.status)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
