from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import reference
from models.vocabulary import ApportionMethod
from workflows.quota.apportion import apportion
from workflows.quota.period import HalfYear

STATUTE = ApportionMethod.STATUTE_CEILING
PUBLISHED = ApportionMethod.PUBLISHED_HALF_UP
FORMULAS = st.sampled_from((STATUTE, PUBLISHED))

codes = st.integers(1, 9999).map("GM{:04}".format)
populations = st.dictionaries(codes, st.integers(1, 1_000_000), min_size=1, max_size=30)
nationals = st.integers(0, 50_000)


@pytest.fixture(scope="module")
def inhabitants_2016() -> dict[str, int]:
    population_date = HalfYear.parse("2017-I").population_date
    found = {
        municipality.code: municipality.population_on(population_date)
        for municipality in reference.in_force(reference.municipalities(), date(2016, 12, 31))
    }
    return {code: persons for code, persons in found.items() if persons is not None}


def test_the_statute_hands_out_13_196_for_13_000(inhabitants_2016: dict[str, int]) -> None:
    outcome = apportion(13_000, inhabitants_2016, STATUTE)
    assert len(outcome.quotas) == 390
    assert outcome.population_sum == 16_979_120
    assert outcome.total == 13_196
    assert outcome.rounding_difference == 196


def test_published_practice_hands_out_13_000_exactly(inhabitants_2016: dict[str, int]) -> None:
    outcome = apportion(13_000, inhabitants_2016, PUBLISHED, exempt=("GM0299", "GM0048"))
    assert outcome.total == 13_000
    assert outcome.rounding_difference == 0
    assert outcome.quotas["GM0299"] == outcome.quotas["GM0048"] == 0


def test_the_exemptions_of_the_reference_tables_are_those_of_published_practice() -> None:
    day = HalfYear.parse("2017-I").starts_on
    exempt = {row.municipality for row in reference.in_force(reference.exemptions(), day)}
    assert exempt == {"GM0299", "GM0048"}


def test_a_half_goes_up_and_less_goes_down() -> None:
    outcome = apportion(5, {"GM0001": 1, "GM0002": 1}, PUBLISHED)
    assert outcome.quotas == {"GM0001": 3, "GM0002": 3}
    assert outcome.rounding_difference == 1
    assert apportion(4, {"GM0001": 1, "GM0002": 2}, PUBLISHED).quotas["GM0001"] == 1


def test_the_statute_rounds_any_part_of_a_person_up() -> None:
    quotas = apportion(1, {"GM0001": 1, "GM0002": 999_999}, STATUTE).quotas
    assert quotas == {"GM0001": 1, "GM0002": 1}


@pytest.mark.parametrize(
    ("national", "inhabitants", "exempt", "message"),
    [
        (-1, {"GM0001": 1}, (), "negative"),
        (10, {"GM0001": 1}, ("GM9999",), "GM9999"),
        (10, {"GM0001": 1, "GM0002": 0}, (), "no population known for: GM0002"),
        (10, {"GM0001": 1, "GM0002": -5}, (), "GM0002"),
        (10, {}, (), "no municipality"),
        (10, {"GM0001": 1}, ("GM0001",), "no municipality"),
    ],
)
def test_impossible_input_is_refused(
    national: int, inhabitants: dict[str, int], exempt: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        apportion(national, inhabitants, STATUTE, exempt)


def test_given_figures_are_not_a_formula() -> None:
    with pytest.raises(ValueError, match="not a formula"):
        apportion(10, {"GM0001": 1}, ApportionMethod.GIVEN)


def test_an_exempt_municipality_needs_no_population() -> None:
    assert apportion(10, {"GM0001": 7, "GM0002": 0}, STATUTE, ["GM0002"]).total == 10


@given(nationals, populations)
def test_each_quota_is_the_exact_share_rounded_by_its_method(
    national: int, inhabitants: dict[str, int]
) -> None:
    everybody = sum(inhabitants.values())
    for method, rounding in ((STATUTE, ROUND_CEILING), (PUBLISHED, ROUND_HALF_UP)):
        with localcontext(prec=60):
            expected = {
                code: int((Decimal(persons) * national / everybody).quantize(Decimal(1), rounding))
                for code, persons in inhabitants.items()
            }
        assert apportion(national, inhabitants, method).quotas == expected


@given(nationals, populations, FORMULAS)
def test_the_difference_stays_below_what_rounding_can_do(
    national: int, inhabitants: dict[str, int], method: ApportionMethod
) -> None:
    difference = apportion(national, inhabitants, method).rounding_difference
    if method is STATUTE:
        assert 0 <= difference < len(inhabitants)
    else:
        assert 2 * abs(difference) <= len(inhabitants)


@given(nationals, populations, FORMULAS, st.data())
def test_an_exempt_municipality_is_as_good_as_absent(
    national: int, inhabitants: dict[str, int], method: ApportionMethod, data: st.DataObject
) -> None:
    exempt = data.draw(st.sets(st.sampled_from(sorted(inhabitants)), max_size=len(inhabitants) - 1))
    others = {code: n for code, n in inhabitants.items() if code not in exempt}
    outcome = apportion(national, inhabitants, method, exempt)
    alone = apportion(national, others, method)
    assert outcome.quotas == {**dict.fromkeys(exempt, 0), **alone.quotas}
    assert outcome.population_sum == alone.population_sum == sum(others.values())
    assert outcome.exempt == exempt


@given(nationals, populations, FORMULAS)
def test_more_inhabitants_never_means_a_smaller_quota(
    national: int, inhabitants: dict[str, int], method: ApportionMethod
) -> None:
    quotas = apportion(national, inhabitants, method).quotas
    by_size = [quotas[code] for code in sorted(inhabitants, key=inhabitants.__getitem__)]
    assert by_size == sorted(by_size)
