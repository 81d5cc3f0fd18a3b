"""What would make another municipality the choice, in plain sentences made of the numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext, ngettext

from models.vocabulary import Exclusion, SupplyKind
from webapp import reasons
from webapp.labels import label
from webapp.reasons import Sentence
from workflows.matching.counterfactual import Verdict, Way


def sentences(found: Mapping[str, Any], place: str, chosen: str | None) -> list[Sentence]:
    """Return the answer; `place` is the municipality asked about, `chosen` that of the plan."""
    match found["verdict"]:
        case Verdict.CHOSEN:
            return [Sentence("chosen", gettext("Het plan kiest nu al %(place)s.", place=place))]
        case Verdict.NOT_ELIGIBLE:
            return [*_now(chosen), _shut(found, place)]
        case Verdict.NO_CHANGE_FOUND:
            return [*_now(chosen), _nothing(place)]
    return [*_now(chosen), *_cost(found, place), *_changes(found, place)]


def without_floor() -> str:
    """Return that the floor under sizes of household was set aside."""
    words: str = gettext(
        "De ondergrens voor kleine en grote huishoudens telt in dit antwoord niet mee; het "
        "voorstel kan daardoor een ander zijn."
    )
    return words


def _now(chosen: str | None) -> Iterator[Sentence]:
    if chosen is None:
        yield Sentence("nowhere", gettext("In het plan van nu krijgt dit huishouden geen plaats."))
    else:
        yield Sentence("now", gettext("Het plan van nu kiest %(place)s.", place=chosen))


def _shut(found: Mapping[str, Any], place: str) -> Sentence:
    why = label(found["excluded"], Exclusion)
    text = gettext(
        "%(place)s kan niet voor dit huishouden: %(why)s. Een hogere score of meer ruimte "
        "verandert dat niet.",
        place=place,
        why=why[:1].lower() + why[1:],
    )
    return Sentence("shut", text)


def _nothing(place: str) -> Sentence:
    text = gettext(
        "Er is geen verandering van score of ruimte gevonden waarmee het plan %(place)s kiest.",
        place=place,
    )
    return Sentence("nothing", text)


def _cost(found: Mapping[str, Any], place: str) -> Iterator[Sentence]:
    if found["cost"] is None:
        return
    if found["cost"] < reasons.NONE:
        text = gettext(
            "Koppelt u dit huishouden toch aan %(place)s, dan verliest het hele plan niets.",
            place=place,
        )
    else:
        text = gettext(
            "Koppelt u dit huishouden toch aan %(place)s, dan verliest het hele plan %(points)s "
            "punt.",
            place=place,
            points=reasons.points(found["cost"]),
        )
    yield Sentence("cost", text)


def _changes(found: Mapping[str, Any], place: str) -> Iterator[Sentence]:
    for change in found["changes"]:
        match change["way"]:
            case Way.SCORE:
                yield Sentence("score", _score(change, place))
            case Way.ROOM:
                yield Sentence("room", _room(change, place))
            case Way.PRICE:
                yield Sentence("price", _price(change, place))


def _price(change: Mapping[str, Any], place: str) -> str:
    if change["amount"] < reasons.NONE:
        return str(
            gettext(
                "Het plan kiest %(place)s al als de plaatsen die dit huishouden daar inneemt iets "
                "minder schaars zijn.",
                place=place,
            )
        )
    return str(
        gettext(
            "Het plan kiest %(place)s als de plaatsen die dit huishouden daar inneemt %(points)s "
            "punt minder schaars zijn, omdat anderen er minder aan hebben.",
            place=place,
            points=reasons.points(change["amount"]),
        )
    )


def _score(change: Mapping[str, Any], place: str) -> str:
    if change["amount"] < reasons.NONE:
        return str(
            gettext(
                "Het plan kiest %(place)s al als de score van dit huishouden daar iets hoger is.",
                place=place,
            )
        )
    return str(
        gettext(
            "Het plan kiest %(place)s als de score van dit huishouden daar %(points)s punt hoger "
            "is.",
            place=place,
            points=reasons.points(change["amount"]),
        )
    )


def _room(change: Mapping[str, Any], place: str) -> str:
    text = str(
        ngettext(
            "Het plan kiest %(place)s als daar ruimte is voor %(num)s persoon meer.",
            "Het plan kiest %(place)s als daar ruimte is voor %(num)s personen meer.",
            int(change["amount"]),
            place=place,
        )
    )
    if not change["dwellings"]:
        return text
    kinds = ", ".join(
        f"{label(kind, SupplyKind)} {reasons.whole(count)}"
        for kind, count in sorted(change["dwellings"].items())
    )
    besides = gettext("Daarbij hoort: %(kinds)s.", kinds=kinds)
    return f"{text} {besides}"
