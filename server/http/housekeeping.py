"""What requests leave behind, cleared away between them."""

import asyncio
from typing import Protocol

from server.blink.directory import Directory, DirectoryUnavailable

PAUSE = 0.02
"""Seconds between two steps, in which requests have their turn."""


class Leftovers(Protocol):
    """Rows that nothing shows any more."""

    @property
    def has_leftovers(self) -> bool:
        """Whether ``sweep`` may find something."""

    def sweep(self) -> None:
        """Delete some of them; may raise ``DirectoryUnavailable``."""


class Housekeeping:
    """Sweeps in small steps for as long as something is left.

    Deleting a group of 100,000 takes one row; the rows of its members would hold up that request
    and all others.
    """

    def __init__(self, leftovers: Leftovers, directory: Directory) -> None:
        self._leftovers = leftovers
        self._directory = directory
        self._planned = False

    def look(self) -> None:
        """Plan a step if one is needed."""
        if self._leftovers.has_leftovers and not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_later(PAUSE, self._step)

    def _step(self) -> None:
        self._planned = False
        try:
            # Requests that wait for a commit do not wait for this, too.
            if not self._directory.uncommitted:
                self._leftovers.sweep()
                self._directory.commit()
        except DirectoryUnavailable:
            return  # the next change looks again
        self.look()
