"""Puts pseudonyms in the place of everything personal in a call, wherever it stands in it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote, unquote_plus

from server.calls.call import Call, Headers, Remark
from server.calls.explanation import understand
from server.calls.export.logged import Logged, LoggedCall
from server.calls.export.pseudonyms import EMAIL, PHONE, URL, URN, UUID, WITHHELD, WORD, Pseudonyms
from server.calls.export.vocabulary import HEADERS, PLAIN, TECHNICAL, TYPES
from server.calls.json_rewriting import rewritten_json
from server.calls.redaction import REDACTED


def disguised(logged: Logged, pseudonyms: Pseudonyms) -> LoggedCall:
    """Return a call in which nothing personal is left.

    Whatever is not known to be technical counts as personal: every text and number in a body
    except those of the attributes in ``_KEPT``, the values in filters and paths, every header that
    is not in ``_TECHNICAL_HEADERS``, and in sentences every word that is in no list of
    ``vocabulary``. Names of attributes, times, outcomes and the log's own numbers stay. A body
    that is not JSON is withheld. The summary is made anew from the disguised call.
    """
    call = _Disguise(logged.call, pseudonyms).call(logged.note)
    return LoggedCall(
        id=logged.id,
        operation=logged.operation,
        summary=understand(call[0]).summary,
        call=call[0],
        mark=logged.mark,
        note=call[1],
    )


class _Disguise:
    """One call on its way; it remembers what it replaced and what it left, for the sentences."""

    def __init__(self, call: Call, pseudonyms: Pseudonyms) -> None:
        self._call = call
        self._pseudonyms = pseudonyms
        self._met: set[str] = set()
        self._technical: set[str] = set()
        self._is_discovery = False

    def call(self, note: str) -> tuple[Call, str]:
        """Return the call and its note, disguised."""
        call = self._call
        path, query = self._path(call.path), self._query(call.query)
        subject, resource_id = self._value(call.subject), self._value(call.resource_id)
        before, request = self._body(call.before), self._body(call.request_body)
        self._is_discovery = call.method == "GET" and _DISCOVERY.search(call.path) is not None
        response = self._body(call.response_body)
        if b'"detail"' in call.response_body:
            # Once more, now that all values are known that its sentences may name.
            response = self._body(call.response_body)
        disguised = replace(
            call,
            peer=self._pseudonyms.address(call.peer),
            token_label=self._sentence(call.token_label),
            method=call.method if call.method in _METHODS else self._value(call.method),
            path=path,
            query=query,
            request_headers=self._headers(call.request_headers, call.request_body, request),
            request_body=request,
            response_headers=self._headers(call.response_headers, call.response_body, response),
            response_body=response,
            subject=subject,
            resource_id=resource_id,
            remarks=tuple(Remark(code, self._sentence(text)) for code, text in call.remarks),
            before=before,
        )
        return disguised, self._sentence(note)

    def _value(self, text: str) -> str:
        """Return the pseudonym of a personal value, and remember the value."""
        other = self._pseudonyms.of(text)
        if other != text:
            self._met.add(text)
        return other

    def _body(self, body: bytes) -> bytes:
        if not body:
            return body
        if note := WITHHELD.search(body, max(len(body) - 100, 0)):
            # What may stand in front of it is no JSON either.
            return note[0]
        disguised = rewritten_json(
            body,
            self._name,
            lambda members, text: self._member(members[-1], text),
            lambda members, literal: self._number(members[-1], literal),
        )
        if disguised is None:
            return b"[%d bytes that are not JSON were withheld]" % len(body)
        return disguised

    def _name(self, name: str) -> str:
        if not _ATTRIBUTE.fullmatch(name) or name in self._met:
            return self._value(name)
        self._technical.add(name)
        return name

    def _number(self, member: str, literal: str) -> str:
        technical = self._is_discovery or member.lower() in _TECHNICAL_NUMBERS
        return literal if technical else self._pseudonyms.number(literal)

    def _member(self, member: str, text: str) -> str:
        """Return another value for the text in a member, or in a comparison with an attribute."""
        name = member.rpartition(":")[2].rpartition(".")[2].lower()
        keeps = _KEPT.get(name)
        if keeps is not None and keeps(text):
            return text
        if name in _SENTENCES:
            return self._sentence(text)
        if name == "filter":
            return self._filter(text)
        if name in ("path", "location", "$ref") and text[:1] in ("/", "."):
            return self._path(text)
        if name == "path" and _ATTRIBUTE_PATH.fullmatch(text):
            self._technical.add(text)
            return text
        if name == "path":
            return self._filter(text)
        if name in _ATTRIBUTE_LISTS and _ATTRIBUTES.fullmatch(text):
            return text
        if self._is_discovery:
            return self._masked(text)
        return self._url(text) if URL.fullmatch(text) else self._value(text)

    def _filter(self, text: str) -> str:
        """Return a filter (RFC 7644 3.4.2.2) or the path of a PATCH with other values."""
        pieces = []
        position = 0
        attribute = ""
        for match in _FILTER_PIECE.finditer(text):
            piece = match[0]
            if piece[0] == '"':
                other = _quoted(self._member(attribute or "value", _unquoted(piece)))
            elif piece.lower() in _OPERATORS:
                other = piece
            elif _ATTRIBUTE_PATH.fullmatch(piece) and _BEFORE_OPERATOR.match(text, match.end()):
                other = attribute = piece
            elif piece[0] == "." and text[: match.start()].endswith("]"):
                other = piece if _ATTRIBUTE.fullmatch(piece[1:]) else self._value(piece)
            else:
                other = self._value(piece)
            pieces += [text[position : match.start()], other]
            position = match.end()
        return "".join([*pieces, text[position:]])

    def _path(self, path: str) -> str:
        """Return the path of a URL with other names in it than those of SCIM's endpoints."""
        return "/".join(map(self._segment, path.split("/")))

    def _segment(self, segment: str) -> str:
        decoded = unquote(segment)
        if not decoded or decoded.lower() in _ENDPOINTS or URN.fullmatch(decoded):
            return segment
        if decoded.lower().removesuffix(".scim") in _ENDPOINTS or not WORD.search(decoded):
            return segment
        other = self._value(decoded)
        return segment if other == decoded else quote(other, safe="@:+,;=$!*'()[]")

    def _url(self, text: str) -> str:
        """Return an absolute URL with another host and other names; SCIM's endpoints stay."""
        match = _URL_PARTS.fullmatch(text)
        if match is None:
            return self._value(text)
        scheme, host, path, query = match.groups("")
        self._met.add(text)
        host = self._pseudonyms.host(host.rpartition("@")[2])
        other = self._query(query.partition("#")[0])
        return f"{scheme}://{host}{self._path(path)}{'?' if other else ''}{other}"

    def _query(self, query: str) -> str:
        return "&".join(map(self._parameter, query.split("&"))) if query else query

    def _parameter(self, parameter: str) -> str:
        name, equals, value = parameter.partition("=")
        decoded = unquote_plus(value)
        if not equals or unquote_plus(name).lower() not in _PARAMETERS:
            name = quote(self._value(unquote_plus(name)), safe="[]")
        if _NUMBERS.fullmatch(decoded) and name.lower() in ("startindex", "count"):
            return parameter
        other = self._member(name, decoded)
        return name + equals + (value if other == decoded else quote(other, safe="[]"))

    def _headers(self, headers: Headers, body: bytes, disguised: bytes) -> Headers:
        return tuple((name, self._header(name.lower(), v, body, disguised)) for name, v in headers)

    def _header(self, name: str, value: str, body: bytes, disguised: bytes) -> str:
        if name == "content-length" and _NUMBERS.fullmatch(value):
            # As true as it was.
            return str(len(disguised)) if value == str(len(body)) else value
        if name in _TECHNICAL_HEADERS:
            return self._sentence(value, HEADERS)
        if name in _DATE_HEADERS and _HTTP_DATE.fullmatch(value):
            return value
        if name in _VERSION_HEADERS and _OUR_VERSIONS.fullmatch(value):
            return value
        if name in ("host", "x-forwarded-host"):
            return self._pseudonyms.host(value)
        if name in ("x-forwarded-for", "x-real-ip"):
            return ", ".join(self._pseudonyms.address(part.strip()) for part in value.split(","))
        if value[:1] == "/":
            return self._path(value)
        return self._url(value) if URL.fullmatch(value) else self._value(value)

    def _sentence(self, text: str, vocabulary: frozenset[str] = PLAIN) -> str:
        """Return a sentence in which only the words of a vocabulary, and SCIM's, are left."""
        known = [v for v in self._met if len(v) > 1 and v in text and _passes_for_plain(v)]
        if known:
            known.sort(key=len, reverse=True)
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")
            others = []
            position = 0
            for match in pattern.finditer(text):
                others += [self._part(text[position : match.start()], vocabulary)]
                others += [self._pseudonyms.of(match[0])]
                position = match.end()
            return "".join([*others, self._part(text[position:], vocabulary)])
        return self._part(text, vocabulary)

    def _part(self, text: str, vocabulary: frozenset[str]) -> str:
        return _PIECE.sub(lambda match: self._piece(match, vocabulary), text)

    def _piece(self, match: re.Match[str], vocabulary: frozenset[str]) -> str:
        piece = match[0]
        if match["word"]:
            is_first = match.string[: match.start()].rstrip(' "(')[-1:] in ("", ".", ":", "!", "?")
            word = piece.lower() if is_first or vocabulary is HEADERS else piece
            stays = piece in self._technical or _is_plain(piece, word, vocabulary)
            return piece if stays else self._pseudonyms.of(piece)
        if piece == REDACTED or _LANGUAGE.fullmatch(piece):
            return piece
        if piece[0] == '"':
            inner = piece[1:-1]
            return (
                piece if self._stays_quoted(inner, vocabulary) else f'"{self._url_or_value(inner)}"'
            )
        return self._url_or_value(piece)

    def _stays_quoted(self, text: str, vocabulary: frozenset[str]) -> bool:
        if text in self._met:
            return False
        if text in self._technical or _LANGUAGE.fullmatch(text):
            return True
        words = WORD.findall(text)
        if vocabulary is HEADERS:
            return all(_is_plain(word, word.lower(), vocabulary) for word in words)
        return all(word in TECHNICAL for word in words)

    def _url_or_value(self, text: str) -> str:
        return self._url(text) if URL.fullmatch(text) else self._pseudonyms.of(text)

    def _masked(self, text: str) -> str:
        """Return a text of a schema: what has the form of something personal is replaced."""
        return _PERSONAL_FORM.sub(lambda match: self._url_or_value(match[0]), text)


