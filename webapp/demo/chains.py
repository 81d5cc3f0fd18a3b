"""Chains of steps: what happens to a household one after the other, with natural gaps in days."""

from dataclasses import dataclass
from math import log
from random import Random

from models.vocabulary import CaseKind, CaseState

REFUSED, WITHDRAWN, CONTESTED, GRANTED, RELEASED = (
    "refused",
    "withdrawn",
    "contested",
    "granted",
    "released",
)
# Shares of the chains in which something else happens than the plain road home.
TWISTS: tuple[tuple[str, float], ...] = (
    (REFUSED, 0.035),
    (WITHDRAWN, 0.02),
    (CONTESTED, 0.015),
    (GRANTED, 0.008),
    (RELEASED, 0.018),
)

# The last step of a household that stands in each state.
LAST_STEP = {
    CaseState.REGISTERED: "register",
    CaseState.SCREENED: "complete_screening",
    CaseState.LINKED: "link",
    CaseState.PREPARING: "take_up",
    CaseState.OFFERED: "offer_housing",
    CaseState.REFUSED: "refuse_offer",
    CaseState.MOVING: "accept_offer",
    CaseState.HOUSED: "house",
    CaseState.CLOSED: "close",
}


@dataclass(slots=True)
class Leg:
    """A step, the natural days since the one before, and what it answers where it may differ."""

    step: str
    gap: float
    answer: str = ""


class Chains:
    """Draws chains."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def days(self, median: float, spread: float = 0.5) -> float:
        """Return a skewed number of days around a median."""
        return self._random.lognormvariate(log(median), spread)

    def draw(self, kind: CaseKind, size: int, adults: int, twist: str | None = None) -> list[Leg]:
        """Return a whole chain from registration to closing; `twist` forces what happens."""
        if kind is CaseKind.UNACCOMPANIED_MINOR:
            return self._minor()
        random = self._random
        if twist is None:
            shares = [share for _, share in TWISTS]
            names = ["", *(name for name, _ in TWISTS)]
            twist = random.choices(names, [1 - sum(shares), *shares])[0]
        legs = [Leg("register", 0.0)]
        screened = 0 if kind is CaseKind.RESETTLEMENT else adults
        legs += [Leg("screen", self.days(3.0) if n == 0 else 0.01) for n in range(screened)]
        legs += [Leg("complete_screening", self.days(3.0)), Leg("link", self.days(11.0))]
        legs += self._answer_to_link(twist)
        legs += self._housing(size, kind, twist)
        legs += [
            Leg("sign_lease", self.days(8.0)),
            Leg("house", self.days(8.0)),
            Leg("sign_off", self.days(2.5)),
            Leg("close", self.days(16.0)),
        ]
        return legs

    def _answer_to_link(self, twist: str) -> list[Leg]:
        take_up = Leg("take_up", self.days(4.0))
        if twist == CONTESTED:
            asked = Leg("ask_contest", self.days(3.0))
            return [take_up, asked, Leg("judge_contest", self.days(4.0), "link_upheld")]
        if twist == GRANTED:
            return [
                Leg("ask_contest", self.days(3.0)),
                Leg("judge_contest", self.days(4.0), "contest_granted"),
                Leg("link", self.days(7.0)),
                take_up,
            ]
        if twist == RELEASED:
            again = Leg("take_up", self.days(4.0))
            released = Leg("release_link", self.days(30.0))
            return [take_up, released, Leg("link", self.days(7.0)), again]
        return [take_up]

    def _housing(self, size: int, kind: CaseKind, twist: str) -> list[Leg]:
        random = self._random
        # Small dwellings are scarce, and who has a sponsor's dwelling need not search.
        search = 58.0 if size == 1 else 42.0
        if kind in {CaseKind.FAMILY_FOLLOW_ON, CaseKind.RESETTLEMENT}:
            search = 24.0
        offer = Leg("offer_housing", self.days(search))
        accept = Leg("accept_offer", self.days(3.0))
        if twist == WITHDRAWN:
            withdrawn = Leg("withdraw_offer", self.days(5.0))
            return [offer, withdrawn, Leg("offer_housing", self.days(18.0)), accept]
        if twist != REFUSED:
            return [offer, accept]
        legs = [offer, Leg("refuse_offer", self.days(3.0))]
        if random.random() < 0.4:  # noqa: PLR2004 - a share
            justified = Leg("judge_refusal", self.days(6.0), "justified")
            return [*legs, justified, Leg("offer_housing", self.days(20.0)), accept]
        legs.append(Leg("judge_refusal", self.days(6.0), "unjustified"))
        return [*legs, Leg("judge_refusal", self.days(3.0), "accepted_after_all")]

    def _minor(self) -> list[Leg]:
        return [
            Leg("register", 0.0),
            Leg("complete_screening", self.days(3.0)),
            Leg("link", self.days(9.0)),
            Leg("take_up", self.days(4.0)),
            Leg("place_minor", self.days(18.0)),
            Leg("sign_off", self.days(3.0)),
        ]

    def ended(self, kind: CaseKind, size: int, adults: int) -> list[Leg]:
        """Return a chain that ends without a home."""
        random = self._random
        if random.random() < 0.08:  # noqa: PLR2004 - a share
            legs = until(self.draw(kind, size, adults, REFUSED), "refuse_offer")
            return [
                *legs,
                Leg("judge_refusal", self.days(6.0), "unjustified"),
                Leg("judge_refusal", 14.0, "ended"),
            ]
        stop = random.choice(("register", "complete_screening", "link", "take_up", "take_up"))
        return [*until(self.draw(kind, size, adults, ""), stop), Leg("end", self.days(30.0))]


def until(legs: list[Leg], step: str) -> list[Leg]:
    """Return the legs up to and including the last of a step."""
    last = max(n for n, leg in enumerate(legs) if leg.step == step)
    return legs[: last + 1]


def before(legs: list[Leg], step: str) -> list[Leg]:
    """Return the legs before the last of a step."""
    return until(legs, step)[:-1]
