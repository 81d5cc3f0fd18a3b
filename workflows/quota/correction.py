"""What somebody fills in to find lines or a half-year, and to reverse a line."""

from workflows.payload import MunicipalityCode, Payload, Prose, Widget, entry
from workflows.quota.announcing import WrittenHalfYear
from workflows.quota.period import HalfYear


class LinesWanted(Payload):
    """Whose lines, of which half-year."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)
    half_year: WrittenHalfYear = entry("Halfjaar", Widget.TEXT, help_text="Zoals 2017-I.")


class Correction(Payload):
    """Why a line is reversed."""

    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


class HalfYearWanted(Payload):
    """A half-year."""

    half_year: WrittenHalfYear = entry("Halfjaar", Widget.TEXT, help_text="Zoals 2017-I.")

    @property
    def period(self) -> HalfYear:
        """Return the half-year."""
        return HalfYear.parse(self.half_year)
