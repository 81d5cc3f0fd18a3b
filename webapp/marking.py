"""Marks texts that are translated later, when they are shown."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Return a text as it is; the catalogues' extraction finds it by this call."""
    return text
