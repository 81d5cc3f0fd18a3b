"""How long a case may stand in each state, and which state holds up most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.vocabulary import CaseState
from workflows.rules.norms import Norm, NormCode, norm_on

DAYS_IN_WEEK = 7
WORKING_DAYS_IN_WEEK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Live cases that stand in a state, wait for a party, or both; ages are whole days.

    `over` counts those that stand there longer than the norm; `excess` adds up their days beyond
    it, times the persons who wait.
    """

    state: CaseState | None
    party: str | None
    cases: int
    persons: int
    over_cases: int
    over_persons: int
    median_days: float
    p90_days: float
    excess: int


@dataclass(frozen=True, slots=True)
class Aged:
    """Cases of the same age in whole days in a state with the same norm."""

    days: int
    cases: int
    persons: int
    norm: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The state where most days beyond the norm are spent, with its evidence."""

    worst: Waiting
    norm_days: int
    share_percent: int


def state_norms(norms: Iterable[Norm], day: date) -> dict[CaseState, int]:
    """Return the days that a case may stand in each live state, by the norms of a day.

    Terms that run from the permit are cut into the parts between them; working days count as
    calendar days of whole weeks. LookupError when a norm has no version on the day.
    """
    versions = tuple(norms)

    def amount(code: NormCode) -> int:
        found = norm_on(versions, code, day).amount
        if code.endswith("_working_days"):
            return -(-found * DAYS_IN_WEEK // WORKING_DAYS_IN_WEEK)
        return found

    return {
        CaseState.REGISTERED: amount(NormCode.SCREENING),
        CaseState.SCREENED: amount(NormCode.LINK) - amount(NormCode.SCREENING),
        CaseState.LINKED: amount(NormCode.TAKE_UP),
        CaseState.PREPARING: amount(NormCode.MUNICIPALITY_LEASE) - amount(NormCode.TAKE_UP),
        CaseState.OFFERED: amount(NormCode.ANSWER_OFFER),
        CaseState.REFUSED: amount(NormCode.JUDGE_REFUSAL),
        CaseState.MOVING: amount(NormCode.MOVE) - amount(NormCode.LEASE),
        CaseState.HOUSED: amount(NormCode.SIGN_OFF) + amount(NormCode.CLOSE),
    }


def summed(state: CaseState | None, party: str | None, ages: Sequence[Aged]) -> Waiting:
    """Return what cases of these ages add up to; there is at least one."""
    over = [each for each in ages if each.days > each.norm]
    ordered = sorted((each.days, each.cases) for each in ages)
    return Waiting(
        state=state,
        party=party,
        cases=sum(each.cases for each in ages),
        persons=sum(each.persons for each in ages),
        over_cases=sum(each.cases for each in over),
        over_persons=sum(each.persons for each in over),
        median_days=percentile(ordered, 0.5),
        p90_days=percentile(ordered, 0.9),
        excess=sum(each.persons * (each.days - each.norm) for each in over),
    )


def percentile(ordered: Sequence[tuple[int, int]], part: float) -> float:
    """Return a percentile of counted values as PostgreSQL's percentile_cont does."""
    place = part * (sum(count for _, count in ordered) - 1)
    lower, share = int(place), place - int(place)
    low, high = _nth(ordered, lower), _nth(ordered, lower + 1 if share else lower)
    return low + share * (high - low)


def _nth(ordered: Sequence[tuple[int, int]], place: int) -> int:
    for value, count in ordered:
        if place < count:
            return value
        place -= count
    return ordered[-1][0]


def bottleneck(waiting: Sequence[Waiting], norms: dict[CaseState, int]) -> Bottleneck | None:
    """Return the state and party with most days beyond the norm; None when nothing is late.

    Housed households have their home, so that their paperwork is no bottleneck.
    """
    late = [
        each
        for each in waiting
        if each.excess > 0 and each.state is not None and each.state is not CaseState.HOUSED
    ]
    if not late:
        return None
    worst = max(late, key=lambda each: each.excess)
    total = sum(each.excess for each in late)
    norm = norms[worst.state] if worst.state is not None else 0
    return Bottleneck(worst, norm, round(100 * worst.excess / total))
