"""Plan the interview of household, reception agency and municipality."""

from datetime import date

from models.vocabulary import InterviewForm
from workflows.errors import Refused
from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import (
    Audience,
    OptionalLine,
    OptionalReference,
    Payload,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "plan_interview"
MEETING = "Nodig om het gesprek te houden."


class PlanInterview(Payload):
    """When, how and in which language the three parties meet."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    planned_on: date = entry(
        "Datum gesprek", Widget.DATE, audience=Audience.RECEIVER, purpose=MEETING
    )
    interview_form: InterviewForm = entry(
        "Hoe", Widget.CHOICE, audience=Audience.RECEIVER, purpose=MEETING
    )
    language: OptionalLine = entry(
        "Taal",
        Widget.TEXT,
        default=None,
        personal=True,
        audience=Audience.RECEIVER,
        purpose=MEETING,
    )
    interpreter: bool = entry(
        "Tolk nodig",
        Widget.YES_NO,
        default=False,
        audience=Audience.RECEIVER,
        purpose=MEETING,
    )


def decide(situation: Situation, payload: PlanInterview) -> None:
    """Set the day of the interview; planning again moves it."""
    if payload.planned_on < situation.today:
        raise Refused("past", "Deze datum ligt in het verleden.", "planned_on")
    record = current(situation, CODE, payload.handover)
    change(
        situation,
        record,
        CODE,
        interview_planned_on=payload.planned_on,
        interview_form=payload.interview_form,
        interview_language=payload.language,
        interpreter=payload.interpreter,
    )
    situation.tell(record.sender_id, "interview_planned")
    situation.tell(record.target_id, "interview_planned")


STEP = Step(
    code=CODE,
    label="Overdrachtsgesprek plannen",
    payload=PlanInterview,
    permission=Permission.PLAN_INTERVIEW,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Spreek af wanneer huishouden, COA en gemeente elkaar spreken.",
)
