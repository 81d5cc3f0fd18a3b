"""What a floor under sizes of household does and costs, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_percent, gettext

from models.vocabulary import HouseholdMix
from webapp import reasons
from webapp.labels import label


def floor_words(found: Mapping[str, Any] | None) -> list[str]:
    """Return what a floor under groups does to each, and what it costs; nothing without a floor."""
    if found is None:
        return []
    told = [
        gettext(
            "%(group)s (%(households)s huishoudens): van %(before)s naar %(after)s.",
            group=label(HouseholdMix(each["group"])),
            households=reasons.whole(each["households"]),
            before=_percentage(each["before"]),
            after=_percentage(each["after"]),
        )
        for each in found["groups"]
    ]
    if not told:
        return [gettext("Geen groep telt tien huishoudens, dus de ondergrens doet niets.")]
    told.append(
        gettext(
            "De ondergrens kost %(price)s van de score van het plan.",
            price=_percentage(found["price"], "#,##0.00%"),
        )
    )
    if not found["met"]:
        told.append(
            gettext("Niet elke groep haalt de ondergrens; dit plan komt er het dichtst bij.")
        )
    return told


def _percentage(part: float, pattern: str = "#,##0%") -> str:
    return str(format_percent(part, pattern))
