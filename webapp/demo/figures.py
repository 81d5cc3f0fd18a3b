"""The figures of the demo: the national table of 1 February 2017 and its municipal division.

Source of the national figures: fourth progress report of the Platform Opnieuw Thuis (20 February
2017). Their division over municipalities is made up, but adds up to the digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from config import reference
from models.vocabulary import ApportionMethod
from workflows.quota.apportion import apportion

TODAY = date(2017, 2, 1)
MUNICIPALITIES_OF = date(2016, 12, 31)
POPULATION_OF = date(2016, 1, 1)
EXEMPT = ("GM0048", "GM0299")
AHEAD_SHARE = 0.09


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalFigures:
    """National totals in persons; the letters are those of the official table."""

    opening_previous: int = 5_282  # A
    quota_previous: int = 23_000  # B
    realised_previous: int = 22_200  # C
    quota: int = 13_000  # E
    realised: int = 3_981  # G
    advance: int = -409  # J
    in_reception: int = 9_900
    elsewhere: int = 260
    delayed: int = 3_640
    delayed_singles: int = 2_002  # 55 %
    ended: int = 340

    def scaled(self, factor: float) -> "NationalFigures":
        """Return the figures of a smaller demo, for tests."""
        return NationalFigures(
            **{name: round(getattr(self, name) * factor) for name in self.__slots__}
        )


@dataclass(frozen=True, slots=True)
class MunicipalFigures:
    """The ledger of one municipality on 1 February 2017, in persons."""

    code: str
    opening_previous: int
    quota_previous: int
    realised_previous: int
    quota: int
    realised: int

    @property
    def remaining(self) -> int:
        """Return H: what is left of opening and quotas after what was realised."""
        return (
            self.opening_previous
            + self.quota_previous
            - self.realised_previous
            + self.quota
            - self.realised
        )


def divide(nation: NationalFigures, random: Random) -> list[MunicipalFigures]:
    """Divide the national figures so that each sums to the digit, the exempt having none.

    What a municipality still has to do (H) is chosen first: below zero for those that are ahead,
    so that their sum is the advance. The opening follows from it, since H = A + B - C + E - G.
    """
    populations = {
        place.code: place.population_on(POPULATION_OF) or 0
        for place in reference.in_force(reference.municipalities(), MUNICIPALITIES_OF)
    }
    codes = sorted(populations.keys() - set(EXEMPT))
    weights = {code: float(populations[code]) for code in codes}
    quota = apportion(nation.quota, populations, ApportionMethod.PUBLISHED_HALF_UP, EXEMPT).quotas
    previous = largest_remainder(nation.quota_previous, weights)
    ahead = _those_ahead(codes, weights, random)
    zeal = {code: random.uniform(1.3, 1.5) if code in ahead else random.uniform(0.8, 1.1)
            for code in codes}  # fmt: skip
    worked = {code: weights[code] * zeal[code] for code in codes}
    done_previous = largest_remainder(nation.realised_previous, worked)
    done = largest_remainder(nation.realised, worked)
    total = nation.opening_previous + nation.quota_previous - nation.realised_previous
    total += sum(quota.values()) - nation.realised
    wanted = {
        code: max(0.0, previous[code] * 1.23 * random.uniform(0.8, 1.2)
                  - done_previous[code] + quota[code] - done[code])
        for code in codes if code not in ahead
    }  # fmt: skip
    remaining = largest_remainder(total - nation.advance, wanted) | {
        code: -persons
        for code, persons in largest_remainder(
            -nation.advance, {code: random.uniform(0.5, 1.5) for code in ahead}
        ).items()
    }
    found = [
        MunicipalFigures(
            code=code,
            opening_previous=remaining[code] - previous[code] + done_previous[code]
            - quota[code] + done[code],
            quota_previous=previous[code],
            realised_previous=done_previous[code],
            quota=quota[code],
            realised=done[code],
        )
        for code in codes
    ]  # fmt: skip
    return [*found, *(MunicipalFigures(code, 0, 0, 0, 0, 0) for code in EXEMPT)]


def _those_ahead(codes: Sequence[str], weights: Mapping[str, float], random: Random) -> set[str]:
    # In the smallest, one household decides, which would make odd openings.
    middling = sorted(codes, key=lambda code: weights[code])[60:260]
    return set(random.sample(middling, round(len(codes) * AHEAD_SHARE)))


def largest_remainder(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Divide a total in whole persons in proportion to weights; the sum is the total."""
    whole = sum(weights.values())
    exact = {code: total * weight / whole for code, weight in weights.items()}
    shares = {code: int(share) for code, share in exact.items()}
    order = sorted(exact, key=lambda code: (shares[code] - exact[code], code))
    for code in order[: total - sum(shares.values())]:
        shares[code] += 1
    return shares
