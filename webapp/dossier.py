"""What the pages of one case share: the case with its household, loaded and read-logged."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.vocabulary import MemberRole
from webapp.wording import Entry, Names, entries, needed_places, people
from workflows.actor import Actor
from workflows.acts import Acts, acts_for
from workflows.handover.moves import ON_HANDOVER
from workflows.moment import Moment
from workflows.reading.case import CaseView, MemberView, find_case, members_of
from workflows.reading.places import municipality_names, names_of
from workflows.reading.timeline import events_of
from workflows.trail import record_read

# Why a case was read, in the read log: to take a step on it.
TO_ACT = "step"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case, its members and what the actor can do."""

    case: CaseView
    members: list[MemberView]
    acts: Acts

    @property
    def present(self) -> list[MemberView]:
        """Who belongs to the household now."""
        return [member for member in self.members if member.present]

    @property
    def head(self) -> MemberView | None:
        """The head of the household."""
        return next((each for each in self.present if each.role == MemberRole.HEAD), None)


def open_dossier(
    connection: Connection, who: Actor, reference: str, moment: Moment, purpose: str
) -> Dossier:
    """Return a case that the actor may see, and log that it was seen; raises `NotFound`."""
    case = find_case(connection, who, reference, moment.today)
    members = members_of(connection, case)
    record_read(connection, moment, who.user_id, purpose, case_id=case.id)
    present = [member for member in members if member.present]
    return Dossier(case, members, acts_for(who, case, present, moment.today))


def timeline_of(connection: Connection, dossier: Dossier, *, after_version: int = 0) -> list[Entry]:
    """Return the events of a case in words."""
    events = events_of(connection, dossier.case, after_version=after_version)
    codes, references = needed_places(events)
    places = municipality_names(connection, codes) | names_of(connection, references)
    return entries(events, Names(people(dossier.members), places))


def days_left(case: CaseView, today: date) -> int | None:
    """Return the days until the term of the act that is waited for, or else the case's own.

    Negative when it is late, None when no term runs.
    """
    due = case.act_due_on or (case.due_on if case.due_term else None)
    return None if due is None else (due - today).days


def front_days_left(dossier: Dossier, today: date) -> int | None:
    """Return the days until the act in front is due: on a handover, by the handover's own term."""
    front, case = dossier.acts.front, dossier.case
    if front is not None and front.code in ON_HANDOVER and case.handover_due_on is not None:
        return (case.handover_due_on - today).days
    return days_left(case, today)
