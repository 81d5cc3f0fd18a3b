"""What a merger does to cases: the live ones that it concerns follow it by a step of their own."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from models import Case, Document
from workflows.actor import Actor
from workflows.engine import take_many
from workflows.moment import Moment
from workflows.policy import FINISHED
from workflows.request import Request
from workflows.steps.follow_merger import STEP as FOLLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A live case that is linked to a predecessor, or only names some in its hard criteria."""

    id: int
    reference: str
    state: str
    linked: str | None
    named: tuple[str, ...]
    reserved: int


def concerned(connection: Connection, codes: list[str]) -> list[Concerned]:
    """Return the live cases that a merger of municipalities concerns."""
    rows = connection.execute(
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.municipality_code,
            Case.hard_criteria,
            Case.reserved,
        )
        .where(Case.state.notin_(sorted(FINISHED)))
        .order_by(Case.id)
    )
    found = []
    for case_id, reference, state, code, criteria, reserved in rows:
        names = {code, *(criterion["municipality"] for criterion in criteria)}
        named = tuple(each for each in codes if each in names)
        if named:
            found.append(
                Concerned(
                    id=case_id,
                    reference=reference,
                    state=state,
                    linked=code if code in codes else None,
                    named=named,
                    reserved=reserved if code in codes else 0,
                )
            )
    return found


def move_cases(
    connection: Connection, actor: Actor, codes: list[str], successor: str, moment: Moment
) -> int:
    """Take every case along that a merger concerns; returns how many."""
    cases = concerned(connection, codes)
    requests = [
        Request(FOLLOW, actor, {"predecessor": code, "successor": successor}, each.reference)
        for each in cases
        for code in each.named
    ]
    take_many(connection, requests, moment, all_or_nothing=True)
    linked = [each.id for each in cases if each.linked is not None]
    connection.execute(
        update(Document)
        .where(Document.case_id.in_(linked), Document.municipality_code.in_(codes))
        .values(municipality_code=successor)
    )
    return len(cases)
