"""Random payloads for every step: mostly what a person would fill in, sometimes not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from models.vocabulary import (
    CaseState,
    ContestGround,
    DocumentKind,
    EndReason,
    HousingKind,
    LinkOverride,
    RefusalJudgment,
    RejectionReason,
    ReleaseReason,
    SuspensionReason,
    WithdrawalReason,
)
from tests.factories import DWELLING, REFUSAL, Row
from tests.world import (
    AMSTERDAM,
    BUNNIK,
    CENTRE,
    EXEMPT,
    FAR_CENTRE,
    PEOPLE,
    SECOND_CENTRE,
    TINY,
    UTRECHT,
    World,
)
from workflows.rules.identifiers import synthetic_v_number

T = TypeVar("T")
NOBODY = "aaaaaaaaaaaaaaaa"
NOWHERE = "bbbbbbbbbbbbbbbb"
# Few places with little room, so that room runs out; one is exempt, one does not exist.
TOWNS = (TINY, TINY, BUNNIK, UTRECHT, AMSTERDAM, EXEMPT, "GM9999")
# V-numbers return, so that persons are registered twice and come back after their case ended.
NUMBERS = tuple(synthetic_v_number(9_000_000 + number) for number in range(14))


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as a move finds it."""

    reference: str
    state: CaseState
    version: int
    municipality: str | None
    centre: bool
    members: tuple[str, ...]
    handover: str | None = None


class Draw:
    """Chance with a seed: hypothesis draws the seed, so that a history spreads evenly.

    Its own draws favour what is simple, and a simple history never leaves the reception centre.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of some choices."""
        return self._random.choice(choices)

    def some(self, choices: Sequence[T], at_most: int) -> list[T]:
        """Return a few choices, or none."""
        return self._random.choices(choices, k=self._random.randint(0, at_most))

    def one_in(self, times: int) -> bool:
        """Return True once in so many times."""
        return self._random.randrange(times) == 0


def _day(draw: Draw, world: World) -> date:
    """Draw a day: mostly today, sometimes long ago or still to come."""
    days = 0 if not draw.one_in(4) else draw.pick((-1, -1, -3, -10, -40, -200, -2500, -9000, 1, 30))
    return world.today + timedelta(days=days)


def _member_of(draw: Draw, case: Seen, cases: Sequence[Seen]) -> str:
    if draw.one_in(15):
        return str(draw.pick([NOBODY, *(each.members[0] for each in cases)]))
    return str(draw.pick(case.members))


def _person(draw: Draw, role: str) -> Row:
    return {
        "v_number": draw.pick(NUMBERS),
        "given_names": "Noor",
        "family_name": "Voorbeeld",
        "birth_date": draw.pick(
            ["1980-02-29", "1990-01-01", "2001-06-30", "2005-01-01", "2016-11-11"]
        ),
        "sex": "female",
        "nationality": "SYR",
        "role": role,
    }


def register(draw: Draw, world: World, cases: Sequence[Seen]) -> Row:
    others = draw.some(["partner", "child", "child", "other"], 2)
    kind = draw.pick(
        ["asylum", "asylum", "asylum", "relocation", "unaccompanied_minor", "resettlement"]
    )
    payload: Row = {
        "kind": kind,
        "permit_on": _day(draw, world),
        "members_to_add": [_person(draw, role) for role in ("head", *others)],
    }
    if kind == "unaccompanied_minor":
        payload["members_to_add"] = [_person(draw, "head") | {"birth_date": "2003-03-03"}]
    if kind != "resettlement" or draw.one_in(2):
        payload["centre"] = world.centre(CENTRE)
    if cases and draw.one_in(4):
        payload |= {"kind": "family_follow_on", "sponsor_case": cases[0].reference}
    return payload


