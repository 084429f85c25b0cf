"""A filter as text, which is read as the same filter."""

from server.calls.filters.fields import FIELDS
from server.calls.filters.times import written
from server.calls.filters.tree import And, Filter, Not, Numbers, Or, Outcome, Pattern, Term

KEYWORDS = ("and", "or", "not")


def print_filter(condition: Filter | None) -> str:
    """Return a filter as text; None, which all calls match, as ""."""
    match condition:
        case None:
            return ""
        case Term():
            return _term(condition)
        case Not(term):
            return f"-{_bracketed(term)}"
        case And(terms):
            return " ".join(map(_bracketed, terms))
        case Or(terms):
            return " or ".join(
                print_filter(term) if isinstance(term, And) else _bracketed(term) for term in terms
            )


def quoted(text: str) -> str:
    """Return a value as it is written in a filter, in quotes if need be."""
    if text and not any(character.isspace() or character in '"()*=' for character in text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bracketed(condition: Filter) -> str:
    text = print_filter(condition)
    return text if isinstance(condition, Term | Not) else f"({text})"


def _term(term: Term) -> str:
    match term.test:
        case Pattern(parts, whole):
            if term.field == "text":
                return _anywhere(parts)
            text = "*".join(quoted(part) if part or len(parts) == 1 else "" for part in parts)
            alone = len(parts) == 1 and parts[0] != ""
            equals = "=" if whole and alone and FIELDS[term.field].kind == "text" else ""
            return f"{term.field}:{equals}{text}"
        case Numbers(low, high):
            return f"{term.field}:{_numbers(low, high)}"
        case Outcome(name):
            return f"{term.field}:{name}"
        case _:
            return f"{term.field}:{written(term.test)}"


def _anywhere(parts: tuple[str, ...]) -> str:
    text = "*".join(map(quoted, parts))
    plain = not text.startswith(("-", '"')) and ":" not in text and text.lower() not in KEYWORDS
    if plain:
        return text
    return text if text.startswith('"') else f"text:{text}"


def _numbers(low: int | None, high: int | None) -> str:
    if low == high:
        return str(low)
    if high is None:
        return f">={low}"
    return f"<={high}" if low is None else f"{low}..{high}"
