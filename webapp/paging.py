"""The page that an address asks for."""

from flask import abort, request

_MOST_PAGES = 1_000


def page_number() -> int:
    """Return the number of the page, the first by default; aborts for one that cannot be."""
    text = request.args.get("blad", "1")
    known = {str(number): number for number in range(1, _MOST_PAGES)}
    if text not in known:
        abort(404)
    return known[text]
