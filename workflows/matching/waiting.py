"""The households that wait for a link, most urgent first, as an actor may link them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from models import Case, Membership, Person, ReceptionCentre, Screening
from models.vocabulary import CaseState, EducationLevel
from workflows import policy
from workflows.actor import Actor
from workflows.matching.facts import Adult, Seeker
from workflows.permissions import Permission

Criterion = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A household that waits for a link, with what its choice of municipality depends on."""

    case_id: int
    version: int
    seeker: Seeker
    household_type: str
    hard_criteria: tuple[Criterion, ...]
    functional_needs: tuple[str, ...]
    permit_on: date
    suspended_days: int
    due_on: date | None

    @property
    def reference(self) -> str:
        """The reference of the case."""
        return self.seeker.reference


# The newest screening of each person, held or not.
NEWEST = (
    select(
        Screening.person_id,
        Screening.education_level,
        Screening.work_experience,
        Screening.network_municipality,
    )
    .ext(distinct_on(Screening.person_id))
    .order_by(Screening.person_id, Screening.id.desc())
    .subquery()
)


def screened_columns(newest: FromClause) -> tuple[Any, ...]:
    """Return the columns of an adult with a screening, as `adult_of` reads them."""
    return (
        Person.id,
        newest.c.education_level,
        newest.c.work_experience,
        Person.languages,
        newest.c.network_municipality,
    )


_HOUSEHOLDS = (
    select(
        Case.id,
        Case.version,
        Case.reference,
        Case.persons,
        Case.household_type,
        Case.hard_criteria,
        Case.functional_needs,
        Case.advised_regions,
        Case.permit_on,
        Case.suspended_days,
        Case.due_on,
        ReceptionCentre.municipality_code.label("centre"),
    )
    .outerjoin(ReceptionCentre, ReceptionCentre.organisation_id == Case.centre_id)
    .order_by(Case.due_on.nulls_last(), Case.id)
)


def waiting_households(
    connection: Connection, actor: Actor, today: date, references: Collection[str] | None = None
) -> list[Waiting]:
    """Return the screened households that an actor may link; all, or those with a reference.

    In the order of their terms. A household whose clock stands still waits for itself and is left
    out.
    """
    chosen = [
        Case.state == CaseState.SCREENED,
        Case.suspended_on.is_(None),
        policy.visible(actor, Permission.LINK, today),
    ]
    if references is not None:
        chosen.append(Case.reference.in_(sorted(references)))
    return _households(connection, chosen)


def screened_households(
    connection: Connection, actor: Actor, since: date, today: date
) -> list[Waiting]:
    """Return the households with a permit since a day whose screening is complete.

    Linked or not; those of whom an actor may link, in the order of their terms.
    """
    chosen = [
        Case.permit_on >= since,
        Case.permit_on < today,
        Case.screened_on.is_not(None),
        Case.persons > 0,
        policy.visible(actor, Permission.LINK, today),
    ]
    return _households(connection, chosen)


def _households(connection: Connection, chosen: Sequence[ColumnElement[bool]]) -> list[Waiting]:
    rows = connection.execute(_HOUSEHOLDS.where(and_(*chosen))).all()
    adults = _adults(connection, [row.id for row in rows])
    return [_waiting(row, adults[row.id]) for row in rows]


def _waiting(row: Any, adults: list[Adult]) -> Waiting:
    return Waiting(
        case_id=row.id,
        version=row.version,
        seeker=Seeker(
            reference=row.reference,
            persons=row.persons,
            adults=tuple(adults),
            advised_regions=frozenset(row.advised_regions),
            centre=row.centre,
        ),
        household_type=row.household_type,
        hard_criteria=tuple(row.hard_criteria),
        functional_needs=tuple(row.functional_needs),
        permit_on=row.permit_on,
        suspended_days=row.suspended_days,
        due_on=row.due_on,
    )


def _adults(connection: Connection, cases: Collection[int]) -> dict[int, list[Adult]]:
    """Return the members with a screening that was held, by case; the newest screening holds."""
    found: dict[int, list[Adult]] = defaultdict(list)
    if not cases:
        return found
    rows = connection.execute(
        select(Membership.case_id, *screened_columns(NEWEST))
        .join(Person, Person.id == Membership.person_id)
        .join(NEWEST, NEWEST.c.person_id == Person.id)
        .where(
            Membership.case_id.in_(cases),
            Membership.left_on.is_(None),
            NEWEST.c.education_level.is_not(None),
        )
        .order_by(Membership.case_id, Person.id)
    )
    for case_id, *screened in rows:
        found[case_id].append(adult_of(*screened))
    return found


def adult_of(
    person_id: int,
    education: str,
    jobs: Iterable[Mapping[str, Any]],
    languages: Iterable[str],
    network: str | None,
) -> Adult:
    """Return the adult of a row of `screened_columns`."""
    return Adult(
        person_id=person_id,
        education=EducationLevel(education),
        jobs=tuple((str(job["occupation"]), int(job["years"])) for job in jobs),
        languages=frozenset(language.strip().casefold() for language in languages),
        network=network,
    )
