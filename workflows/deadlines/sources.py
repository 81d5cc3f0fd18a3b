"""Where terms stand: seven places, each read by one statement with the same columns."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, literal, null, select

from models import Case, Handover, Task
from models.vocabulary import (
    ACT_TERMS,
    CASE_TERMS,
    LIVE_STATES,
    MUNICIPAL_TERMS,
    PENDING_HANDOVER,
    Term,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A place where terms stand.

    `due_on` is the day the term ends, `subject` the reference of what it belongs to (empty for
    the case itself), `organisation_id` whose work it is where the case does not tell. `running`
    holds while the term runs.
    """

    terms: tuple[Term, ...]
    term: Any
    subject: Any
    due_on: Any
    organisation_id: Any
    running: tuple[ColumnElement[bool], ...]
    table: type[Handover | Task] | None = None

    def rows(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """Return the running terms of this place with these columns, joined to their cases."""
        chosen = select(*columns).select_from(Case)
        if self.table is not None:
            chosen = chosen.join(self.table, self.table.case_id == Case.id)
        return chosen.where(*self.running)

    def only(self, terms: Collection[Term]) -> ColumnElement[bool]:
        """Return the clause for some of its terms."""
        found: ColumnElement[bool] = self.term.in_([term.value for term in terms])
        return found


_NOTHING = literal("", String)
_NOBODY = cast(null(), BigInteger)
_LIVE = Case.state.in_(LIVE_STATES)
SOURCES = (
    Source(
        CASE_TERMS,
        Case.due_term,
        _NOTHING,
        Case.due_on,
        _NOBODY,
        (_LIVE, Case.due_term.is_not(None)),
    ),
    Source(
        ACT_TERMS,
        Case.act_term,
        _NOTHING,
        Case.act_due_on,
        _NOBODY,
        (Case.act_due_on.is_not(None),),
    ),
    Source(
        MUNICIPAL_TERMS,
        Case.municipal_term,
        _NOTHING,
        Case.municipal_due_on,
        _NOBODY,
        (Case.municipal_due_on.is_not(None),),
    ),
    Source(
        (Term.RESUME,),
        literal(Term.RESUME.value),
        _NOTHING,
        Case.suspended_until,
        _NOBODY,
        (Case.suspended_until.is_not(None), _LIVE),
    ),
    Source(
        (Term.ASSIGN,),
        literal(Term.ASSIGN.value),
        _NOTHING,
        Case.assign_due_on,
        _NOBODY,
        (Case.assign_due_on.is_not(None),),
    ),
    Source(
        (Term.HANDOVER,),
        literal(Term.HANDOVER.value),
        Handover.reference,
        Handover.due_on,
        Handover.target_id,
        (Handover.state.in_(PENDING_HANDOVER),),
        Handover,
    ),
    Source(
        (Term.TASK,),
        literal(Term.TASK.value),
        Task.reference,
        Task.due_on,
        Task.organisation_id,
        (Task.done_on.is_(None),),
        Task,
    ),
)
