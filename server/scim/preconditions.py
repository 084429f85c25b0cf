"""Requests that depend on a resource's version (RFC 7644 3.14, RFC 9110 13)."""

import re
from dataclasses import dataclass

from server.scim.errors import ScimError

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def entity_tag(version: int) -> str:
    """Return the weak entity tag of a version, which ``meta.version`` shows too."""
    return f'W/"{version}"'


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The values of ``If-Match`` and ``If-None-Match``, None where they were not sent.

    Tags are compared weakly, since all of ours are weak.
    """

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, version: int) -> None:
        """Let a change of a resource of this version pass.

        Raises:
            ScimError: 412 when the client means another version.
        """
        if self.if_match is not None and not _names(self.if_match, version):
            raise ScimError(
                412,
                f"The resource has changed: its version is {entity_tag(version)}, but If-Match "
                f"asks for {self.if_match[:60]}. Read it again and repeat the change.",
            )
        if self.if_none_match is not None and _names(self.if_none_match, version):
            raise ScimError(
                412,
                f"If-None-Match forbids a change of version {entity_tag(version)}, which is the "
                "present one. Send the request without it.",
            )

    def unchanged(self, version: int) -> bool:
        """Say whether a reader has this version already, so that 304 is the answer."""
        return self.if_none_match is not None and _names(self.if_none_match, version)


ANY_VERSION = Preconditions()


def _names(tags: str, version: int) -> bool:
    return tags.strip() == "*" or str(version) in _TAG.findall(tags)
