"""Puts pseudonyms in the place of personal values: the same for the same value, in its shape."""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from hashlib import shake_256
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, unquote, urlsplit

from server.calls.redaction import REDACTED

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aeiou"
_LETTERS = _CONSONANTS + _VOWELS
_SYLLABLES = 4
"""80 to the fourth makes 41 million words: few are alike by chance in 100,000 calls."""

WORD = re.compile(r"""[^\s!-/:-@\[-`{-~]+""")
"""What a word is: anything but blanks and ASCII's punctuation."""

EMAIL = re.compile(r"""[^\s@"<>(),;]+@[^\s@"<>(),;]+""")
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
URL = re.compile(r"""[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"<>]+""")
PHONE = re.compile(r"\+?\(?[0-9][0-9 ().\-/\N{NO-BREAK SPACE}]{4,}[0-9]")
URN = re.compile(r"urn:(?:ietf:params:scim|scim|okta|microsoft):[A-Za-z0-9_.:-]+", re.IGNORECASE)
WITHHELD = re.compile(
    rb"\[\d+ bytes (?:compressed|in another encoding|that may hold a password|"
    rb"that are not JSON|that are not text) were withheld\]"
)
"""What stands for a body, or for its end, that cannot be looked through."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 40
_LONGEST_REMEMBERED = 200
_BULK_ID = "bulkId:"
_ROUNDS = 6


class Pseudonyms:
    """Gives pseudonyms by a key: without the key, nobody finds the values again.

    Each export has a key of its own unless it is told one. A pseudonym depends on nothing but the
    key and the value: words keep the form of their letter case, so that values that differ in it
    alone still do, and the words of "Ann Lee" are found again in "ann.lee@acme.example". E-mail
    addresses stay addresses (in "example", where nobody gets mail), numbers keep their length and
    phone numbers their country code, UUIDs, dates and IP addresses what they are. Whole numbers of
    one length never share a pseudonym; other values hardly ever do.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = shake_256(key or secrets.token_bytes(32)).digest(32)
        self._remembered: Callable[[str], str] = lru_cache(maxsize=50_000)(self._of)

    def of(self, text: str) -> str:
        """Return the pseudonym of a value, in the value's own shape."""
        return self._remembered(text) if len(text) < _LONGEST_REMEMBERED else self._of(text)

    def words(self, text: str) -> str:
        """Return text with another word for each of its words."""
        return WORD.sub(lambda match: self._word(match[0]), text)

    def number(self, literal: str) -> str:
        """Return another JSON number for one as it is written; its sign and exponent stay."""
        mantissa, mark, exponent = literal.partition("e" if "e" in literal else "E")
        return _DIGITS.sub(lambda match: self._digits(match[0]), mantissa) + mark + exponent

    def host(self, host: str) -> str:
        """Return another host, with its port; one of this machine stays."""
        name, colon, port = host.partition(":") if host.count(":") == 1 else (host, "", "")
        if not name or name.lower() == "localhost":
            return host
        if name.startswith("["):
            inside, bracket, rest = name[1:].partition("]")
            return f"[{self.address(inside)}{bracket}{rest if rest[1:].isdigit() else ''}"
        number = _address(name)
        other = self.address(name) if number else f"{self._syllables(name.casefold())}.example"
        return other + (colon + port if port.isdigit() else "")

    def address(self, text: str) -> str:
        """Return another IP address, from those that are kept for documents and benchmarks."""
        address = _address(text.strip())
        if address is None:
            return self.words(text)
        if address.is_loopback:
            return text
        number = int.from_bytes(self._bytes(address.packed, 10), "big")
        if isinstance(address, IPv4Address):
            return str(IPv4Address(int(IPv4Address("198.18.0.0")) + number % 2**17))
        return str(IPv6Address(int(IPv6Address("2001:db8::")) + number))

    def url(self, text: str) -> str:
        """Return another URL; its scheme stays."""
        try:
            parts = urlsplit(text)
        except ValueError:
            return self.words(text)
        path = "/".join(map(self.segment, parts.path.split("/")))
        rest = "".join(
            mark + quote(self.words(unquote(part)), safe="=&:/?+ ,").replace(" ", "%20")
            for mark, part in (("?", parts.query), ("#", parts.fragment))
            if part
        )
        host = self.host(parts.netloc.rpartition("@")[2])
        return f"{parts.scheme}://{host}{path}{rest}"

    def segment(self, segment: str) -> str:
        """Return another segment of a path, percent-encoded as it was."""
        decoded = unquote(segment)
        other = self.of(decoded)
        return segment if other == decoded else quote(other, safe="@:+,;=$!*'()")

    def _of(self, text: str) -> str:
        if not text or text == REDACTED or text.lower() in ("true", "false"):
            return text
        if UUID.fullmatch(text):
            return self._uuid(text)
        if text.startswith(_BULK_ID):
            return _BULK_ID + self.of(text.removeprefix(_BULK_ID))
        if URN.fullmatch(text):
            return text
        if URL.fullmatch(text):
            return self.url(text)
        if EMAIL.fullmatch(text):
            local, _, domain = text.rpartition("@")
            return f"{self.words(local)}@{self.host(domain)}"
        if _address(text):
            return self.address(text)
        if _DATE.fullmatch(text):
            return self._date(text)
        if time := _TIME.fullmatch(text):
            return f"{self._date(time[1])}T00:00:00{time[2] or ''}"
        if PHONE.fullmatch(text) and (text[0] in "+(" or not text.isdigit()):
            return self._phone(text)
        return self.words(text)

    def _word(self, word: str) -> str:
        if len(word) <= _LONGEST_NUMBER and _DIGITS.fullmatch(word):
            return self._digits(word)
        folded = word.casefold()
        if len(folded) != len(word) or folded.isalpha():
            return _cased_like(word, self._syllables(folded))
        # An identifier: letters and digits stay letters and digits, each in its place.
        stream = self._bytes(folded.encode("utf-8", "replace"), len(word))
        return "".join(map(_character_like, word, stream))

    def _syllables(self, folded: str) -> str:
        number = int.from_bytes(self._bytes(folded.encode("utf-8", "replace"), 8), "big")
        letters = []
        for _ in range(_SYLLABLES):
            number, consonant = divmod(number, len(_CONSONANTS))
            number, vowel = divmod(number, len(_VOWELS))
            letters += [_CONSONANTS[consonant], _VOWELS[vowel]]
        return "".join(letters)

    def _digits(self, digits: str) -> str:
        """Return other digits, as many: a Feistel network, and so one to one for each length.

        What does not begin with a zero does not do so afterwards either.
        """
        if len(digits) > _LONGEST_NUMBER:
            return "".join(map(_character_like, digits, self._bytes(digits.encode(), len(digits))))
        leading_zero = digits[0] == "0"
        other = digits
        while True:
            other = self._shuffled(other)
            if leading_zero == (other[0] == "0"):
                return other

    def _shuffled(self, digits: str) -> str:
        half = len(digits) // 2
        left, right = int(digits[:half] or "0"), int(digits[half:])
        sizes = 10**half, 10 ** (len(digits) - half)
        for turn in range(_ROUNDS):
            salt = f"{len(digits)}:{turn}:".encode()
            left = (left + self._integer(salt + b"%d" % right)) % sizes[0]
            right = (right + self._integer(salt + b"/%d" % left)) % sizes[1]
        return (f"{left:0{half}d}" if half else "") + f"{right:0{len(digits) - half}d}"

    def _phone(self, text: str) -> str:
        digits = "".join(_DIGITS.findall(text))
        kept = _country_code(digits) if text.lstrip("(").startswith("+") else ""
        others = iter(kept + self._digits(digits[len(kept) :]))
        return "".join(next(others) if c in "0123456789" else c for c in text)

    def _uuid(self, text: str) -> str:
        hexadecimal = iter(self._bytes(text.lower().encode(), 16).hex())
        other = "".join(c if c == "-" else next(hexadecimal) for c in text)
        return other.upper() if text.isupper() else other

    def _date(self, text: str) -> str:
        number = self._integer(text.encode())
        return f"{1950 + number % 70}-{1 + number // 70 % 12:02}-{1 + number // 840 % 28:02}"

    def _integer(self, data: bytes) -> int:
        return int.from_bytes(self._bytes(data, 20), "big")

    def _bytes(self, data: bytes, size: int) -> bytes:
        return shake_256(self._key + data).digest(size)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    if "." not in text and ":" not in text:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def _country_code(digits: str) -> str:
    # Not at the top: it takes 10 ms, and few exports need it.
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    codes = (digits[:length] for length in (1, 2, 3))
    code = next((code for code in codes if int(code) in COUNTRY_CODE_TO_REGION_CODE), "")
    return code if len(digits) - len(code) > 3 else ""


def _cased_like(word: str, other: str) -> str:
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other.capitalize() if word[0].isupper() else other


def _character_like(character: str, byte: int) -> str:
    if character in "0123456789":
        return str(byte % 10)
    letter = _LETTERS[byte % len(_LETTERS)]
    return letter.upper() if character.isupper() else letter
