"""Who waits on 1 February 2017: sizes, ages of permits and states."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from models.vocabulary import CaseKind, CaseState
from webapp.demo.chains import LAST_STEP, REFUSED
from webapp.demo.figures import NationalFigures

MOVE_TERM = 98
# A permit of this day is the youngest that is delayed on the day of the demo.
DELAYED_FROM = MOVE_TERM + 1
OLDEST = 520
SINGLES_IN_TIME = 0.53
SCREENED_IN_PART, CONTESTED_LINKS, CONTESTED_LATER, REFUSED_BEFORE = 0.3, 0.08, 0.015, 0.04
JUDGED, LEASE_SIGNED = 0.3, 0.55
FAMILY_SIZES = (2, 3, 4, 5, 6, 7)
FAMILY_SHARES = (0.24, 0.23, 0.24, 0.15, 0.09, 0.05)

# Shares of the states by age of the permit in days, and days since the last step.
STATES: tuple[tuple[int, tuple[tuple[CaseState, float], ...]], ...] = (
    (14, ((CaseState.REGISTERED, 0.55), (CaseState.SCREENED, 0.38), (CaseState.LINKED, 0.07))),
    (
        35,
        (
            (CaseState.REGISTERED, 0.10),
            (CaseState.SCREENED, 0.35),
            (CaseState.LINKED, 0.28),
            (CaseState.PREPARING, 0.27),
        ),
    ),
    (
        MOVE_TERM + 1,
        (
            (CaseState.REGISTERED, 0.01),
            (CaseState.SCREENED, 0.08),
            (CaseState.LINKED, 0.06),
            (CaseState.PREPARING, 0.52),
            (CaseState.OFFERED, 0.11),
            (CaseState.REFUSED, 0.02),
            (CaseState.MOVING, 0.16),
            (CaseState.HOUSED, 0.04),
        ),
    ),
    (
        OLDEST + 1,
        (
            (CaseState.REGISTERED, 0.015),
            (CaseState.SCREENED, 0.085),
            (CaseState.LINKED, 0.03),
            (CaseState.PREPARING, 0.51),
            (CaseState.OFFERED, 0.10),
            (CaseState.REFUSED, 0.04),
            (CaseState.MOVING, 0.17),
            (CaseState.HOUSED, 0.05),
        ),
    ),
)
ELAPSED = {
    CaseState.REGISTERED: 4.0,
    CaseState.SCREENED: 9.0,
    CaseState.LINKED: 4.0,
    CaseState.PREPARING: 40.0,
    CaseState.OFFERED: 3.0,
    CaseState.REFUSED: 5.0,
    CaseState.MOVING: 7.0,
    CaseState.HOUSED: 2.5,
}


@dataclass(slots=True)
class Wait:
    """A household that waits: permit age in days, state, and days since its last step."""

    size: int
    kind: CaseKind
    age: int
    state: CaseState
    elapsed: float
    twist: str | None = None
    more: tuple[tuple[str, str], ...] = ()
    last_step: str = ""
    young: bool = False
    elsewhere: bool = False
    suspended: bool = False


def waits(nation: NationalFigures, random: Random) -> Iterator[Wait]:
    """Return those who wait; the numbers of persons are exactly those of the nation's figures."""
    in_time = nation.in_reception - nation.delayed
    singles_in_time = round(in_time * SINGLES_IN_TIME)
    for singles, others, delayed in (
        (nation.delayed_singles, nation.delayed - nation.delayed_singles, True),
        (singles_in_time, in_time - singles_in_time, False),
    ):
        for _ in range(singles):
            yield _wait(1, _single_kind(random), delayed=delayed, random=random)
        minors = round(others * 0.02)
        for _ in range(minors):
            kind = CaseKind.UNACCOMPANIED_MINOR
            yield _wait(1, kind, delayed=delayed, random=random)
        for size in _families(others - minors, random):
            kind = CaseKind.UNACCOMPANIED_MINOR if size == 1 else _family_kind(random)
            yield _wait(size, kind, delayed=delayed, random=random)
    yield from _elsewhere(nation.elsewhere, random)


def _single_kind(random: Random) -> CaseKind:
    return CaseKind.RELOCATION if random.random() < 0.08 else CaseKind.ASYLUM  # noqa: PLR2004 - a share


def _family_kind(random: Random) -> CaseKind:
    kinds = (CaseKind.ASYLUM, CaseKind.RELOCATION, CaseKind.FAMILY_FOLLOW_ON)
    return random.choices(kinds, (0.72, 0.06, 0.22))[0]


