"""Record where a household stays while it waits."""

from datetime import date

from models.vocabulary import StayPlace
from workflows.guards import LIVE, not_future
from workflows.payload import OptionalDate, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Step


class RecordStay(Payload):
    """The place of stay: the source of who is in reception."""

    place: StayPlace = entry("Verblijf", Widget.CHOICE)
    stays_from: date = entry("Vanaf", Widget.DATE)
    until: OptionalDate = entry("Tot en met", Widget.DATE, default=None)


def decide(situation: Situation, payload: RecordStay) -> None:
    """Note the place of stay."""
    not_future(situation, payload.stays_from, "stays_from")
    situation.case.stay_place = payload.place


STEP = Step(
    code="record_stay",
    label="Verblijf vastleggen",
    payload=RecordStay,
    permission=Permission.RECORD_STAY,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset(),
    explanation="Leg vast waar het huishouden nu verblijft.",
)
