"""What a run of the matching says of itself, in words."""

from collections.abc import Mapping
from datetime import date
from math import ceil, floor
from typing import Any

from flask_babel import format_decimal, format_percent, gettext, ngettext

from webapp.fairness_words import group_words
from webapp.marking import N_
from webapp.reasons import Sentence, points
from webapp.rendering import day

UNPLACED = {
    "nowhere_eligible": N_(
        "De harde criteria laten geen gemeente over, of alleen gemeenten die vrijgesteld zijn of "
        "in deze berekening niemand opnemen. Bekijk de criteria in het dossier."
    ),
    "larger_than_any_room": N_(
        "Geen gemeente die past, heeft nog zoveel plaatsen of zo'n woning. "
        "Overleg met een gemeente over koppelen boven de ruimte."
    ),
    "worth_less_than_its_loss": N_(
        "Wachten kost dit huishouden minder dan elke plaats die over is."
    ),
    "room_used_by_others": N_("De ruimte die past, gaat in dit plan naar andere huishoudens."),
}


def unplaced_words(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how many households have no proposal, with the reason of each number."""
    return [
        (
            ngettext("%(num)s huishouden", "%(num)s huishoudens", count),
            gettext(UNPLACED[why]),
        )
        for why, count in sorted(result["unplaced"].items(), key=lambda each: -each[1])
    ]


def certificate(result: Mapping[str, Any]) -> Sentence:
    """Return what a run proves of itself.

    Where room was held back, what is proven is about the score less the worth of that room.
    """
    held_back = result.get("priced_on") is not None
    if result["optimal"]:
        text = gettext("Geen ander plan haalt met deze score een beter resultaat.")
        if held_back:
            text = gettext(
                "Geen ander plan haalt met deze score een beter resultaat, als ruimte telt voor "
                "wat zij waard is voor wie nog komt."
            )
        return Sentence("optimal", text)
    # Never fewer than what was proven.
    gap = points(ceil(1000 * result["gap"]) / 1000)
    if held_back:
        text = gettext(
            "Geen ander plan kan meer dan %(gap)s punt beter zijn, als ruimte telt voor wat zij "
            "waard is voor wie nog komt.",
            gap=gap,
        )
        return Sentence("gap", text)
    if result["objective"] <= 0:
        text = gettext(
            "Geen ander plan kan meer dan %(gap)s punt beter zijn.",
            gap=gap,
        )
        return Sentence("gap", text)
    share = floor(1000 * result["objective"] / result["bound"]) / 10
    text = gettext(
        "Dit plan haalt minstens %(share)s%% van wat deze score toelaat.",
        share=format_decimal(share, "0.0"),
    )
    return Sentence("share", text)


def balance_words(result: Mapping[str, Any]) -> str | None:
    """Return how level the municipalities are after the plan; None where the run kept no figure."""
    found = result.get("balance")
    if not found:
        return None
    words: str = gettext(
        "Na dit plan heeft de gemeente die het verst achter is %(least)s van haar taakstelling "
        "vervuld, gereserveerd of voorgesteld; 95 van de 100 gemeenten hebben minstens %(p5)s en "
        "de middelste %(median)s.",
        least=format_percent(found["least"], "#,##0%"),
        p5=format_percent(found["p5"], "#,##0%"),
        median=format_percent(found["median"], "#,##0%"),
    )
    return words


def held_back_words(kept: Mapping[str, Any]) -> str | None:
    """Return by which prices a run, or a proposal, held room back; None where it did not."""
    made_on = kept.get("priced_on")
    if made_on is None:
        return None
    words: str = gettext(
        "Ruimte telt voor wat zij waard is voor wie wacht en wie dit halfjaar nog komt, volgens de "
        "prijslijst van %(day)s. Dat bepaalt waarheen een huishouden gaat, niet of het een plaats "
        "krijgt.",
        day=day(date.fromisoformat(made_on)),
    )
    return words


def fairness_words(result: Mapping[str, Any]) -> str | None:
    """Return which group gets the least of its own best; None where the run kept no figure."""
    worst = (result.get("fairness") or {}).get("worst")
    if worst is None:
        return None
    words: str = gettext(
        "De groep die het minst van haar eigen hoogste score krijgt: %(group)s (%(share)s, "
        "%(households)s huishoudens).",
        group=group_words(worst),
        share=format_percent(worst["share"], "#,##0%"),
        households=worst["households"],
    )
    return words
