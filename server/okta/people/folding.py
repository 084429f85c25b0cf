"""How texts are compared when somebody searches for a person."""

import unicodedata


def folded(text: str) -> str:
    """Return a text without letter case and accents: "Zoë" -> "zoe"."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
