"""Numbers and distances to the monthly line as they are read, quick enough for many rows."""

from fractions import Fraction

from babel.numbers import get_group_symbol
from flask_babel import format_decimal, get_locale, gettext

from webapp.marking import N_
from webapp.standing_dates import Dates
from workflows.quota.period import HalfYear
from workflows.quota.table import StandingRow

AHEAD, BEHIND = N_("%(number)s voor op de maandlijn"), N_("%(number)s achter op de maandlijn")
AHEAD_SHORT, BEHIND_SHORT = N_("%(number)s voor"), N_("%(number)s achter")
LESS_THAN_ONE = N_("minder dan 1")


class Grouped:
    """Writes whole numbers with the separators of the reader's language."""

    def __init__(self) -> None:
        self._symbol = get_group_symbol(get_locale())

    def __call__(self, number: int) -> str:
        """Return a number such as 23.000."""
        return f"{number:,}".replace(",", self._symbol)


class LineWords:
    """Says how many persons behind or ahead of the monthly line."""

    def __init__(self, *, short: bool = False) -> None:
        self._number = Grouped()
        self._ahead: str = gettext(AHEAD_SHORT if short else AHEAD)
        self._behind: str = gettext(BEHIND_SHORT if short else BEHIND)
        self._less_than_one: str = gettext(LESS_THAN_ONE)
        self._level: str = gettext("gelijk") if short else gettext("Op de maandlijn")

    def __call__(self, late: Fraction) -> str:
        """Return it for so many persons; ahead of the line with a minus.

        A part of a person is said too: in a small municipality it is the difference between
        classes.
        """
        if late == 0:
            return self._level
        persons = abs(round(late))
        number = self._number(persons) if persons else self._less_than_one
        return (self._behind if late > 0 else self._ahead) % {"number": number}


def pace_words(row: StandingRow, dates: Dates) -> str:
    """Return what is realised per month so far, beside what is needed."""
    months = HalfYear.of_standing(dates.valid).months_elapsed(dates.valid)
    words: str = gettext(
        "gerealiseerd per maand: %(realised)s (%(months)s van 6 maanden voorbij)",
        realised=Grouped()(round(row.realised / months)),
        months=format_decimal(round(float(months), 1)),
    )
    return words