def _families(persons: int, random: Random) -> Iterator[int]:
    while persons > 0:
        size = min(persons, random.choices(FAMILY_SIZES, FAMILY_SHARES)[0])
        persons -= size
        yield size


def _elsewhere(persons: int, random: Random) -> Iterator[Wait]:
    """Return those who wait outside the reception centres: hosted, resettled or placed."""
    placed = round(persons * 0.1)
    for _ in range(placed):
        wait = _wait(1, CaseKind.UNACCOMPANIED_MINOR, delayed=False, random=random)
        wait.young, wait.elsewhere, wait.suspended = True, True, False
        wait.age = random.randint(40, DELAYED_FROM - 1)
        wait.state, wait.last_step, wait.more = CaseState.HOUSED, "place_minor", ()
        wait.elapsed = 20.0
        yield wait
    resettled = round(persons * 0.4)
    for size in _families(resettled, random):
        kind = CaseKind.RESETTLEMENT if size > 1 else CaseKind.ASYLUM
        yield _hosted(size, kind, random)
    for size in _families(persons - placed - resettled, random):
        yield _hosted(size, CaseKind.ASYLUM, random)


def _hosted(size: int, kind: CaseKind, random: Random) -> Wait:
    wait = _wait(size, kind, delayed=random.random() < 0.3, random=random)  # noqa: PLR2004 - a share
    wait.elsewhere = True
    return wait


def _wait(size: int, kind: CaseKind, *, delayed: bool, random: Random) -> Wait:
    age = _age(kind, random, delayed=delayed)
    state = _state(kind, age, random)
    wait = Wait(size, kind, age, state, ELAPSED[state], last_step=LAST_STEP[state])
    wait.suspended = state in {CaseState.LINKED, CaseState.PREPARING} and random.random() < 0.03  # noqa: PLR2004 - a share
    _detail(wait, random)
    return wait


def _age(kind: CaseKind, random: Random, *, delayed: bool) -> int:
    if not delayed:
        return 1 + int((DELAYED_FROM - 2) * random.betavariate(1.0, 1.15))
    if kind is CaseKind.UNACCOMPANIED_MINOR:
        return random.randint(DELAYED_FROM, 170)
    return min(DELAYED_FROM + int(random.expovariate(1 / 80)), OLDEST - random.randint(0, 40))


def _state(kind: CaseKind, age: int, random: Random) -> CaseState:
    shares = next(shares for below, shares in STATES if age < below)
    states, weights = zip(*shares, strict=True)
    state: CaseState = random.choices(states, weights)[0]
    beyond = {CaseState.OFFERED, CaseState.REFUSED, CaseState.MOVING, CaseState.HOUSED}
    if kind is CaseKind.UNACCOMPANIED_MINOR and state in beyond:
        return CaseState.PREPARING
    return state


def _detail(wait: Wait, random: Random) -> None:
    """Vary how a state was reached and what is open in it."""
    vary = _DETAILS.get(wait.state)
    if vary is not None and wait.kind is not CaseKind.UNACCOMPANIED_MINOR:
        vary(wait, random.random())


def _registered(wait: Wait, draw: float) -> None:
    if draw < SCREENED_IN_PART and wait.kind is not CaseKind.RESETTLEMENT:
        wait.twist, wait.last_step = "", "screen"


def _linked(wait: Wait, draw: float) -> None:
    if draw < CONTESTED_LINKS:
        wait.twist, wait.more = "", (("ask_contest", ""),)


def _preparing(wait: Wait, draw: float) -> None:
    if draw < CONTESTED_LATER:
        wait.twist, wait.more = "", (("ask_contest", ""),)
    elif draw < REFUSED_BEFORE:
        wait.twist, wait.last_step = REFUSED, "refuse_offer"
        wait.more = (("judge_refusal", "justified"),)


def _refused(wait: Wait, draw: float) -> None:
    wait.twist = REFUSED
    if draw < JUDGED:
        wait.more, wait.elapsed = (("judge_refusal", "unjustified"),), 2.0


def _moving(wait: Wait, draw: float) -> None:
    wait.twist = ""
    if draw < LEASE_SIGNED:
        wait.last_step = "sign_lease"


_DETAILS = {
    CaseState.REGISTERED: _registered,
    CaseState.LINKED: _linked,
    CaseState.PREPARING: _preparing,
    CaseState.REFUSED: _refused,
    CaseState.MOVING: _moving,
}
