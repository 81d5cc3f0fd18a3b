"""Warm handovers beside the road home: in every state, and held for one household in five."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.vocabulary import CaseKind, InterviewAbsence
from webapp.demo.acts import Act
from webapp.demo.calendar import END, LAST_DAY, snapped
from webapp.demo.chains import Leg
from webapp.demo.people import Household, Row
from workflows.rules.household import is_adult

# Before this time handovers were not kept here.
KEPT = 300
HELD, NOT_HELD, UNDER_WAY = 0.2, 0.05, 0.35
TERM = 11
NO_LESSONS = "Er was in de opvang nog geen plaats in de lessen."
NOT_ALL_LESSONS = "Nog niet voor iedere volwassene was er plaats in de lessen."
ACTIONS = ("Huisarts zoeken", "School voor de kinderen zoeken", "Inschrijven bij de bibliotheek")
QUESTION = "Welke opleiding is in Nederland gewaardeerd?"
ANSWER = "Dat staat nu in het profiel; de waardering loopt nog."
# How far a handover of a household that waits has come, and its share.
OTHER_ROADS = frozenset({"release_link", "judge_contest", "judge_refusal", "end", "place_minor"})
REACHED = (
    ("draft", 0.12),
    ("offered", 0.24),
    ("question", 0.10),
    ("answered", 0.08),
    ("accepted", 0.24),
    ("completed", 0.10),
    ("rejected", 0.08),
    ("withdrawn", 0.04),
)


@dataclass(slots=True)
class Handing:
    """The handover of one household; its chances are its own, so that all others stay as drawn."""

    household: Household
    random: Random
    beside: Sequence[Act]
    acts: list[Act] = field(default_factory=list)

    def add(self, step: str, moment: float, payload: Row) -> None:
        """Plan an act of the handover."""
        self.acts.append(Act(snapped(moment), moment, self.household, step, payload))

    def offer(self, prepared: float, offered: float) -> None:
        """Prepare and offer."""
        actions = [{"action": self.random.choice(ACTIONS)}]
        prepare: Row = {"open_actions": actions}
        taught = self._taught(offered)
        if not taught.issuperset(self.household.adults()):
            prepare["preparation_absence"] = NOT_ALL_LESSONS if taught else NO_LESSONS
        self.add("prepare_handover", prepared, prepare)
        self.add("offer_handover", offered, {})

    def _taught(self, moment: float) -> set[int | None]:
        """Return the adults who had a lesson before a moment, in the order in which acts come."""
        offer = (snapped(moment), moment)
        return {
            act.member
            for act in self.beside
            if act.step == "record_preparation" and (act.day, act.moment) < offer
        }

    def complete(self, moment: float) -> None:
        """Hold the interview, with an agreement that becomes a task."""
        day = date.fromordinal(snapped(moment))
        parties = ("household", "agency", "municipality")
        payload: Row = {
            "held": True,
            "interview_on": day,
            "interview_form": self.random.choice(("in_person", "video", "phone")),
            "interpreter": True,
            "participants": [{"party": party, "name": "Voorbeeld"} for party in parties],
            "agreements": [
                {
                    "what": self.random.choice(ACTIONS),
                    "party": "municipality",
                    "due_on": day + timedelta(days=30),
                }
            ],
        }
        self.add("complete_handover", moment, payload)

    def give_up(self, moment: float) -> None:
        """Record why there was no interview."""
        absence = self.random.choice(tuple(InterviewAbsence)[:-1])
        self.add("complete_handover", moment, {"held": False, "absence": absence})


def handover_acts(
    household: Household, legs: Sequence[Leg], moments: Sequence[float], beside: Sequence[Act]
) -> list[Act]:
    """Return the acts of a handover beside the road home and its lessons, or none.

    A link that ended or was contested goes without, so that nothing of it is in the way.
    """
    handing = Handing(household, Random(household.number), beside)  # noqa: S311 - must stay the same
    taken = [(leg, moment) for leg, moment in zip(legs, moments, strict=True) if moment <= END]
    on_road = {leg.step: moment for leg, moment in taken}
    taken_up, closed = on_road.get("take_up"), on_road.get("close")
    if taken_up is None or not OTHER_ROADS.isdisjoint(on_road) or not _complete(household):
        return []
    if closed is not None:
        share = handing.random.random()
        if closed > END - KEPT and share < HELD + NOT_HELD:
            _completed(handing, taken_up, closed, held=share < HELD)
    elif END - taken_up > TERM + 8 and handing.random.random() < UNDER_WAY:
        _under_way(handing, taken_up)
    return handing.acts


def closed_after_interview(act: Act) -> Act:
    """Return an act; a closing then says that the handover was completed."""
    if act.step == "close":
        act.payload = {"handover_outcome": "completed"}
    return act


def is_held(acts: list[Act]) -> bool:
    """Tell whether the three-way interview was held."""
    return any(act.step == "complete_handover" and act.payload["held"] for act in acts)


def _complete(household: Household) -> bool:
    """Tell whether every adult was screened: nobody came of age on the way."""
    if household.kind is CaseKind.RESETTLEMENT:
        return False
    children = set(range(len(household.members))) - set(household.adults())
    return bool(household.adults()) and not any(
        is_adult(household.members[place].birth_date, LAST_DAY) for place in children
    )


def _completed(handing: Handing, taken_up: float, closed: float, *, held: bool) -> None:
    room = closed - taken_up
    if room < 16:  # noqa: PLR2004 - days: too short for all of it
        return
    offered = taken_up + room * handing.random.uniform(0.3, 0.5)
    handing.offer(offered - 2, offered)
    handing.add("accept_handover", offered + 2, {})
    completed = closed - handing.random.uniform(1.2, 3)
    if held:
        handing.complete(completed)
    else:
        handing.give_up(completed)


def _under_way(handing: Handing, taken_up: float) -> None:
    random = handing.random
    reached = random.choices(*zip(*REACHED, strict=True))[0]
    offered = max(taken_up + 3, END - random.uniform(6, TERM))
    if reached == "draft":
        row: Row = {"nothing_open": True}
        handing.add("prepare_handover", offered, row)
        return
    handing.offer(offered - 2, offered)
    if reached in {"question", "answered"}:
        handing.add("ask_about_handover", offered + 1.4, {"question": QUESTION})
    if reached == "answered":
        handing.add("answer_about_handover", offered + 3, {"answer": ANSWER})
    elif reached in {"accepted", "completed"}:
        handing.add("accept_handover", offered + 2, {})
    elif reached == "rejected":
        rejection: Row = {"reason": "incomplete", "explanation": "Het diploma ontbreekt."}
        handing.add("reject_handover", offered + 2, rejection)
    elif reached == "withdrawn":
        handing.add("withdraw_handover", offered + 2, {"reason": "too_early"})
    if reached == "completed":
        handing.complete(offered + 4)
