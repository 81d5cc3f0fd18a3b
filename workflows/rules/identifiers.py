"""V-numbers and citizen service numbers (BSN), and numbers that cannot belong to anybody.

The synthetic numbers pass every check of the program, so that a demo or a test takes the same
road as real work. Why they cannot be real:

- BSN: numbers were issued with eight or nine digits, eight getting one leading zero, so that no
  real number starts with 00. (The range 9999 of the RvIG test persons holds only 9,090 numbers
  that pass the 11-test, fewer than a demo has permit holders.)
- V-number: ten digits, given out by one central register since 2003; 9,990,000,000 and above is
  the far end of what can be written. The issuer publishes no test range, so that this one is the
  project's own choice and no proof; an installation with real data never builds a demo.
"""

import re
from typing import Literal

V_NUMBER_LENGTH = 10
BSN_LENGTH = 9
SHORTEST_BSN = 8
BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
SYNTHETIC_V_NUMBER_PREFIX = "999"
SYNTHETIC_BSN_PREFIX = "00"
SYNTHETIC_V_NUMBERS = 10_000_000
SYNTHETIC_BSNS = 99_999

_SEPARATORS = re.compile(r"[\s.\-]")
_DIGITS = re.compile(r"[0-9]+")

Fault = Literal["digits", "length", "eleven_test", "range"]


class IdentifierError(ValueError):
    """A number that cannot be an identifier; `fault` is a code that a page can put in words."""

    def __init__(self, fault: Fault, message: str) -> None:
        """Keep the fault beside the message, which never quotes the number."""
        super().__init__(message)
        self.fault: Fault = fault


def parse_v_number(text: str) -> str:
    """Return a V-number as 10 digits, leading zeros kept; IdentifierError when it is none.

    Spaces, dots and hyphens are taken out.
    """
    digits = _digits(text)
    if len(digits) != V_NUMBER_LENGTH:
        raise IdentifierError("length", f"a V-number has {V_NUMBER_LENGTH} digits")
    return digits


def parse_bsn(text: str) -> str:
    """Return a BSN as 9 digits that pass the 11-test; IdentifierError when it is none.

    Spaces, dots and hyphens are taken out; the older form of 8 digits gets its leading zero.
    Source of the test: Logisch ontwerp BSN.
    """
    digits = _digits(text)
    if len(digits) not in {SHORTEST_BSN, BSN_LENGTH}:
        raise IdentifierError("length", f"a BSN has {BSN_LENGTH} digits")
    bsn = digits.zfill(BSN_LENGTH)
    if not passes_eleven_test(bsn):
        raise IdentifierError("eleven_test", "the digits of this BSN do not belong together")
    return bsn


def passes_eleven_test(bsn: str) -> bool:
    """Return whether 9 digits pass the 11-test of the BSN; nine zeros do not."""
    if len(bsn) != BSN_LENGTH or not _DIGITS.fullmatch(bsn) or not int(bsn):
        return False
    return _weighted_sum(bsn) % 11 == 0


def synthetic_v_number(sequence: int) -> str:
    """Return the V-number of nobody with a sequence number from 0 to 9,999,999.

    IdentifierError outside that range; different sequence numbers give different V-numbers.
    """
    if not 0 <= sequence < SYNTHETIC_V_NUMBERS:
        raise IdentifierError("range", f"no synthetic V-number has the sequence {sequence}")
    return f"{SYNTHETIC_V_NUMBER_PREFIX}{sequence:07}"


def synthetic_bsn(sequence: int) -> str:
    """Return the BSN of nobody with a sequence number from 1 to 99,999.

    IdentifierError outside that range; different sequence numbers give different BSNs.
    """
    if not 1 <= sequence <= SYNTHETIC_BSNS:
        raise IdentifierError("range", f"no synthetic BSN has the sequence {sequence}")
    stem = f"{SYNTHETIC_BSN_PREFIX}{sequence:05}"
    # The last digit must equal the weighted sum modulo 11. Where that is 10, an eighth digit 1
    # instead of 0 raises the sum by 2 and makes it 1.
    eighth = int(_weighted_sum(stem) % 11 == 10)  # noqa: PLR2004
    return f"{stem}{eighth}{_weighted_sum(f'{stem}{eighth}') % 11}"


def _digits(text: str) -> str:
    bare = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(bare):
        raise IdentifierError("digits", "an identifier holds digits only")
    return bare


def _weighted_sum(digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(BSN_WEIGHTS, digits, strict=False))
