"""Okta's expressions as a language for an input: colours, proposals and signatures."""

from collections.abc import Sequence

from gui.widgets.code_text import Span
from gui.widgets.language import Language, Proposal, Signature
from server.okta.expressions import complete, signature_at, tokens
from server.okta.people import ProfileSchema

COLORS = {
    "string": "json_text",
    "number": "json_number",
    "property": "text",
    "name": "text",
    "function": "json_name",
    "namespace": "json_name",
    "keyword": "json_word",
    "operator": "muted",
    "bracket": "muted",
    "error": "danger",
}
"""The colour of each kind of token."""

ICONS = {"property": "user", "function": "command", "keyword": ""}


def expression_language(schema: ProfileSchema) -> Language:
    """Return the language, with the attributes of these profiles among its proposals."""
    titles = {attribute.name: attribute.title for attribute in schema.attributes}

    def propose(text: str, position: int) -> Sequence[Proposal]:
        return [
            Proposal(
                found.insert,
                found.label,
                found.start,
                found.end,
                found.signature.removeprefix(found.label) if found.signature else "",
                found.help,
                ICONS[found.kind],
            )
            for found in complete(text, position, titles)
        ]

    return Language(_spans, propose, _signature, triggers=".")


def _spans(text: str) -> Sequence[Span]:
    return [Span(start, end, COLORS[kind]) for start, end, kind in tokens(text)]


def _signature(text: str, position: int) -> Signature | None:
    found = signature_at(text, position)
    if found is None:
        return None
    spec, index = found
    start = len(spec.name) + 1
    end = start
    for number, parameter in enumerate(spec.parameters):
        end = start + len(str(parameter))
        if number == index:
            break
        start = end + len(", ")
    return Signature(spec.signature, start, end, spec.help)
