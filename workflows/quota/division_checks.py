"""Divides every national number again, revisions on top of what was posted before them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models import Municipality, MunicipalityPredecessor, NationalQuota, QuotaEntry
from models.vocabulary import ApportionMethod, QuotaKind
from workflows.quota.apportion import Apportionment, apportion
from workflows.quota.assignment import EXEMPT, population_on
from workflows.quota.difference import Difference
from workflows.quota.period import HalfYear
from workflows.quota.posted import WHOLE, inhabitants, inherited


@dataclass(slots=True)
class _Posted:
    """The quota lines of a half-year: each with its number, persons, instant and reason."""

    lines: list[Any] = field(default_factory=list)

    def before(self, instant: datetime) -> dict[str, int]:
        """Return the net persons by municipality recorded before an instant."""
        found: dict[str, int] = defaultdict(int)
        for line in self.lines:
            if line.recorded_at < instant:
                found[line.municipality_code] += line.persons
        return found

    def by(self, number: int) -> dict[str, int]:
        """Return the persons that a national number posted; corrections came afterwards."""
        found: dict[str, int] = defaultdict(int)
        for line in self.lines:
            if line.national_quota_id == number and line.reverses is None:
                found[line.municipality_code] += line.persons
        return found

    def exempted_by(self, number: int) -> set[str]:
        """Return the municipalities that a national number left out."""
        return {
            line.municipality_code
            for line in self.lines
            if line.national_quota_id == number and line.reason == EXEMPT and line.reverses is None
        }


def divisions(connection: Connection) -> Iterator[Difference]:
    """Yield where lines differ from the division; a number that was given has its lines only."""
    posted = _posted(connection)
    mergers = _mergers(connection)
    numbers = connection.execute(select(NationalQuota.__table__).order_by(NationalQuota.id)).all()
    for number in numbers:
        lines = posted[number.half_year]
        own = lines.by(number.id)
        subject = f"national number {number.half_year}"
        if not own:
            yield Difference("division", subject, "a line for each municipality", "none")
        if number.method == ApportionMethod.GIVEN or not own:
            continue
        half_year = HalfYear.parse(number.half_year)
        successors = {
            predecessor: successor
            for predecessor, successor, on_date, at in mergers
            if on_date <= half_year.starts_on and (at is None or at <= number.recorded_at)
        }
        found = inherited(lines.before(number.recorded_at), successors)
        for code, persons in own.items():
            found[code] = found.get(code, 0) + persons
        division = _divided(connection, number, found, lines.exempted_by(number.id), successors)
        for code in sorted(found):
            expected = division.quotas.get(code)
            if expected != found[code]:
                yield Difference("division", f"{subject} {code}", str(expected), str(found[code]))


def _posted(connection: Connection) -> dict[str, _Posted]:
    found: dict[str, _Posted] = defaultdict(_Posted)
    for line in connection.execute(
        select(
            QuotaEntry.half_year,
            QuotaEntry.municipality_code,
            QuotaEntry.persons,
            QuotaEntry.recorded_at,
            QuotaEntry.national_quota_id,
            QuotaEntry.reverses,
            QuotaEntry.reason,
        ).where(QuotaEntry.kind == QuotaKind.QUOTA, QuotaEntry.national_quota_id.is_not(None))
    ):
        found[line.half_year].lines.append(line)
    return found


def _mergers(connection: Connection) -> list[tuple[str, str, date, datetime | None]]:
    row = MunicipalityPredecessor
    rows = connection.execute(
        select(row.predecessor_code, row.successor_code, row.on_date, row.recorded_at).where(
            row.share_permille == WHOLE
        )
    )
    return [(each[0], each[1], each[2], each[3]) for each in rows]


def _divided(
    connection: Connection,
    number: Any,
    found: dict[str, int],
    exempt: set[str],
    successors: dict[str, str],
) -> Apportionment:
    day = HalfYear.parse(number.half_year).population_date
    began = {
        row[0]: row[1]
        for row in connection.execute(select(Municipality.code, Municipality.valid_from))
    }
    populations = inhabitants(population_on(connection, day), successors, began, day)
    counted = {code: populations[code] for code in found if code in populations}
    return apportion(number.persons, counted, ApportionMethod(number.method), exempt & set(counted))
