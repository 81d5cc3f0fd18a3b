"""Both methods of dividing a national number side by side, before anything is assigned."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from models import Municipality
from models.vocabulary import ApportionMethod
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.quota.apportion import Apportionment
from workflows.quota.assignment import Announcement, StoredNumber, divide, last_number, populations
from workflows.quota.period import HalfYear
from workflows.quota.posted import posted_quota

STATUTE, PUBLISHED = ApportionMethod.STATUTE_CEILING, ApportionMethod.PUBLISHED_HALF_UP


@dataclass(frozen=True, slots=True)
class Share:
    """What a method gives a municipality: persons, the exact share, and what rounding added."""

    persons: int
    exact: Fraction

    @property
    def rounding(self) -> Fraction:
        """Return the persons minus the exact share."""
        return self.persons - self.exact


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A municipality in a preview; `posted` is its quota so far, in persons."""

    code: str
    name: str
    population: int
    exempt: bool
    statute: Share
    published: Share
    posted: int

    def of(self, method: ApportionMethod) -> Share:
        """Return what a method gives."""
        return self.statute if method is STATUTE else self.published

    def change(self, method: ApportionMethod) -> int:
        """Return the persons that a method would add to the quota so far."""
        return self.of(method).persons - self.posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A national number divided by both methods; `present` is the number that holds now."""

    half_year: HalfYear
    persons: int
    present: StoredNumber | None
    divisions: Mapping[ApportionMethod, Apportionment]
    rows: tuple[PreviewRow, ...]

    @property
    def posted(self) -> int:
        """Return the sum of the quotas so far, in persons."""
        return sum(row.posted for row in self.rows)


def preview(connection: Connection, actor: Actor, half_year: HalfYear, persons: int) -> Preview:
    """Return how both methods would divide a number; nothing is stored.

    Raises `NotFound` without the right and `Refused` when the number cannot be divided.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    divisions = {
        method: divide(
            connection,
            Announcement(half_year=half_year, persons=persons, method=method, source=""),
        )
        for method in (STATUTE, PUBLISHED)
    }
    inhabitants, _ = populations(connection, half_year)
    names = _names(connection, half_year)
    posted = posted_quota(connection, half_year)
    rows = [
        PreviewRow(
            code=code,
            name=names[code],
            population=population,
            exempt=code in divisions[PUBLISHED].exempt,
            statute=_share(divisions[STATUTE], code, population),
            published=_share(divisions[PUBLISHED], code, population),
            posted=posted.get(code, 0),
        )
        for code, population in inhabitants.items()
    ]
    return Preview(
        half_year=half_year,
        persons=persons,
        present=last_number(connection, half_year),
        divisions=divisions,
        rows=tuple(sorted(rows, key=lambda row: row.name.removeprefix("'s-"))),
    )


def _share(division: Apportionment, code: str, population: int) -> Share:
    return Share(division.quotas[code], division.exact(code, population))


def _names(connection: Connection, half_year: HalfYear) -> dict[str, str]:
    rows = connection.execute(
        select(Municipality.code, Municipality.name).where(
            Municipality.valid_from <= half_year.starts_on
        )
    )
    return {row[0]: row[1] for row in rows}
