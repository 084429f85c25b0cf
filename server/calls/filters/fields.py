"""The fields of the filter language: each is declared here, once, with its help.

The parser, the completion, the help, the SQL and the menu of a cell all read this declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from server.calls.clients import ORIGIN_MARKS
from server.calls.operations import OPERATIONS

Kind: TypeAlias = Literal["number", "word", "text", "anywhere", "longer", "shorter", "from", "to"]
"""How values are written and compared.

"word" is compared whole, "text" is looked for within, "anywhere" is "text" in several places;
"longer" and "shorter" take a length of time, "from" and "to" a moment.
"""

MARKS: Final = ("red", "amber", "green", "blue", "violet")
"""The colours that a person marks calls with."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the filter language.

    ``columns`` are where its values are: names of columns of the list of calls, or of parts of a
    call. ``values`` are those that are known beforehand, with what each means; with ``closed``
    there are no others. ``exact_case`` is True where letter case counts.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...]
    help: str
    example: str
    values: Mapping[str, str] | None = None
    closed: bool = False
    exact_case: bool = False


_ALL: Final = (
    Field(
        "status",
        "number",
        ("status",),
        "HTTP status: 404, 4xx, >=400, 400..499, failed or ok; 0 is a call without an answer",
        "status:>=400",
        {
            "failed": "400 or more, or no answer",
            "ok": "below 400",
            "4xx": "refused by the server",
            "5xx": "the server could not answer",
            "401": "the token was refused",
            "404": "not found",
            "409": "already taken",
            "0": "no answer",
        },
    ),
    Field(
        "method",
        "word",
        ("method",),
        "HTTP method",
        "method:patch",
        {
            "GET": "look-ups and reads",
            "POST": "creates",
            "PUT": "whole profiles",
            "PATCH": "changes",
            "DELETE": "deletes",
        },
    ),
    Field("path", "text", ("path",), "path of the request", "path:/Users"),
    Field("query", "text", ("query",), "query of the request, as it was sent", "query:startIndex"),
    Field("user", "text", ("subject",), "userName, or the name of a group", "user:ann"),
    Field(
        "id",
        "word",
        ("resource_id",),
        "SCIM id of the user or group, in its letter case",
        "id:2819c223-7f76-453a-919d-413861904646",
        exact_case=True,
    ),
    Field(
        "op",
        "word",
        ("operation",),
        "what the client was doing: a code, or words of its title",
        "op:deactivate",
        OPERATIONS,
        closed=True,
    ),
    Field(
        "origin",
        "word",
        ("client",),
        "who sent it",
        "origin:okta",
        {
            "Okta": "Okta's SCIM client",
            "Entra": "Microsoft Entra",
            "curl": "a terminal",
            **dict.fromkeys(ORIGIN_MARKS, "this program"),
        },
    ),
    Field("org", "word", ("organization_id",), 'organization; "" is none', 'org:"Acme Ltd"'),
    Field("token", "text", ("token_label",), "label of the token", "token:production"),
    Field("peer", "text", ("peer",), "address of the client", "peer:127.0.0.1"),
    Field("slower", "longer", ("duration",), "it took this long or longer", "slower:200ms"),
    Field("faster", "shorter", ("duration",), "it took less than this", "faster:5ms"),
    Field(
        "since",
        "from",
        ("at",),
        "so long ago or later, or from a time on: 10m, 14:30, 2026-11-23, 2026-11-23T14:30",
        "since:10m",
        {"10m": "ten minutes", "1h": "an hour", "1d": "a day", "7d": "a week"},
    ),
    Field(
        "until",
        "to",
        ("at",),
        "longer ago than this, or before a time; a date counts to its end",
        "until:14:30",
    ),
    Field(
        "text",
        "anywhere",
        (
            *("method", "path", "query", "status", "summary", "subject", "peer", "token_label"),
            *("request_body", "response_body"),
        ),
        "anywhere in the line, or in the bodies as they were sent; a word alone means this",
        'text:"employeeNumber"',
    ),
    Field("remark", "text", ("remarks",), "a remark: its code, or its words", "remark:ignored"),
    Field(
        "marked",
        "word",
        ("mark",),
        "colour that you marked it with; * is any",
        "marked:red",
        dict.fromkeys(MARKS, ""),
        closed=True,
    ),
    Field("note", "text", ("note",), "your note; * is any", "note:*"),
    Field(
        "header",
        "text",
        ("request_headers", "response_headers"),
        "a line of the headers; reads every call, so narrow it by other fields",
        'header:"user-agent: okta"',
    ),
)

FIELDS: Final[Mapping[str, Field]] = {each.name: each for each in _ALL}
"""The fields by their names."""

FIELD_OF_COLUMN: Final[Mapping[str, Field]] = {
    each.columns[0]: each for each in _ALL if each.kind in ("number", "word", "text")
}
"""The field that a cell of the list of calls is filtered by, by the column of the cell."""

SHORTEST_IN_BODIES: Final = 3
"""Bodies are looked through only for texts of at least so many characters."""
