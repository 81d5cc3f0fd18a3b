from datetime import date

import pytest

from config import reference
from config.reference import Municipality, tables
from models.vocabulary import HousingKind, PreparationModule

END_OF_2016 = date(2016, 12, 31)
START_OF_2017 = date(2017, 1, 1)
PARTS_OF_MEIERIJSTAD = {"GM0844": "Schijndel", "GM0846": "Sint-Oedenrode", "GM0860": "Veghel"}


def on(day: date) -> dict[str, Municipality]:
    found = reference.in_force(reference.municipalities(), day)
    return {municipality.code: municipality for municipality in found}


def inhabitants(municipalities: dict[str, Municipality], day: date) -> int:
    found = [municipality.population_on(day) for municipality in municipalities.values()]
    return sum(persons for persons in found if persons is not None)


def test_the_municipalities_of_2016_and_2017_and_their_inhabitants_are_those_of_cbs() -> None:
    before, after = on(END_OF_2016), on(START_OF_2017)
    assert len(before) == 390
    assert len(after) == 388
    assert inhabitants(before, date(2016, 1, 1)) == 16_979_120
    assert inhabitants(after, date(2016, 1, 1)) == 16_979_120
    assert inhabitants(after, date(2017, 1, 1)) == 17_081_507


def test_meierijstad_came_from_its_three_parts() -> None:
    before, after = on(END_OF_2016), on(START_OF_2017)
    assert {code: before[code].name for code in before.keys() - after.keys()} == (
        PARTS_OF_MEIERIJSTAD
    )
    assert {code: after[code].name for code in after.keys() - before.keys()} == {
        "GM1948": "Meierijstad"
    }
    taken_over = {row.predecessor: row for row in reference.predecessors()}
    assert taken_over.keys() == PARTS_OF_MEIERIJSTAD.keys()
    assert {row.successor for row in taken_over.values()} == {"GM1948"}
    assert {row.share_permille for row in taken_over.values()} == {1000}
    assert {row.on_date for row in taken_over.values()} == {START_OF_2017}


def test_a_figure_that_is_not_known_is_none() -> None:
    assert on(END_OF_2016)["GM0844"].population_on(date(2017, 1, 1)) is None
    assert on(START_OF_2017)["GM0344"].population_on(date(2015, 1, 1)) is None


def test_each_municipality_has_a_province_and_a_region_and_each_of_those_is_used() -> None:
    municipalities = reference.municipalities()
    provinces = [province.code for province in reference.provinces()]
    regions = [region.number for region in reference.labour_market_regions()]
    assert len(provinces) == 12
    assert regions == list(range(1, 36))
    assert {one.province for one in municipalities} == set(provinces)
    assert {one.labour_market_region for one in municipalities} == set(regions)


def test_codes_and_names_are_unique_and_clean() -> None:
    municipalities = reference.municipalities()
    assert len({one.code for one in municipalities}) == len(municipalities) == 391
    assert len({one.name for one in municipalities}) == len(municipalities)
    assert all(one.name == one.name.strip() for one in municipalities)
    assert all(one.code[:2] == "GM" and one.code[2:].isdigit() for one in municipalities)


@pytest.mark.parametrize("day", [END_OF_2016, START_OF_2017])
def test_no_two_tiles_lie_on_each_other(day: date) -> None:
    tiles = [(one.column, one.row) for one in on(day).values()]
    assert len(tiles) == len(set(tiles))
    assert min(min(tile) for tile in tiles) >= 0


def test_no_two_region_tiles_lie_on_each_other() -> None:
    tiles = [(region.column, region.row) for region in reference.labour_market_regions()]
    assert len(tiles) == len(set(tiles))


def test_the_parts_of_meierijstad_lie_together() -> None:
    tiles = [
        (one.column, one.row)
        for code, one in on(END_OF_2016).items()
        if code in PARTS_OF_MEIERIJSTAD
    ]
    columns, rows = zip(*tiles, strict=True)
    assert max(columns) - min(columns) <= 1
    assert max(rows) - min(rows) <= 1


def test_exempt_municipalities_exist() -> None:
    known = on(END_OF_2016)
    names = {known[row.municipality].name for row in reference.exemptions()}
    assert names == {"Vlagtwedde", "Zevenaar"}


def test_reception_centres_lie_in_a_municipality_and_a_region() -> None:
    centres = reference.reception_centres()
    regions = {region.code for region in reference.coa_regions()}
    assert len(centres) >= 12
    assert {centre.coa_region for centre in centres} == regions
    assert {centre.municipality for centre in centres} <= on(END_OF_2016).keys()
    assert len({centre.code for centre in centres}) == len(centres)
    assert sum(centre.synthetic_capacity for centre in centres) > 9_900


def test_every_kind_of_housing_counts_or_not() -> None:
    rules = reference.in_force(reference.count_rules(), date(2024, 6, 1))
    counts = {rule.housing_kind: rule.counts for rule in rules}
    assert counts.keys() == set(HousingKind)
    assert {kind for kind, yes in counts.items() if not yes} == {
        "hosting_scheme",
        "reception_hotel",
        "reception_unit",
    }


def test_versions_of_one_rule_never_overlap() -> None:
    versions = [(rule.housing_kind, rule) for rule in reference.count_rules()]
    for kind, rule in versions:
        others = [other for same, other in versions if same == kind and other is not rule]
        assert not any(other.in_force(rule.valid_from) for other in others)


def test_schedule_classes_go_down_from_the_line() -> None:
    classes = [(one.code, one.minimum_percent) for one in reference.schedule_classes()]
    assert classes == [("on_schedule", 100), ("slightly_behind", 75), ("behind", 0)]


def test_preparation_is_121_and_24_and_11_hours() -> None:
    plan = {one.module: one.plan_hours for one in reference.preparation_modules()}
    assert plan.keys() == set(PreparationModule)
    assert {module: hours for module, hours in plan.items() if hours is not None} == {
        "dutch_lessons": 121,
        "society_knowledge": 24,
        "labour_orientation": 11,
    }
    assert all(0 < one.maximum_hours_per_day <= 24 for one in reference.preparation_modules())


def test_each_occupation_falls_in_named_groups() -> None:
    occupations = reference.occupations()
    groups = {group.code for group in reference.occupation_groups()}
    assert len(occupations) == 7_010
    assert len({one.unit_group for one in occupations}) == 436
    assert {one.unit_group[:1] for one in occupations} == {c for c in groups if len(c) == 1}
    assert {one.unit_group[:2] for one in occupations} == {c for c in groups if len(c) == 2}
    assert all(one.title.isprintable() and "\ufffd" not in one.title for one in occupations)


def test_a_table_is_read_once() -> None:
    assert reference.municipalities() is reference.municipalities()


def test_bad_cells_and_missing_tables_are_errors() -> None:
    with pytest.raises(FileNotFoundError):
        tables.read_rows("nothing")
    with pytest.raises(KeyError):
        tables.yes_or_no("maybe")
    with pytest.raises(ValueError, match="soon"):
        tables.optional_date("soon")
    assert tables.optional_number("") is None
