"""What a transfer of quota is, and when it may be (Huisvestingswet 2014 art. 29(2))."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from models import Municipality, QuotaRollup
from models.vocabulary import RollupGrain, TransferAnswer, TransferParty
from workflows.errors import Refused
from workflows.payload import (
    Line,
    MunicipalityCode,
    OptionalProse,
    Payload,
    Prose,
    Widget,
    entry,
)
from workflows.quota.announcing import WrittenHalfYear
from workflows.quota.assignment import last_number
from workflows.quota.exemptions import exempt_on
from workflows.quota.figures import ASSIGNED
from workflows.quota.period import HalfYear

MOST_PERSONS = 100_000
REFERENCE = re.compile(r"[a-z2-7]{16}")


class ProposedTransfer(Payload):
    """Who hands over how many persons of quota to whom, in which half-year, and why."""

    giver: MunicipalityCode = entry("Gemeente die overdraagt", Widget.MUNICIPALITY)
    taker: MunicipalityCode = entry("Gemeente die overneemt", Widget.MUNICIPALITY)
    half_year: WrittenHalfYear = entry("Halfjaar", Widget.TEXT, help_text="Zoals 2017-I.")
    persons: int = entry("Personen", Widget.NUMBER, ge=1, le=MOST_PERSONS)
    effective_on: date = entry("Gaat in op", Widget.DATE)
    reason: Line = entry("Reden", Widget.TEXT, personal=True)


class Answered(Payload):
    """What a municipality says to a transfer; declining asks a reason."""

    answer: TransferAnswer = entry("Antwoord", Widget.CHOICE)
    reason: OptionalProse = entry(
        "Reden",
        Widget.PROSE,
        default=None,
        help_text="Verplicht als u de uitruil afwijst.",
        personal=True,
    )


class Withdrawn(Payload):
    """Why who proposed a transfer takes it back."""

    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


@dataclass(frozen=True, slots=True)
class StoredTransfer:
    """A transfer as it was proposed."""

    id: int
    reference: str
    half_year: HalfYear
    giver: str
    taker: str
    persons: int
    effective_on: date
    proposed_for: str | None

    def code(self, party: TransferParty) -> str:
        """Return the municipality that is giver or taker."""
        return self.giver if party is TransferParty.GIVER else self.taker


def check_possible(connection: Connection, transfer: StoredTransfer) -> None:
    """Refuse a transfer that the rules do not allow; the balances of both are locked."""
    half_year = transfer.half_year
    if last_number(connection, half_year) is None:
        raise Refused(
            "no_quota",
            "Voor {half_year} is nog geen taakstelling vastgesteld.",
            "half_year",
            {"half_year": str(half_year)},
        )
    for party, code in (("giver", transfer.giver), ("taker", transfer.taker)):
        if exempt_on(connection, code, transfer.effective_on):
            raise Refused(
                "exempt", "Deze gemeente is vrijgesteld en heeft geen taakstelling.", party
            )
    quota = quota_of(connection, transfer.giver, half_year)
    if transfer.persons > quota:
        raise Refused(
            "too_many",
            "Deze gemeente heeft in {half_year} een taakstelling van {quota} personen.",
            "persons",
            {"half_year": str(half_year), "quota": max(quota, 0)},
        )


def quota_of(connection: Connection, code: str, half_year: HalfYear) -> int:
    """Return the quota of a municipality in a half-year with its transfers, in persons."""
    found = connection.scalar(
        select(func.sum(QuotaRollup.persons)).where(
            QuotaRollup.municipality_code == code,
            QuotaRollup.half_year == str(half_year),
            QuotaRollup.grain == RollupGrain.HALF_YEAR,
            QuotaRollup.kind.in_(ASSIGNED),
        )
    )
    return int(found or 0)


def check_parties(connection: Connection, transfer: StoredTransfer) -> None:
    """Refuse a transfer between municipalities that are none, or outside its half-year."""
    if transfer.giver == transfer.taker:
        raise Refused("same", "Kies twee verschillende gemeenten.", "taker")
    day = transfer.effective_on
    if HalfYear.of_date(day) != transfer.half_year:
        raise Refused(
            "outside_half_year",
            "De ingangsdatum valt niet in {half_year}.",
            "effective_on",
            {"half_year": str(transfer.half_year)},
        )
    for party, code in (("giver", transfer.giver), ("taker", transfer.taker)):
        found = connection.execute(
            select(Municipality.valid_from, Municipality.valid_until).where(
                Municipality.code == code
            )
        ).one_or_none()
        if found is None or found[0] > day or (found[1] is not None and found[1] <= day):
            raise Refused("unknown_municipality", "Deze gemeente bestaat dan niet.", party)
