"""Made-up figures that promising links are reckoned from; each row says that it is made up."""

from collections.abc import Iterator
from datetime import date
from random import Random

from config import reference
from models.vocabulary import SupplyKind
from workflows.matching.data import DemandRow, LanguageRow, Row, SupplyRow

SOURCE = "Demonstratie: verzonnen cijfers"
SINCE = date(2016, 1, 1)
MONTHS = (date(2017, 2, 1), date(2017, 3, 1), date(2017, 4, 1), date(2017, 5, 1), date(2017, 6, 1))
# A home a month for so many inhabitants, by kind.
INHABITANTS_PER_HOME = {
    SupplyKind.ONE_PERSON: 14_000,
    SupplyKind.FAMILY: 17_000,
    SupplyKind.LARGE_FAMILY: 120_000,
    SupplyKind.ACCESSIBLE: 60_000,
}
# The chance per language that a municipality of a hundred thousand has somebody to help in it.
LANGUAGES = {"arabisch": 0.9, "tigrinya": 0.6, "dari": 0.4, "farsi": 0.5, "somali": 0.3}
HUNDRED_THOUSAND = 100_000


def market(seed: int, on: date) -> Iterator[list[Row]]:
    """Yield the rows of each table for the municipalities of a day, the same for a seed."""
    random = Random(f"{seed} market")  # noqa: S311 - no secret
    places = reference.in_force(reference.municipalities(), on)
    inhabitants = {
        place.code: place.population_on(date(2016, 1, 1)) or HUNDRED_THOUSAND for place in places
    }
    yield list(_demand(random))
    yield list(_supply(random, inhabitants))
    yield list(_languages(random, inhabitants))


def _demand(random: Random) -> Iterator[Row]:
    groups = [each.code for each in reference.occupation_groups() if len(each.code) == 2]  # noqa: PLR2004 - sub-major groups
    wanted = {group: random.uniform(0.5, 1.6) for group in groups}
    for region in reference.labour_market_regions():
        size, tightness = random.randint(150, 900), random.uniform(0.6, 1.3)
        for group in groups:
            seekers = max(5, round(size * random.uniform(0.4, 1.6)))
            pull = wanted[group] * tightness * random.uniform(0.5, 1.8)
            yield DemandRow(
                region_number=region.number,
                occupation_group=group,
                valid_from=SINCE,
                vacancies=round(seekers * 0.4 * pull),
                seekers=seekers,
                source=SOURCE,
            )


def _supply(random: Random, inhabitants: dict[str, int]) -> Iterator[Row]:
    for code, number in inhabitants.items():
        if random.random() < 0.1:  # noqa: PLR2004 - one in ten reports nothing
            continue
        for month in MONTHS:
            for kind, each in INHABITANTS_PER_HOME.items():
                expected = number / each * random.uniform(0.6, 1.4)
                yield SupplyRow(
                    municipality_code=code,
                    month=month,
                    kind=kind,
                    units=int(expected + random.random()),
                    source=SOURCE,
                )


def _languages(random: Random, inhabitants: dict[str, int]) -> Iterator[Row]:
    for code, number in inhabitants.items():
        for language, chance in LANGUAGES.items():
            if random.random() < chance * min(number / HUNDRED_THOUSAND, 1):
                yield LanguageRow(
                    municipality_code=code, language=language, valid_from=SINCE, source=SOURCE
                )
