"""Random moves for property tests: steps that mostly make sense, by actors who mostly may."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models import Case, Membership, Person
from models.vocabulary import CaseState
from tests.factories import Row
from tests.payloads import NOWHERE, PAYLOADS, Draw, Seen, register
from tests.world import OFFICER_OF, PEOPLE, World
from workflows.guards import HANDOVER_STATES
from workflows.steps import STEPS

FORWARD = {
    CaseState.REGISTERED: ("screen", "screen", "complete_screening"),
    CaseState.SCREENED: ("link",),
    CaseState.LINKED: ("take_up", "take_up", "take_up", "judge_contest", "place_minor"),
    CaseState.PREPARING: ("offer_housing", "offer_housing", "judge_contest", "place_minor"),
    CaseState.OFFERED: ("accept_offer", "accept_offer", "accept_offer", "refuse_offer"),
    CaseState.REFUSED: ("judge_refusal",),
    CaseState.MOVING: ("sign_lease", "house", "house"),
    CaseState.HOUSED: ("sign_off", "sign_off", "sign_off", "close", "house", "correct"),
    CaseState.CLOSED: ("record_outcome", "correct", "move_on"),
    CaseState.ENDED: ("end",),
}
HANDOVER_STEPS: dict[str | None, tuple[str, ...]] = {
    None: ("prepare_handover",),
    "draft": ("offer_handover", "offer_handover", "prepare_handover", "withdraw_handover"),
    "offered": ("accept_handover", "accept_handover", "ask_about_handover", "reject_handover"),
    "question": ("answer_about_handover", "accept_handover", "withdraw_handover"),
    "answered": ("accept_handover", "reject_handover", "expire_handover"),
    "accepted": ("plan_interview", "complete_handover", "ask_about_handover", "close"),
    "completed": ("close", "split_household", "house"),
    "rejected": ("prepare_handover",),
    "withdrawn": ("prepare_handover",),
    "expired": ("prepare_handover",),
}
CODES = tuple(step.code for step in STEPS)
ANYONE = tuple(PEOPLE)
OUR_STEPS = frozenset({"link", "judge_contest", "judge_refusal", "release_link"})
THEIR_STEPS = frozenset(
    {
        "take_up",
        "ask_contest",
        "offer_housing",
        "withdraw_offer",
        "sign_lease",
        "record_outcome",
        "move_on",
        "ask_about_handover",
        "accept_handover",
        "reject_handover",
        "complete_handover",
    }
)


@dataclass(frozen=True, slots=True)
class Move:
    """A request in words: by whom, which step, with what, on which case."""

    step: str
    actor: str
    payload: Row
    case: str | None = None
    version: int | None = None
    key: str | None = None


def seen(connection: Connection) -> list[Seen]:
    """Return all cases with their members, the finished with those who were there last."""
    rows = connection.execute(
        select(
            Case.reference,
            Case.state,
            Case.version,
            Case.municipality_code,
            Case.centre_id,
            Case.handover_state,
            Person.reference,
        )
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.left_on.is_(None) | Case.state.in_(["closed", "ended"]))
        .order_by(Case.id, Membership.id)
    )
    found: dict[str, Seen] = {}
    for reference, state, version, code, centre, handover, person in rows:
        earlier = found.get(reference)
        members = (*(earlier.members if earlier else ()), person)
        found[reference] = Seen(
            reference, CaseState(state), version, code, centre is not None, members, handover
        )
    return list(found.values())


def draw_move(draw: Draw, world: World, cases: Sequence[Seen]) -> Move:
    """Draw a move on one of the cases, or one that opens a case."""
    if not cases or (len(cases) < 5 and draw.one_in(6)):
        actor = draw.pick(("case_manager", "case_manager", "placement_officer", "utrecht"))
        return Move("register", actor, register(draw, world, cases), key=_key(draw))
    case = draw.pick([*cases, *cases[:2], *cases[:2]])
    step = draw.pick(CODES if draw.one_in(5) else FORWARD[case.state])
    if case.state in HANDOVER_STATES and draw.one_in(3):
        step = draw.pick(HANDOVER_STEPS[case.handover])
    actor = draw.pick(ANYONE) if draw.one_in(10) else _likely(draw, step, case)
    version = draw.pick([None, case.version, case.version - draw.one_in(8)])
    reference = NOWHERE if draw.one_in(40) else case.reference
    payload = PAYLOADS[step](draw, world, case, cases)
    if draw.one_in(25):
        payload = _spoilt(draw, payload)
    return Move(step, actor, payload, reference, version, _key(draw))


def outcome_of(draw: Draw, world: World, case: Seen) -> Move:
    """Draw the record of what became of somebody of a closed case, mostly one that can be."""
    payload = PAYLOADS["record_outcome"](draw, world, case, [case])
    if not draw.one_in(5):
        payload |= {"measured_on": world.today}
    actor = draw.pick(ANYONE) if draw.one_in(10) else _likely(draw, "record_outcome", case)
    return Move("record_outcome", actor, payload, case.reference)


def _likely(draw: Draw, step: str, case: Seen) -> str:
    if step == "expire_handover":
        return "functional_manager"
    if step == "offer_handover" and draw.one_in(3):
        return "centre_coordinator" if case.centre else "region_coordinator"
    if step in THEIR_STEPS:
        return OFFICER_OF.get(case.municipality or "", "utrecht")
    if step in OUR_STEPS:
        return str(draw.pick(("placement_officer", "second_placement_officer")))
    return "case_manager" if case.centre else "placement_officer"


def _key(draw: Draw) -> str | None:
    return draw.pick(["key-1111", "key-2222", "key-3333"]) if draw.one_in(12) else None


def _spoilt(draw: Draw, payload: Row) -> Row:
    """Break one field in a way that a careless or hostile sender would."""
    values: tuple[Any, ...] = (
        "",
        "x" * 3000,
        -1,
        None,
        [],
        "\x00",
        "<b>Noor</b>",
        "\ud800",
        {"a": 1},
        10**30,
    )
    names = [*payload, "intruder"]
    return payload | {draw.pick(names): draw.pick(values)}