def _passes_for_plain(value: str) -> bool:
    """Say whether a personal value, or a part of it, could be left in a sentence as plain words."""
    if EMAIL.fullmatch(value) or UUID.fullmatch(value):
        return False
    words = WORD.findall(value)
    return any(word.isdigit() for word in words) or all(
        _is_plain(word, word.lower(), PLAIN) for word in words
    )


def _is_plain(piece: str, word: str, vocabulary: frozenset[str]) -> bool:
    if piece in TECHNICAL or word in vocabulary:
        return True
    return piece.isascii() and (len(piece) == 1 or (piece.isdigit() and len(piece) <= 4))


def _unquoted(literal: str) -> str:
    try:
        text = json.loads(literal, strict=False)
    except ValueError:
        return literal.strip('"')
    return text if isinstance(text, str) else literal.strip('"')


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _one_of(words: Iterable[str]) -> Callable[[str], bool]:
    allowed = frozenset(words)
    return lambda text: text.lower() in allowed


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_A_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_A_VERSION = r'(?:W/)?"\d{1,9}"'

_KEPT: Mapping[str, Callable[[str], bool]] = {
    "schemas": lambda text: URN.fullmatch(text) is not None,
    "schema": lambda text: URN.fullmatch(text) is not None,
    "op": _one_of(("add", "remove", "replace")),
    "method": _one_of(("get", "post", "put", "patch", "delete")),
    "type": _one_of(TYPES),
    "resourcetype": _one_of(("user", "group", "schema", "resourcetype", "serviceproviderconfig")),
    "scimtype": lambda text: text in TECHNICAL,
    "sortorder": _one_of(("ascending", "descending")),
    "status": _like(r"[1-5]\d\d"),
    "created": _like(_A_TIME),
    "lastmodified": _like(_A_TIME),
    "version": _like(_A_VERSION),
    "locale": _like(r"[a-z]{2}(?:[-_][A-Z]{2})?"),
    "preferredlanguage": _like(r"[a-z]{2}(?:[-_][A-Z]{2})?"),
    "country": _like("[A-Z]{2}"),
    "specuri": _like(r"https?://(?:www\.rfc-editor|(?:tools|datatracker)\.ietf)\.org/[\w/.-]+"),
    "timezone": _like(
        "(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)"
        r"/[A-Z][A-Za-z_+\-0-9]{1,20}"
    ),
}
"""The attributes whose values stay, by name in small letters, when a value is what it should be."""

