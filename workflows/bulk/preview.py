"""What a step would do to many cases, found by doing it and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from models import Case
from workflows import policy
from workflows.bulk.fitting import Order
from workflows.engine import take_many
from workflows.errors import NotFound, Refused, Saying, WorkflowError, saying
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.reading.bulk import HEAD_NAME
from workflows.request import Request

MOST_CASES = 1_000


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A ticked case that the actor may see: what identifies it and its household.

    `name` is that of the head of the household.
    """

    id: int
    version: int
    household_type: str
    persons: int
    name: str | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would become of one ticked case.

    `case` is None when the actor may not see it or it does not exist; `refusal` says why the
    step cannot start, and is None when it can.
    """

    reference: str
    case: KnownCase | None
    refusal: Saying | None


def prepare(
    connection: Connection, wanted: Order, references: Sequence[str], moment: Moment
) -> list[PreviewRow]:
    """Return what the step would do to each case, without changing anything.

    The step is taken inside a savepoint that is rolled back, so that the preview cannot differ
    from what would happen. Raises `Refused` when there are too many cases or none.
    """
    ticked = list(dict.fromkeys(references))
    demand_number(ticked)
    known = known_cases(connection, wanted, ticked, moment.today)
    visible = [reference for reference in ticked if reference in known]
    requests = [
        Request(wanted.step, wanted.actor, wanted.payload, each, known[each].version)
        for each in visible
    ]
    trial = connection.begin_nested()
    try:
        outcomes = dict(zip(visible, take_many(connection, requests, moment), strict=True))
    finally:
        trial.rollback()
    return [
        PreviewRow(each, known.get(each), _refusal(outcomes.get(each, NotFound())))
        for each in ticked
    ]


def demand_number(references: Sequence[str]) -> None:
    """Raise `Refused` unless there is at least one case and no more than one run may hold."""
    if not references:
        raise Refused("none_ticked", "Vink eerst een of meer dossiers aan.", "cases")
    if len(references) > MOST_CASES:
        raise Refused(
            "too_many",
            "Kies ten hoogste {most} dossiers tegelijk.",
            "cases",
            {"most": MOST_CASES},
        )


def known_cases(
    connection: Connection, wanted: Order, references: Sequence[str], today: date
) -> dict[str, KnownCase]:
    """Return the cases among the references that the actor may see or act on."""
    clause = policy.visible(wanted.actor, wanted.step.permission, today) | policy.visible(
        wanted.actor, Permission.VIEW_CASE, today
    )
    rows = connection.execute(
        select(
            Case.reference,
            Case.id,
            Case.version,
            Case.household_type,
            Case.persons,
            HEAD_NAME,
        ).where(Case.reference == func.any(literal(list(references), ARRAY(Text))), clause)
    )
    return {row[0]: KnownCase(*row[1:]) for row in rows}


def _refusal(outcome: object) -> Saying | None:
    return saying(outcome) if isinstance(outcome, WorkflowError) else None
