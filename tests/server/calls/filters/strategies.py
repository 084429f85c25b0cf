"""Filters and calls of every kind, for the tests of their meaning."""

from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import strategies as st

from server.calls.call import Call, Remark
from server.calls.export.logged import LoggedCall
from server.calls.filters import FIELDS, MARKS, Context, Filter
from server.calls.filters.tree import (
    And,
    Day,
    Moment,
    Not,
    Numbers,
    Or,
    Outcome,
    Pattern,
    Span,
    Term,
    Test,
    TimeOfDay,
)
from server.calls.operations import OPERATIONS

NOW = datetime(2026, 11, 23, 18, 48, tzinfo=timezone(timedelta(hours=2)))
CONTEXT = Context(NOW, {1: "Acme Ltd", 2: "acme", 3: "Öre & Söhne"})

# Few characters, so that texts match; some that are special in SQL, in JSON or in a filter.
LETTERS = st.sampled_from(list("aAbnN öÖßé%_\\*\"'()-:=[?]§\t😀"))
TEXTS = st.text(LETTERS, max_size=6)
WORDS = st.sampled_from(["ann", "Ann@acme.example", "ÖRE", "söhne", "employeeNumber", "Nn", "a"])
PARTS = TEXTS.filter(bool) | WORDS


@st.composite
def patterns(draw: st.DrawFn, field: str) -> Pattern:
    kind = FIELDS[field].kind
    parts = tuple(draw(st.lists(PARTS, min_size=1, max_size=3)))
    if kind == "anywhere":
        return Pattern(parts)
    if kind == "text" and len(parts) == 1 and draw(st.booleans()):
        return Pattern(parts)
    if draw(st.booleans()):
        parts = (draw(st.just("") | PARTS), *parts[1:-1], draw(st.just("") | PARTS))
    return Pattern(parts if draw(st.booleans()) else parts[:1], whole=True)


SPANS = st.builds(Span, st.integers(0, 3_000_000_000))
NUMBERS = (
    st.sampled_from([Outcome("failed"), Outcome("ok"), Numbers(0, 0), Numbers(404, 404)])
    | st.builds(Numbers, st.integers(0, 600), st.none())
    | st.builds(Numbers, st.none(), st.integers(0, 600))
    | st.integers(0, 500).map(lambda low: Numbers(low, low + 99))
)
MOMENTS = (
    SPANS
    | st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 25)).map(Moment)
    | st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 25), timezones=st.just(UTC)).map(
        Moment
    )
    | st.dates(date(2026, 11, 20), date(2026, 11, 25)).map(Day)
    | st.times().map(lambda at: TimeOfDay(time(at.hour, at.minute, at.second)))
)
CLOSED = {"op": [*OPERATIONS, "user", "GROUP", ""], "marked": [*MARKS, "RED", ""]}
NAMES = {
    "org": ["acme", "ACME LTD", "öre & söhne", "nobody", ""],
    "origin": ["okta", "Entra", "Replay", "unknown"],
    "method": ["get", "POST", "Patch"],
}


def tests(field: str) -> st.SearchStrategy[Test]:
    """Return tests of a field."""
    match FIELDS[field].kind:
        case "number":
            return NUMBERS
        case "longer" | "shorter":
            return SPANS
        case "from" | "to":
            return MOMENTS
    if field in CLOSED:
        known = st.sampled_from(CLOSED[field]).map(lambda value: Pattern((value,), whole=True))
        return known | st.just(Pattern(("", ""), whole=True))
    if field in NAMES:
        named = st.sampled_from(NAMES[field]).map(lambda value: Pattern((value,), whole=True))
        return named | patterns(field)
    return patterns(field)


TERMS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda field: st.builds(Term, st.just(field), tests(field))
)
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    TERMS,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: And(tuple(terms)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda terms: Or(tuple(terms)))
        | inner.map(Not)
    ),
    max_leaves=6,
)
BODIES = st.sampled_from([b"", b"\xff\xfeann", b'{"employeeNumber": "7"}']) | TEXTS.map(str.encode)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["User-Agent", "Host"]), st.sampled_from(["Okta 1", "ann"]) | TEXTS),
    max_size=2,
).map(tuple)
MICROSECONDS = NOW.timestamp() * 1e6
CALLS = st.builds(
    Call,
    at=st.integers(-3 * 86_400, 600).map(lambda seconds: int(MICROSECONDS) + seconds * 1_000_000),
    duration=st.integers(0, 3_000_000),
    peer=st.just("127.0.0.1") | TEXTS,
    organization_id=st.sampled_from([None, 1, 2, 3, 4]),
    token_id=st.just(1),
    token_label=TEXTS | WORDS,
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    path=st.just("/scim/v2/Users") | TEXTS,
    query=TEXTS | WORDS,
    status=st.sampled_from([0, 200, 201, 399, 400, 404, 409, 503]),
    request_headers=HEADERS,
    request_body=BODIES,
    response_headers=HEADERS,
    response_body=BODIES,
    subject=TEXTS | WORDS,
    resource_id=st.just("") | TEXTS | WORDS,
    remarks=st.lists(st.builds(Remark, TEXTS, TEXTS | WORDS), max_size=2).map(tuple),
    origin_mark=st.sampled_from(["", "", "Replay"]),
)
LOGGED = st.builds(
    LoggedCall,
    id=st.just(0),
    operation=st.sampled_from([*OPERATIONS, ""]),
    summary=TEXTS | WORDS,
    call=CALLS,
    mark=st.sampled_from(["", "", *MARKS]),
    note=st.just("") | TEXTS | WORDS,
)
