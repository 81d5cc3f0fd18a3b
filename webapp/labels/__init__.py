"""The Dutch word for each code that a screen shows; the catalogues translate them."""

from enum import StrEnum
from typing import Any

from flask_babel import gettext

from webapp.labels import (
    cases,
    deadlines,
    documents,
    handover,
    housing,
    linking,
    matching,
    norms,
    notices,
    organisations,
    payloads,
    quota,
    screening,
)

WORDS: dict[type[StrEnum], dict[str, str]] = {
    **cases.WORDS,
    **deadlines.WORDS,
    **documents.WORDS,
    **organisations.WORDS,
    **screening.WORDS,
    **linking.WORDS,
    **matching.WORDS,
    **housing.WORDS,
    **quota.WORDS,
    **handover.WORDS,
    **notices.WORDS,
    **norms.WORDS,
}
_BY_CODE = {code: text for words in payloads.WORDS.values() for code, text in words.items()}


def label(code: StrEnum | str | None, kind: type[StrEnum] | None = None) -> str:
    """Return the word for a code in the visitor's language; `kind` where the code is plain text."""
    if code is None:
        return ""
    found: Any = kind if kind is not None else type(code)
    words = WORDS.get(found, _BY_CODE)
    return str(gettext(words.get(str(code), str(code))))


def literal_label(code: str) -> str:
    """Return the word for a code that one payload declares for itself."""
    known = _BY_CODE.get(code)
    if known is not None:
        return str(gettext(known))
    for words in WORDS.values():
        if code in words:
            return str(gettext(words[code]))
    return code
