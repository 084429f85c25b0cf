"""How many failures one address is allowed."""

import math
from collections import OrderedDict
from collections.abc import Callable


class FailureThrottle:
    """Counts failures by address, in windows that begin with an address's first failure.

    At most ``capacity`` addresses are remembered; the ones that failed longest ago go first.
    ``clock`` returns seconds and never runs backwards.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        limit: int = 60,
        window: float = 60.0,
        capacity: int = 10_000,
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window
        self._capacity = capacity
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def failed(self, address: str) -> int | None:
        """Count a failure; return the seconds to wait when the address had too many of them."""
        now = self._clock()
        began, count = self._failures.pop(address, (now, 0))
        if now - began >= self._window:
            began, count = now, 0
        self._failures[address] = (began, count + 1)
        if len(self._failures) > self._capacity:
            self._failures.popitem(last=False)
        if count < self._limit:
            return None
        return max(1, math.ceil(began + self._window - now))

    def __len__(self) -> int:
        """Return how many addresses are remembered."""
        return len(self._failures)
