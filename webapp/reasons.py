"""Why a municipality is proposed, in plain sentences made of the numbers of the explanation.

Every number in a sentence stands in the explanation; `tests/reasons_oracle.py` reads them back.
A score is called a score: no sentence speaks of a chance of finding work.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from models.vocabulary import Exclusion, HardCriterion, ScoreTerm
from webapp.labels import label
from webapp.marking import N_
from workflows.matching.explain import METHOD

# Below this a difference in points is none: sentences show three decimals.
NONE = 0.0005
# From this many points per person on, room is called scarce.
SCARCE = 0.1
TERMS_TOLD = 2
METHODS = {METHOD: N_("prijzen en zoeken, versie 1")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what it is about."""

    kind: str
    text: str


def points(value: float) -> str:
    """Return points with three decimals in the visitor's language."""
    return str(format_decimal(abs(round(value, 3)), "#,##0.000"))


def signed(value: float) -> str:
    """Return points with their sign; what rounds to nothing has none."""
    return ("−" if value < -NONE else "") + points(value)


def score_from(explanation: Mapping[str, Any]) -> tuple[str, str]:
    """Return what gave the score, and which version of it."""
    fitted = explanation.get("fitted")
    if fitted is None:
        version = explanation["weights_version"]
        return str(gettext("Gewichten")), str(gettext("versie %(version)s", version=version))
    return (
        str(gettext("Geschat model")),
        str(gettext("versie %(version)s", version=fitted["version"])),
    )


def whole(value: int) -> str:
    """Return a whole number in the visitor's language."""
    return str(format_decimal(value))


def method(name: str) -> str:
    """Return how a run reckoned, in words; an unknown name as it is."""
    return str(gettext(METHODS.get(name, name)))


def fullness(choice: Mapping[str, Any], persons: int, *, chosen: bool) -> str:
    """Return in words how scarce the room of a choice is.

    What is left after the plan holds the household in its chosen place only; elsewhere it must
    still fit.
    """
    if choice["left"] < 1:
        return str(gettext("vol met dit plan"))
    if not chosen and choice["left"] < persons:
        return str(gettext("te vol voor dit huishouden met dit plan"))
    if choice["scarcity"] < NONE:
        return str(gettext("ruim plaats"))
    if choice["scarcity"] / max(persons, 1) < SCARCE:
        return str(gettext("wordt schaars"))
    return str(gettext("veel gevraagd"))


def reasons(explanation: Mapping[str, Any], names: Mapping[str, str]) -> list[Sentence]:
    """Return why the first choice is proposed; `names` gives municipalities by code."""
    if not explanation["choices"]:
        return []
    made = [
        *_about_choice(explanation, names),
        *_about_terms(explanation["choices"], names),
        *_about_room(explanation, names),
        *_about_best(explanation, names),
        *_about_whole(explanation, names),
    ]
    made += _about_model(explanation)
    if not explanation["adults"]:
        made.append(
            Sentence(
                "no_adults",
                gettext(
                    "Er is geen screening waaruit een score volgt. Dit voorstel volgt alleen uit "
                    "de ruimte en de spreiding over gemeenten."
                ),
            )
        )
    return made


def _about_model(explanation: Mapping[str, Any]) -> Iterator[Sentence]:
    """Tell that a fitted model gave the score, and which one; the points model goes without."""
    fitted = explanation.get("fitted")
    if fitted is None or not explanation["adults"]:
        return
    base = explanation["choices"][0]["base"]
    yield Sentence(
        "fitted",
        gettext(
            "De score komt van het geschatte model, versie %(version)s, dat leerde van"
            " %(measurements)s metingen. Overal geldt %(base)s punt; de rest hangt van de gemeente"
            " af.",
            version=whole(fitted["version"]),
            measurements=whole(fitted["measurements"]),
            base=points(base),
        ),
    )


def possibilities(explanation: Mapping[str, Any]) -> Sentence:
    """Return how many municipalities remained."""
    possible = explanation["possible"]
    everywhere = possible + sum(explanation["excluded"].values())
    return Sentence(
        "possible",
        gettext(
            "Van de %(all)s gemeenten zijn er %(possible)s mogelijk.",
            all=whole(everywhere),
            possible=whole(possible),
        ),
    )


def exclusions(explanation: Mapping[str, Any]) -> list[Sentence]:
    """Return per reason how many municipalities are not possible, the most first."""
    counted = sorted(explanation["excluded"].items(), key=lambda each: (-each[1], each[0]))
    return [
        Sentence(
            f"excluded:{reason}",
            ngettext("%(what)s: %(num)s gemeente", "%(what)s: %(num)s gemeenten", count,
                     what=label(reason, Exclusion)),
        )
        for reason, count in counted
    ]  # fmt: skip


