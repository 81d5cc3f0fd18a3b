"""What would change under other quotas, weights or arrivals: the same solver on a copy."""

from collections.abc import Mapping
from typing import Annotated, Any

from sqlalchemy import Connection

from models.vocabulary import ScoreTerm
from workflows.errors import InvalidPayload, Refused
from workflows.matching.fitted.choosing import version_in_force
from workflows.matching.propose import Answer
from workflows.matching.reading import floor_on, weights_on
from workflows.matching.runs import Wish
from workflows.moment import Moment
from workflows.payload import Blank, MunicipalityCode, Payload, Widget, entry

MOST_MOVES = 200
Kept = Annotated[int | None, Blank]


class ChangedPlace(Payload):
    """What is different for one municipality."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)
    places: int = entry(
        "Plaatsen erbij",
        Widget.NUMBER,
        default=0,
        help_text="In personen; met een minteken gaan er plaatsen af.",
        ge=-10_000,
        le=10_000,
    )
    closed: bool = entry("Deze gemeente neemt niemand op", Widget.YES_NO, default=False)


class WhatIf(Payload):
    """What a what-if changes; what is left empty stays as it is."""

    places: list[ChangedPlace] = entry(
        "Andere gemeente", Widget.GROUP, default_factory=list, max_length=20
    )
    families: int = entry(
        "Extra gezinnen, in procenten",
        Widget.NUMBER,
        default=0,
        help_text="Het programma voegt verzonnen gezinnen toe, naar het beeld van wie nu wacht.",
        ge=0,
        le=200,
    )
    floor: Kept = entry(
        "Andere ondergrens voor kleine en grote huishoudens, in procenten",
        Widget.NUMBER,
        default=None,
        help_text="Van wat alleenstaanden, gezinnen en gezinnen van zes of meer boven een loting"
        " kunnen krijgen. 0 is geen ondergrens; leeg blijft zij zoals zij is.",
        ge=0,
        le=100,
    )
    occupation_weight: Kept = entry(
        "Gewicht van de vraag naar het beroep", Widget.NUMBER, default=None, ge=0, le=1000
    )
    education_weight: Kept = entry(
        "Gewicht van de vraag op het niveau van de opleiding",
        Widget.NUMBER,
        default=None,
        ge=0,
        le=1000,
    )
    network_weight: Kept = entry(
        "Gewicht van het netwerk", Widget.NUMBER, default=None, ge=0, le=1000
    )
    language_weight: Kept = entry(
        "Gewicht van hulp in de eigen taal", Widget.NUMBER, default=None, ge=0, le=1000
    )
    advice_weight: Kept = entry(
        "Gewicht van de geadviseerde regio", Widget.NUMBER, default=None, ge=0, le=1000
    )
    nearness_weight: Kept = entry(
        "Gewicht van de nabijheid", Widget.NUMBER, default=None, ge=0, le=1000
    )


def wish_of(connection: Connection, asked: WhatIf, moment: Moment) -> Wish:
    """Return the wish of a what-if; raises `Refused` when it changes nothing.

    Raises `InvalidPayload` when all weights would be 0.
    """
    quotas: dict[str, int] = {}
    for each in asked.places:
        quotas[each.municipality] = quotas.get(each.municipality, 0) + each.places
    typed = {term: getattr(asked, f"{term.value}_weight") for term in ScoreTerm}
    wish = Wish(
        closed=tuple(sorted({each.municipality for each in asked.places if each.closed})),
        quotas={code: places for code, places in quotas.items() if places},
        weights=_weights(connection, typed, moment),
        families=asked.families,
        floor=_floor(connection, asked.floor, moment),
    )
    if not wish.differs:
        raise Refused(
            "no_change", "Verander minstens één ding; anders valt er niets te vergelijken."
        )
    return wish


def _floor(connection: Connection, typed: int | None, moment: Moment) -> int | None:
    """Return the floor that is asked; None when it is the one in force, or none was typed."""
    try:
        known = floor_on(connection, moment.today)
    except LookupError:
        known = 0
    return None if typed == known else typed


def _weights(
    connection: Connection, typed: Mapping[ScoreTerm, int | None], moment: Moment
) -> dict[str, int] | None:
    if all(weight is None for weight in typed.values()):
        return None
    if version_in_force(connection) is not None:
        refusal = Refused(
            "fitted_in_force",
            "Nu geeft het geschatte model de score, en dat heeft geen gewichten. Laat de gewichten"
            " leeg.",
            "occupation_weight",
        )
        raise InvalidPayload({"occupation_weight": refusal})
    try:
        known = weights_on(connection, moment.today).terms
    except LookupError:
        known = dict.fromkeys(ScoreTerm, 0)
    found = {
        term.value: known[term] if weight is None else weight for term, weight in typed.items()
    }
    if not any(found.values()):
        refusal = Refused("no_weight", "Geef minstens één gewicht boven nul.", "occupation_weight")
        raise InvalidPayload({"occupation_weight": refusal})
    return found


def difference(before: Answer, after: Answer) -> dict[str, Any]:
    """Return what a what-if changes for the households that really wait.

    `moves` names at most 200 households by the reference of their case; `moved` counts all of
    them. `imagined` counts the households that were added.
    """
    real = len(before.explanations)
    moves = [
        {"case": household.reference, "from": old, "to": new}
        for household, old, new in zip(
            before.assembled.scene.households, _places(before), _places(after)[:real], strict=True
        )
        if old != new
    ]
    placed = [
        sum(each.persons for each in found.explanations[:real] if each.placed)
        for found in (before, after)
    ]
    scores = [
        sum(each.choices[0].score for each in found.explanations[:real] if each.placed)
        for found in (before, after)
    ]
    imagined = after.explanations[real:]
    return {
        "persons_before": placed[0],
        "persons_after": placed[1],
        "score_before": scores[0],
        "score_after": scores[1],
        "moved": len(moves),
        "moves": moves[:MOST_MOVES],
        "imagined": len(imagined),
        "imagined_placed": sum(each.placed for each in imagined),
    }


def _places(found: Answer) -> list[str | None]:
    return [each.choices[0].municipality if each.placed else None for each in found.explanations]
