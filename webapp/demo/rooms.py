"""Room of the municipalities in the plan, reckoned as the engine will."""

from datetime import date
from random import Random

from models.vocabulary import LinkOverride
from webapp.demo.acts import Act
from webapp.demo.calendar import QUOTA_ANNOUNCED, SECOND_QUOTA_ANNOUNCED
from webapp.demo.figures import MunicipalFigures
from webapp.demo.people import Household

MOVE_DAYS = 98
MUNICIPALITY_MOVE_DAYS = 84
OPENING_ON = date(2016, 7, 1)
SECOND_HALF_YEAR = date(2017, 1, 1)
CONSENT = "De gemeente huisvest met instemming vooruit op haar taakstelling."


class Rooms:
    """Finds municipalities for those who wait, each with what it still has to do."""

    def __init__(self, figures: list[MunicipalFigures], random: Random) -> None:
        self._random = random
        self._left = {each.code: each.remaining for each in figures if each.quota_previous}
        self._codes = sorted(self._left)
        # Neighbours in size go to different halves, so that the halves weigh the same.
        by_size = sorted(figures, key=lambda each: (each.quota_previous, each.code))
        self._half = {each.code: n % 2 for n, each in enumerate(by_size)}
        self._same_half: tuple[list[str], list[str]] = ([], [])
        for code in self._codes:
            self._same_half[self._half[code]].append(code)
        self._weights = [max(self._left[code], 1) for code in self._codes]

    def half_of(self, household: Household) -> int:
        """Return the half of the plan that a household belongs to."""
        if household.municipality is not None:
            return self._half[household.municipality]
        if household.sponsor is not None:
            return self.half_of(household.sponsor)
        return household.number % 2

    def find(self, persons: int) -> str:
        """Return a municipality that has room, the more likely the more room it has."""
        for _ in range(200):
            code = self._random.choices(self._codes, self._weights)[0]
            if self._left[code] >= persons:
                return code
        return max(self._codes, key=lambda each: self._left[each])

    def use(self, code: str, persons: int) -> None:
        """Take room of a municipality."""
        self._left[code] -= persons

    def other(self, household: Household, than: str | None) -> str:
        """Return another municipality of the same half, which a household does not stay in."""
        codes = self._same_half[self.half_of(household)]
        code = self._random.choice(codes)
        while code == than:
            code = self._random.choice(codes)
        return code


def consent_where_full(acts: list[Act], figures: list[MunicipalFigures]) -> None:
    """Let a municipality consent to each link for which its quota will have no room.

    `acts` are in the order in which they will be taken.
    """
    ledger = {each.code: each for each in figures}
    used = dict.fromkeys(ledger, 0)
    tied: dict[int, tuple[str, int]] = {}
    born: set[int] = set()
    for act in acts:
        number = act.household.number
        if act.step == "link":
            code = act.payload["municipality"]
            persons = sum(not each.born_on_the_way for each in act.household.members)
            persons += number in born
            if used[code] + persons > _known(ledger[code], act):
                act.payload["override"] = LinkOverride.MUNICIPAL_CONSENT
                act.payload["override_reason"] = CONSENT
            used[code] += persons
            tied[number] = (code, persons)
        elif act.step == "add_member":
            born.add(number)
            if number in tied:
                code, persons = tied[number]
                used[code] += 1
                tied[number] = (code, persons + 1)
        elif _unties(act) and number in tied:
            code, persons = tied.pop(number)
            used[code] -= persons


def _unties(act: Act) -> bool:
    return act.step in {"release_link", "end"} or (
        act.payload.get("judgment") in {"contest_granted", "ended"}
    )


def _known(figures: MunicipalFigures, act: Act) -> int:
    """Return the openings and quotas that count for a link on its day."""
    day = date.fromordinal(act.day)
    due = max(act.household.permit_on.toordinal() + MOVE_DAYS, act.day + MUNICIPALITY_MOVE_DAYS)
    known = figures.quota_previous if day >= QUOTA_ANNOUNCED else 0
    if day >= OPENING_ON:
        known += figures.opening_previous
    later = day >= SECOND_HALF_YEAR or due >= SECOND_HALF_YEAR.toordinal()
    if day >= SECOND_QUOTA_ANNOUNCED and later:
        known += figures.quota
    return known