def _screen(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    payload: Row = {"member": _member_of(draw, case, cases), "held_on": _day(draw, world)}
    if draw.one_in(4):
        return payload | {"absence": "ill"}
    needs = draw.pick([[], [], ["wheelchair"], ["ground_floor", "quiet"]])
    return payload | {"education_level": "none", "functional_needs": needs}


def _complete_screening(draw: Draw, _world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    criteria = draw.pick(
        [
            [],
            [],
            [],
            [("existing_work", UTRECHT)],
            [("safety", BUNNIK)],
            [("family_reunification", TINY)],
            [("existing_work", "GM9999")],
        ]
    )
    return {
        "advised_regions": draw.pick([[], [14], [14, 10], [99]]),
        "hard_criteria": [
            {"criterion": kind, "municipality": code, "evidence": "brief"}
            for kind, code in criteria
        ],
    }


def _link(draw: Draw, _world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    payload: Row = {"municipality": draw.pick(TOWNS)}
    if draw.one_in(6):
        payload["override"] = draw.pick(list(LinkOverride))
        if draw.one_in(2):
            payload["override_reason"] = "De gemeente stemt in."
    return payload


def _offer(draw: Draw, _world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    small = {"rooms": 1} if draw.one_in(5) else {}
    kinds = [*list(HousingKind), HousingKind.REGULAR_HOME]
    kind = {"housing_kind": draw.pick(kinds)} if draw.one_in(3) else {}
    reason = {"reason": "Past toch."} if draw.one_in(2) else {}
    return DWELLING | small | kind | reason


def _house(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    payload: Row = {"housed_on": _day(draw, world)}
    if draw.one_in(3):
        payload["moved"] = [_member_of(draw, case, cases)]
    if draw.one_in(6):
        payload["self_housed_in"] = draw.pick(TOWNS)
    if draw.one_in(6):
        payload["housing_kind"] = draw.pick(list(HousingKind))
    return payload


def _sign_off(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    payload: Row = {"booked_on": _day(draw, world)}
    if draw.one_in(3):
        payload["signed_off"] = [_member_of(draw, case, cases)]
    return payload


def _close(draw: Draw, _world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    if draw.one_in(4):
        return {"handover_outcome": "completed"}
    return {"handover_outcome": "not_held", "reason": "Geen tijd."}


def _correct(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    subject = draw.pick(
        ["person", "permit_on", "title_on", "housed_on", "sign_off", "sign_off", "sign_off"]
    )
    payload: Row = {"subject": subject, "wrong": "Verkeerd genoteerd."}
    payload["member"] = _member_of(draw, case, cases)
    if subject == "person":
        payload["birth_date"] = _day(draw, world)
        payload["v_number"] = draw.pick([None, None, *NUMBERS])
    elif not draw.one_in(3):
        payload["right_date"] = _day(draw, world)
    return payload


def _add_member(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    return {
        "members_to_add": [_person(draw, draw.pick(["child", "other", "head"]))],
        "joined_on": _day(draw, world),
        "reason": draw.pick(["born", "arrived"]),
    }


def _remove_member(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    payload: Row = {
        "member": _member_of(draw, case, cases),
        "left_on": _day(draw, world),
        "reason": "withdrawn",
    }
    if draw.one_in(2):
        payload["new_head"] = _member_of(draw, case, cases)
    return payload


def _split(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    leaving = _member_of(draw, case, cases)
    payload: Row = {
        "leaving": [leaving],
        "split_on": _day(draw, world),
        "new_head": leaving,
        "reason": "Ze gaan uit elkaar.",
    }
    if draw.one_in(2):
        payload["old_head"] = _member_of(draw, case, cases)
    return payload


def _merge(draw: Draw, world: World, _case: Seen, cases: Sequence[Seen]) -> Row:
    other = draw.pick([NOWHERE, *(each.reference for each in cases)])
    return {"other_case": other, "merged_on": _day(draw, world), "reason": "Ze zijn getrouwd."}


def _suspend(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    days = draw.pick([1, 20, 100, 400, 2_900_000])
    until = date.fromordinal(min(world.today.toordinal() + days, date.max.toordinal()))
    return {"reason": draw.pick(list(SuspensionReason)), "until": until}


def _assign(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    people = [None, *(world.references[name] for name in PEOPLE)]
    return {"colleague": draw.pick(people)}


def _change_centre(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    name = draw.pick([CENTRE, CENTRE, SECOND_CENTRE, FAR_CENTRE])
    return {"centre": world.centre(name), "moved_on": _day(draw, world)}


def _record_preparation(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    return {
        "member": _member_of(draw, case, cases),
        "module": "dutch_lessons",
        "on_date": _day(draw, world),
        "hours": draw.pick([0, 3, 8, 9]),
    }


def _record_outcome(draw: Draw, world: World, case: Seen, cases: Sequence[Seen]) -> Row:
    return {
        "member": _member_of(draw, case, cases),
        "kind": draw.pick(["work", "study", "work_and_study", "neither"]),
        "months_after": draw.pick(["6", "12", "24"]),
        "measured_on": _day(draw, world),
    }


def _prepare_handover(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    payload: Row = {"preparation_absence": "Er was geen tijd."} if not draw.one_in(5) else {}
    if draw.one_in(5):
        payload["colleague"] = draw.pick([world.references[name] for name in PEOPLE])
    if draw.one_in(2):
        return payload | {"nothing_open": True}
    return payload | {"open_actions": [{"action": "Huisarts zoeken", "before": _day(draw, world)}]}


def _offer_handover(draw: Draw, _world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    payload: Row = {"legal_ground": draw.pick(["public_task", "consent"])}
    return payload | ({"override_reason": "Haast."} if draw.one_in(5) else {})


def _plan_interview(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    return {"planned_on": _day(draw, world), "interview_form": "video", "language": "Arabisch"}


def _complete_handover(draw: Draw, world: World, _case: Seen, _cases: Sequence[Seen]) -> Row:
    if draw.one_in(3):
        return {"held": False, "absence": draw.pick(["no_time", None])}
    parties = ("household", "agency", "municipality")
    present = parties if not draw.one_in(6) else parties[:2]
    return {
        "held": True,
        "interview_on": _day(draw, world),
        "interview_form": "in_person",
        "participants": [{"party": party, "name": "Noor"} for party in present],
        "agreements": [
            {"what": "School zoeken", "party": "municipality", "due_on": _day(draw, world)}
        ],
    }


PAYLOADS: dict[str, Callable[[Draw, World, Seen, Sequence[Seen]], Row]] = {
    "register": lambda draw, world, _case, cases: register(draw, world, cases),
    "screen": _screen,
    "complete_screening": _complete_screening,
    "link": _link,
    "take_up": lambda draw, world, *_: _assign(draw, world, *_) if draw.one_in(3) else {},
    "ask_contest": lambda draw, *_: {
        "ground": draw.pick(list(ContestGround)),
        "explanation": "Hier klopt iets niet.",
    },
    "judge_contest": lambda draw, *_: {
        "judgment": draw.pick(["link_upheld", "contest_granted"]),
        "motivation": "Na overleg.",
    },
    "release_link": lambda draw, *_: {"reason": draw.pick(list(ReleaseReason))},
    "offer_housing": _offer,
    "accept_offer": lambda draw, world, *_: {"viewing_on": draw.pick([None, _day(draw, world)])},
    "refuse_offer": lambda draw, *_: REFUSAL | ({"warned": False} if draw.one_in(6) else {}),
    "judge_refusal": lambda draw, *_: {
        "judgment": draw.pick(list(RefusalJudgment)),
        "motivation": "Na overleg.",
    },
    "withdraw_offer": lambda *_: {"reason": "Al vergeven."},
    "sign_lease": lambda draw, world, *_: {"title_on": _day(draw, world)},
    "house": _house,
    "place_minor": lambda draw, world, *_: {
        "placed_on": _day(draw, world),
        "placement": draw.pick(["small_scale_reception", "reception_unit"]),
    },
    "move_on": lambda draw, world, *_: {"moved_on": _day(draw, world)},
    "sign_off": _sign_off,
    "close": _close,
    "end": lambda draw, world, *_: {
        "reason": draw.pick(list(EndReason)),
        "ended_on": _day(draw, world),
    },
    "suspend": _suspend,
    "resume": lambda *_: {},
    "resume_on_time": lambda *_: {},
    "correct": _correct,
    "add_member": _add_member,
    "remove_member": _remove_member,
    "split_household": _split,
    "merge_household": _merge,
    # No municipality merges in a random history of cases; test_mergers.py merges some.
    "follow_merger": lambda *_: {"predecessor": UTRECHT, "successor": BUNNIK},
    "assign": _assign,
    "change_centre": _change_centre,
    "record_stay": lambda draw, world, *_: {
        "place": draw.pick(["centre", "hosting_scheme", "elsewhere"]),
        "stays_from": _day(draw, world),
    },
    "record_preparation": _record_preparation,
    "record_outcome": _record_outcome,
    # No file comes with a random move; tests/integration/test_documents.py sends them.
    "add_document": lambda draw, *_: {"upload": NOWHERE, "kind": draw.pick(list(DocumentKind))},
    "remove_document": lambda *_: {"document": NOBODY, "reason": "Hoort hier niet."},
    "prepare_handover": _prepare_handover,
    "offer_handover": _offer_handover,
    "ask_about_handover": lambda *_: {"question": "Wanneer kunnen we praten?"},
    "answer_about_handover": lambda *_: {"answer": "Volgende week."},
    "accept_handover": lambda *_: {},
    "reject_handover": lambda draw, *_: {
        "reason": draw.pick(list(RejectionReason)),
        "explanation": "Het klopt niet.",
    },
    "withdraw_handover": lambda draw, *_: {"reason": draw.pick(list(WithdrawalReason))},
    "plan_interview": _plan_interview,
    "complete_handover": _complete_handover,
    "expire_handover": lambda *_: {},
}
