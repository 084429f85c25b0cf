"""Names whom a call is about."""

from server.calls.call import Call
from server.calls.reading import member, parsed, short


def subject_of(call: Call, attribute: str, resource_id: str) -> str:
    """Return what the server or else a body calls the resource, or else its id."""
    if call.subject:
        return short(call.subject)
    for body in (call.request_body, call.response_body):
        name = member(parsed(body), attribute)
        if isinstance(name, str) and name:
            return short(name)
    return short(resource_id)


def named(words: str, subject: str) -> str:
    """Return words with the subject behind them, if there is one."""
    return f"{words} {subject}" if subject else words
