"""Divide a national number over the municipalities, without a database."""

import json
from typing import Any

import click

from config import reference
from models.vocabulary import ApportionMethod
from workflows.quota.apportion import apportion
from workflows.quota.period import HalfYear

FORMULAS = (ApportionMethod.STATUTE_CEILING.value, ApportionMethod.PUBLISHED_HALF_UP.value)


@click.group("quota")
def command() -> None:
    """Reckon with the quota (taakstelling)."""


@command.command("apportion")
@click.option("--half-year", required=True, help="Such as 2017-I.")
@click.option("--national", type=click.IntRange(min=0), required=True, help="In persons.")
@click.option("--method", type=click.Choice(FORMULAS), required=True)
@click.option("--exempt", help="Codes with commas; default: the exemptions that the method knows.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
def apportion_command(
    half_year: str,
    national: int,
    method: str,
    exempt: str | None,
    form: str,  # noqa: ARG001 - the option is part of the interface
) -> None:
    """Print the quota of each municipality that existed on the date of the population."""
    try:
        period = HalfYear.parse(half_year)
        found = divide(period, national, ApportionMethod(method), exempt)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def divide(
    period: HalfYear, national: int, method: ApportionMethod, exempt: str | None
) -> dict[str, Any]:
    """Return the division with what it was made from; ValueError when it cannot be made."""
    places = reference.in_force(reference.municipalities(), period.population_date)
    counted = {
        place.code: persons
        for place in places
        if (persons := place.population_on(period.population_date)) is not None
    }
    if not counted:
        raise ValueError(f"no population is known on {period.population_date}")
    if exempt is not None:
        codes = {code.strip() for code in exempt.split(",") if code.strip()}
    elif method is ApportionMethod.PUBLISHED_HALF_UP:
        dated = reference.in_force(reference.exemptions(), period.starts_on)
        codes = {each.municipality for each in dated} & counted.keys()
    else:
        codes = set()
    division = apportion(national, counted, method, codes)
    return {
        "half_year": str(period),
        "national": national,
        "method": method.value,
        "population_date": period.population_date.isoformat(),
        "population_sum": division.population_sum,
        "exempt": sorted(division.exempt),
        "total": division.total,
        "rounding_difference": division.rounding_difference,
        "municipalities": [
            {"code": place.code, "name": place.name, "quota": division.quotas[place.code]}
            for place in places
            if place.code in division.quotas
        ],
    }
