"""What a new installation starts from, read from the project's own reference tables."""

from dataclasses import asdict
from datetime import date

from config import reference
from webapp.marking import N_
from workflows.installation import Foundation, Row

BEGINNING = date(2000, 1, 1)
# In thousandths of a score: enough to level municipalities, too little to move a clear choice.
BALANCE = 50
FIRST_WEIGHTS = N_("Eerste versie, uit de tabellen van het project.")


def foundation(on: date) -> Foundation:
    """Return the organisations, municipalities and first rules, with the municipalities of a day.

    A demo stays at its day, so these municipalities have no end.
    """
    places = reference.in_force(reference.municipalities(), on)
    codes = {place.code for place in places}
    regions = {region.code: region.name for region in reference.coa_regions()}
    return Foundation(
        provinces=[asdict(province) for province in reference.provinces()],
        labour_market_regions=[
            {"number": region.number, "name": region.name}
            for region in reference.labour_market_regions()
        ],
        municipalities=[_municipality(place) for place in places],
        populations=[
            {
                "municipality_code": place.code,
                "on_date": known.on_date,
                "persons": known.persons,
            }
            for place in places
            for known in place.populations
        ],
        exemptions=_exemptions(codes),
        predecessors=[],
        coa_regions=list(regions.values()),
        centres=[
            {
                "name": centre.name,
                "region": regions[centre.coa_region],
                "municipality_code": centre.municipality,
                "capacity": centre.synthetic_capacity,
            }
            for centre in reference.reception_centres()
        ],
        norms=[asdict(norm) for norm in reference.norms()],
        count_rules=[asdict(rule) for rule in reference.count_rules()],
        ladder_criteria=_ladder_criteria(),
        specialist_care=_specialist_care(codes),
        score_weights={
            "valid_from": BEGINNING,
            "weights": reference.score_weights(),
            "balance": BALANCE,
            "floor": 0,
            "reason": FIRST_WEIGHTS,
        },
    )


def _exemptions(codes: set[str]) -> list[Row]:
    return [
        {
            "municipality_code": exemption.municipality,
            "valid_from": exemption.valid_from,
            "valid_until": exemption.valid_until,
            "reason": exemption.reason,
        }
        for exemption in reference.exemptions()
        if exemption.municipality in codes
    ]


def _specialist_care(codes: set[str]) -> list[Row]:
    return [
        {
            "municipality_code": care.municipality,
            "kind": care.kind,
            "valid_from": care.valid_from,
            "valid_until": care.valid_until,
            "source": care.source,
        }
        for care in reference.specialist_care()
        if care.municipality in codes
    ]


def _ladder_criteria() -> list[Row]:
    """Return the criteria with which every province begins."""
    return [
        {"province_code": province.code, **asdict(criterion)}
        for province in reference.provinces()
        for criterion in reference.ladder_criteria()
    ]


def _municipality(place: reference.Municipality) -> Row:
    return {
        "code": place.code,
        "name": place.name,
        "province_code": place.province,
        "region_number": place.labour_market_region,
        "valid_from": place.valid_from,
        "valid_until": None,
        "tile_column": place.column,
        "tile_row": place.row,
    }
