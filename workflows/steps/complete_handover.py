"""Complete a handover with its three-way interview and what was agreed, or why it was not held."""

from datetime import date
from typing import Annotated

from models import Task
from models.vocabulary import HandoverParty, InterviewAbsence, InterviewForm, TaskKind
from workflows.errors import Refused
from workflows.guards import HANDOVER_STATES, not_before, not_future
from workflows.handover.record import HandoverRecord, change, current
from workflows.payload import (
    Blank,
    Line,
    OptionalDate,
    OptionalLine,
    OptionalProse,
    OptionalReference,
    Payload,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "complete_handover"
THREE_WAY = frozenset({HandoverParty.HOUSEHOLD, HandoverParty.AGENCY, HandoverParty.MUNICIPALITY})


class Participant(Payload):
    """Somebody who took part, for one of the parties."""

    party: HandoverParty = entry("Namens", Widget.CHOICE, personal=True)
    name: Line = entry("Naam", Widget.TEXT, personal=True)


class Agreement(Payload):
    """What somebody will do before a day."""

    what: Line = entry("Afspraak", Widget.TEXT, personal=True)
    party: HandoverParty = entry("Wie doet het", Widget.CHOICE, personal=True)
    due_on: date = entry("Klaar op", Widget.DATE, personal=True)


class CompleteHandover(Payload):
    """How the interview went, or why there was none."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    held: bool = entry("Is het gesprek gehouden", Widget.YES_NO)
    interview_on: OptionalDate = entry("Datum gesprek", Widget.DATE, default=None)
    interview_form: Annotated[InterviewForm | None, Blank] = entry(
        "Hoe", Widget.CHOICE, default=None
    )
    language: OptionalLine = entry("Taal", Widget.TEXT, default=None, personal=True)
    interpreter: bool = entry("Er was een tolk", Widget.YES_NO, default=False)
    participants: list[Participant] = entry(
        "Wie waren erbij",
        Widget.GROUP,
        default_factory=list,
        help_text="Van het huishouden, het COA en de gemeente ten minste een.",
        personal=True,
        max_length=20,
    )
    agreements: list[Agreement] = entry(
        "Afspraken",
        Widget.GROUP,
        default_factory=list,
        help_text="Elke afspraak wordt een taak van uw gemeente.",
        personal=True,
        max_length=20,
    )
    absence: Annotated[InterviewAbsence | None, Blank] = entry(
        "Reden dat er geen gesprek was", Widget.CHOICE, default=None
    )
    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: CompleteHandover) -> None:
    """Record the interview; its agreements become tasks of the receiving organisation."""
    record = current(situation, CODE, payload.handover)
    if payload.held:
        _check_interview(situation, payload, record)
    elif payload.absence is None:
        raise Refused("absence", "Geef aan waarom er geen gesprek was.", "absence")
    elif payload.interview_on is not None:
        raise Refused("not_held", "Laat de datum leeg als er geen gesprek was.", "interview_on")
    change(
        situation,
        record,
        CODE,
        interview_held=payload.held,
        interview_on=payload.interview_on,
        interview_form=payload.interview_form,
        interview_language=payload.language,
        interpreter=payload.interpreter,
        participants=[each.model_dump(mode="json") for each in payload.participants],
        interview_absence=None if payload.held else payload.absence,
        explanation=payload.explanation,
    )
    _make_tasks(situation, payload, record)
    situation.tell(record.sender_id, "handover_completed")


def _check_interview(
    situation: Situation, payload: CompleteHandover, record: HandoverRecord
) -> None:
    day = payload.interview_on
    if day is None:
        raise Refused("interview_on", "Vul de datum van het gesprek in.", "interview_on")
    not_future(situation, day, "interview_on")
    not_before(
        day, record.linked_on, "interview_on", "Deze datum ligt voor de koppeling op {earliest}."
    )
    if payload.interview_form is None:
        raise Refused("interview_form", "Geef aan hoe het gesprek was.", "interview_form")
    if not {each.party for each in payload.participants} >= THREE_WAY:
        raise Refused(
            "three_way",
            "Een driegesprek heeft iemand van het huishouden, van het COA en van de gemeente.",
            "participants",
        )


def _make_tasks(situation: Situation, payload: CompleteHandover, record: HandoverRecord) -> None:
    for index, each in enumerate(payload.agreements):
        if each.due_on < situation.today:
            raise Refused("past", "Deze datum ligt in het verleden.", f"agreements.{index}.due_on")
        situation.insert(
            Task,
            organisation_id=record.target_id,
            case_id=situation.case.id,
            kind=TaskKind.AGREEMENT,
            due_on=each.due_on,
            handover_id=record.id,
            party=each.party,
            description=each.what,
        )


STEP = Step(
    code=CODE,
    label="Overdracht afronden",
    payload=CompleteHandover,
    permission=Permission.COMPLETE_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Leg het driegesprek en de afspraken vast.",
)
