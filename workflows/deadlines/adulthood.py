"""Puts a task on the list before an unaccompanied minor turns eighteen."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from models import Case, Membership, Person, Task
from models.vocabulary import LIVE_STATES, CaseKind, TaskKind
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.rules.household import ADULT_AGE, birthday, born_by
from workflows.rules.norms import NormCode, add_months, norm_on


def raise_adulthood_tasks(connection: Connection, moment: Moment) -> int:
    """Make the tasks of who turns eighteen within the months of the norm; returns how many.

    Each minor of a case has one such task, whoever made it. The caller commits.
    """
    norms = read_rules(connection, moment).norms
    months = norm_on(norms, NormCode.ADULTHOOD_NOTICE, moment.today).amount
    born_until = born_by(add_months(moment.today, months), ADULT_AGE)
    rows = connection.execute(_untold(born_until)).all()
    if not rows:
        return 0
    made = connection.scalars(
        insert(Task)
        .values(
            [
                {
                    "reference": moment.new_reference(),
                    "organisation_id": organisation,
                    "case_id": case,
                    "person_id": person,
                    "kind": TaskKind.TURNS_18,
                    "due_on": add_months(birthday(born, ADULT_AGE), -months),
                }
                for case, organisation, person, born in rows
            ]
        )
        .on_conflict_do_nothing()
        .returning(Task.id)
    )
    return len(made.all())


def _untold(born_until: date) -> Select[*tuple[Any, ...]]:
    """Select the minors born until a day without such a task, with whose work it is."""
    return (
        select(
            Case.id,
            func.coalesce(Case.guardian_id, Case.region_id),
            Person.id,
            Person.birth_date,
        )
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Case.kind == CaseKind.UNACCOMPANIED_MINOR,
            Case.state.in_(LIVE_STATES),
            Membership.left_on.is_(None),
            Person.birth_date <= born_until,
            ~select(Task.id)
            .where(
                Task.case_id == Case.id,
                Task.person_id == Person.id,
                Task.kind == TaskKind.TURNS_18,
            )
            .exists(),
        )
        .order_by(Case.id, Person.id)
    )
