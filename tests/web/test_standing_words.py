"""The distance to the monthly line in words."""

from fractions import Fraction

import pytest
from flask import Flask

from webapp.standing.words import LineWords


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (Fraction(0), "gelijk"),
        (Fraction(2, 5), "minder dan 1 achter"),
        (Fraction(-2, 5), "minder dan 1 voor"),
        (Fraction(8, 5), "2 achter"),
        (Fraction(-1200), "1.200 voor"),
    ],
)
def test_a_part_of_a_person_is_not_called_level(
    application: Flask, late: Fraction, said: str
) -> None:
    with application.test_request_context():
        assert LineWords(short=True)(late) == said