def criteria(
    explanation: Mapping[str, Any], names: Mapping[str, str], held: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Return the hard criteria that were used, with the evidence that the case holds of them."""
    evidence = {(each["criterion"], each["municipality"]): each.get("evidence") for each in held}
    found = []
    for each in explanation["criteria"]:
        place = names.get(each["municipality"], each["municipality"])
        words = f"{label(each['criterion'], HardCriterion)}: {place}"
        seen = evidence.get((each["criterion"], each["municipality"]))
        found.append(f"{words} ({seen})" if seen else words)
    return found


def _about_choice(explanation: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Sentence]:
    first, possible = explanation["choices"][0], explanation["possible"]
    place, score = _name(first, names), points(first["score"])
    if possible == 1:
        text = gettext(
            "%(place)s is de enige gemeente die mogelijk is, met een score van %(score)s.",
            place=place,
            score=score,
        )
        yield Sentence("only", text)
    elif first["rank"] == 1:
        text = gettext(
            "%(place)s heeft de hoogste score van alle %(possible)s mogelijke gemeenten: "
            "%(score)s.",
            place=place,
            possible=whole(possible),
            score=score,
        )
        yield Sentence("highest", text)
    else:
        text = gettext(
            "%(place)s heeft een score van %(score)s. Op score alleen is dat plaats %(rank)s van "
            "de %(possible)s mogelijke gemeenten.",
            place=place,
            score=score,
            rank=whole(first["rank"]),
            possible=whole(possible),
        )
        yield Sentence("ranked", text)


def _about_terms(
    choices: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[Sentence]:
    """Tell the parts of the score that differ most from the runner-up."""
    if len(choices) == 1:
        return
    first, second = choices[0], choices[1]
    differences = {term: first["terms"][term] - second["terms"][term] for term in first["terms"]}
    told = sorted(differences, key=lambda term: (-abs(differences[term]), term))[:TERMS_TOLD]
    for term in told:
        gained = differences[term]
        if abs(gained) < NONE:
            continue
        values = {
            "term": label(term, ScoreTerm),
            "points": points(gained),
            "place": _name(second, names),
        }
        text = (
            gettext("‘%(term)s’ telt hier %(points)s punt meer dan in %(place)s.", **values)
            if gained > 0
            else gettext("‘%(term)s’ telt hier %(points)s punt minder dan in %(place)s.", **values)
        )
        yield Sentence(f"term:{term}", text)


def _about_room(explanation: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Sentence]:
    first = explanation["choices"][0]
    place = _name(first, names)
    if first["scarcity"] >= NONE:
        text = gettext(
            "In %(place)s is plaats schaars. Wat dit huishouden daar inneemt, is volgens de "
            "prijzen van dit plan %(points)s punt waard voor anderen.",
            place=place,
            points=points(first["scarcity"]),
        )
        yield Sentence("scarce", text)
    text = ngettext(
        "%(place)s heeft ruimte voor %(room)s; met dit hele plan blijft er plaats voor %(num)s "
        "persoon over.",
        "%(place)s heeft ruimte voor %(room)s; met dit hele plan blijft er plaats voor %(num)s "
        "personen over.",
        first["left"],
        place=place,
        room=whole(first["room"]),
    )
    yield Sentence("room", text)


def _about_best(explanation: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Sentence]:
    """Tell why it is not the first by score alone: what weighs most beside the proposal."""
    first, best = explanation["choices"][0], explanation["best_by_score"]
    if first["rank"] == 1 or best is None:
        return
    values = {"place": _name(best, names), "score": points(best["score"])}
    scarcer = best["scarcity"] - first["scarcity"]
    fuller = best["levelling"] - first["levelling"]
    if scarcer >= max(NONE, fuller):
        text = gettext(
            "%(place)s heeft de hoogste score (%(score)s), maar plaats is daar schaars. Wat dit "
            "huishouden daar inneemt, is volgens de prijzen van dit plan %(points)s punt waard "
            "voor anderen.",
            points=points(best["scarcity"]),
            **values,
        )
        yield Sentence("best_scarce", text)
    elif fuller >= NONE:
        text = gettext(
            "%(place)s heeft de hoogste score (%(score)s), maar deed al meer van haar "
            "taakstelling. Dat telt %(points)s punt.",
            points=points(best["levelling"]),
            **values,
        )
        yield Sentence("best_level", text)


def _about_whole(explanation: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Sentence]:
    """Tell what the household gives up for the whole, or by how much its proposal is ahead."""
    if len(explanation["choices"]) == 1:
        return
    first, second = explanation["choices"][0], explanation["choices"][1]
    values = {"place": _name(second, names)}
    if explanation["regret"] >= NONE:
        text = gettext(
            "Voor het geheel levert dit huishouden %(points)s punt in: op zichzelf komt %(place)s "
            "beter uit.",
            points=points(explanation["regret"]),
            **values,
        )
        yield Sentence("regret", text)
    elif first["net"] - second["net"] >= NONE:
        text = gettext(
            "Met schaarste en spreiding erbij ligt dit voorstel %(points)s punt voor op %(place)s.",
            points=points(first["net"] - second["net"]),
            **values,
        )
        yield Sentence("margin", text)


def _name(choice: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(choice["municipality"], choice["municipality"])
