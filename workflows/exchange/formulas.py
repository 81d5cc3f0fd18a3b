"""Keeps a spreadsheet from taking words for a formula."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def unfooled(cell: object) -> object:
    """Return a cell for CSV; words that a spreadsheet would reckon with get a quote before them."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINNINGS) else cell