_SENTENCES = ("detail",)
_ATTRIBUTE_LISTS = ("attributes", "excludedattributes", "sortby")
_PARAMETERS = _words(
    "filter startindex count cursor attributes excludedattributes sortby sortorder"
)
_TECHNICAL_NUMBERS = _words(
    "totalresults startindex itemsperpage count failonerrors status maxoperations maxpayloadsize "
    "maxresults defaultpagesize maxpagesize cursortimeout"
)
_METHODS = _words("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT")
_ENDPOINTS = _words(
    "scim v2 users groups schemas resourcetypes serviceproviderconfig me bulk .search api ."
)
_OPERATORS = _words("eq ne co sw ew pr gt ge lt le and or not true false null")
_TECHNICAL_HEADERS = _words(
    "accept accept-encoding accept-charset accept-language allow authorization cache-control "
    "connection content-encoding content-type cookie expect keep-alive pragma proxy-authorization "
    "retry-after server set-cookie te transfer-encoding upgrade user-agent vary www-authenticate "
    "x-content-type-options x-forwarded-proto"
)
_DATE_HEADERS = ("date", "last-modified", "expires", "if-modified-since")
_VERSION_HEADERS = ("etag", "if-match", "if-none-match")
_HTTP_DATE = re.compile(
    "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} "
    "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9:]{8} GMT"
)
_OUR_VERSIONS = re.compile(rf"\*|{_A_VERSION}(?:, *{_A_VERSION})*")
_DISCOVERY = re.compile(
    r"/(?:Schemas|ResourceTypes|ServiceProviderConfigs?)(?:/|\Z)", re.IGNORECASE
)
_NUMBERS = re.compile(r"-?[0-9]{1,9}")
_NAME = r"\$?[A-Za-z][\w$-]{0,63}"
_ATTRIBUTE = re.compile(rf"(?:urn:[A-Za-z0-9_.:-]+:)?{_NAME}|{URN.pattern}", re.ASCII)
_ATTRIBUTE_PATH = re.compile(rf"(?:urn:[A-Za-z0-9_.:-]+:)?{_NAME}(?:\.{_NAME})?", re.ASCII)
_ATTRIBUTES = re.compile(rf"{_ATTRIBUTE_PATH.pattern}(?: *, *{_ATTRIBUTE_PATH.pattern})*", re.ASCII)
_FILTER_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"?|[^\s()\[\]"]+', re.DOTALL)
_BEFORE_OPERATOR = re.compile(r"\[|\s+(?:eq|ne|co|sw|ew|pr|gt|ge|lt|le)\b", re.IGNORECASE)
_URL_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(?:\?(.*))?", re.DOTALL)
_PERSONAL_FORM = re.compile(
    "|".join((URL.pattern, EMAIL.pattern, UUID.pattern, rf"(?<!\w)\+{PHONE.pattern[3:]}"))
)
_LANGUAGE = re.compile("[a-z]{2}[-_][A-Z]{2}")
_PIECE = re.compile(
    "|".join(
        (
            re.escape(REDACTED),
            '"[^"]*"',
            URL.pattern,
            EMAIL.pattern,
            UUID.pattern,
            URN.pattern,
            rf"\b{_LANGUAGE.pattern}\b",
            rf"(?<!\w)\+{PHONE.pattern[3:]}",
            f"(?P<word>{WORD.pattern})",
        )
    )
)
