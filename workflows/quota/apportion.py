"""The division of a national quota over municipalities by their population."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.vocabulary import ApportionMethod


@dataclass(frozen=True, slots=True)
class Apportionment:
    """The quota in persons of each municipality by code, and what the division was made from."""

    method: ApportionMethod
    national_quota: int
    quotas: Mapping[str, int]
    exempt: frozenset[str]
    population_sum: int

    @property
    def total(self) -> int:
        """Return the sum of the municipal quotas in persons."""
        return sum(self.quotas.values())

    @property
    def rounding_difference(self) -> int:
        """Return the sum of the municipal quotas minus the national quota, in persons."""
        return self.total - self.national_quota

    def exact(self, code: str, population: int) -> Fraction:
        """Return the share of a municipality before rounding; an exempt one has none."""
        if code in self.exempt or not self.population_sum:
            return Fraction(0)
        return Fraction(population * self.national_quota, self.population_sum)


def apportion(
    national_quota: int,
    populations: Mapping[str, int],
    method: ApportionMethod,
    exempt: Collection[str] = (),
) -> Apportionment:
    """Divide a national quota by population; the outcome is rounded, never forced to the total.

    `populations` holds inhabitants by municipality code; exempt municipalities count in neither
    numerator nor denominator and get 0. Statute: Huisvestingswet 2014 art. 29, which knows no
    exemption. ValueError for a negative quota, an unknown exempt code, a municipality without
    inhabitants, nobody left to divide over, or a method that is not a formula.
    """
    exempted = frozenset(exempt)
    _check(national_quota, populations, exempted)
    population_sum = sum(persons for code, persons in populations.items() if code not in exempted)
    quotas = {
        code: 0 if code in exempted else _rounded(method, persons * national_quota, population_sum)
        for code, persons in populations.items()
    }
    return Apportionment(method, national_quota, quotas, exempted, population_sum)


def _check(national_quota: int, populations: Mapping[str, int], exempt: frozenset[str]) -> None:
    if national_quota < 0:
        raise ValueError(f"the national quota cannot be negative: {national_quota}")
    if unknown := exempt - populations.keys():
        raise ValueError(f"exempt but not in the population table: {', '.join(sorted(unknown))}")
    counted = {code: persons for code, persons in populations.items() if code not in exempt}
    if not counted:
        raise ValueError("there is no municipality to divide the quota over")
    if empty := sorted(code for code, persons in counted.items() if persons <= 0):
        raise ValueError(f"no population known for: {', '.join(empty)}")


def _rounded(method: ApportionMethod, numerator: int, denominator: int) -> int:
    match method:
        case ApportionMethod.STATUTE_CEILING:
            return -(-numerator // denominator)
        case ApportionMethod.PUBLISHED_HALF_UP:
            return (2 * numerator + denominator) // (2 * denominator)
        case _:
            raise ValueError(f"{method} is not a formula")
