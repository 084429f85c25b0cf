"""Makes a call fit to leave this machine: without secrets, and if wanted without personal data."""

from dataclasses import dataclass, replace

from server.calls.call import Call, Headers, Remark
from server.calls.export.disguise import disguised
from server.calls.export.logged import Logged, LoggedCall
from server.calls.export.pseudonyms import WITHHELD, Pseudonyms
from server.calls.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Takes the secrets out of calls and, with ``pseudonyms``, everything personal.

    The log holds no secrets; that they are looked for once more guards against an older log, and
    against what a person pasted into a note.
    """

    redactor: Redactor
    pseudonyms: Pseudonyms | None = None

    def clean(self, logged: Logged) -> LoggedCall:
        """Return a call that may go out."""
        redactor = self.redactor
        clean = LoggedCall(
            id=logged.id,
            operation=logged.operation,
            summary=redactor.text(logged.summary),
            call=redacted_call(logged.call, redactor),
            mark=logged.mark,
            note=redactor.text(logged.note),
        )
        return disguised(clean, self.pseudonyms) if self.pseudonyms else clean


def redacted_call(call: Call, redactor: Redactor) -> Call:
    """Return a call without secrets; redacting twice changes nothing."""
    kind = next((v for n, v in call.request_headers if n.lower() == "content-type"), "")
    return replace(
        call,
        token_label=redactor.text(call.token_label),
        path=redactor.text(call.path),
        query=redactor.query(call.query),
        request_headers=_headers(call.request_headers, redactor),
        request_body=_body(call.request_body, redactor, kind),
        response_headers=_headers(call.response_headers, redactor),
        response_body=_body(call.response_body, redactor),
        subject=redactor.text(call.subject),
        resource_id=redactor.text(call.resource_id),
        remarks=tuple(Remark(code, redactor.text(text)) for code, text in call.remarks),
        before=_body(call.before, redactor),
    )


def _headers(headers: Headers, redactor: Redactor) -> Headers:
    return redactor.headers(
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in headers
    )


def _body(body: bytes, redactor: Redactor, content_type: str = "") -> bytes:
    # A note about a password must not be taken for one.
    return body if WITHHELD.fullmatch(body) else redactor.body(body, content_type)
