"""A bar that nobody looks at, for builds in tests."""


class NoBar:
    """Counts the acts that were taken."""

    def __init__(self) -> None:
        self.total: float | None = None
        self.done = 0.0

    def reset(self, total: float | None = None) -> None:
        """Start anew with a total."""
        self.total = total

    def update(self, n: float | None = 1) -> bool | None:
        """Add to what is done."""
        self.done += n or 0
        return None
