"""A proposal as pages show it: sentences, alternatives, each adult, and what the run proves."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from models.vocabulary import ScoreTerm
from webapp import reasons
from webapp.dossier import Dossier
from webapp.labels import label
from webapp.run_words import certificate, held_back_words
from workflows.reading.places import municipality_names
from workflows.reading.proposals import ProposalView, criteria_with_evidence


def shown_proposal(connection: Connection, found: ProposalView, dossier: Dossier) -> dict[str, Any]:
    """Return what the templates need of a proposal, with the names and evidence of its dossier."""
    told = found.explanation
    names = municipality_names(connection, _codes(found))
    held = criteria_with_evidence(connection, dossier.case.id) if told["criteria"] else ()
    people = {member.person_id: member.name for member in dossier.members}
    return {
        "proposal": found,
        "place": names.get(found.municipality_code, found.municipality_code),
        "chosen": names.get(found.chosen_code or "", found.chosen_code),
        "score": reasons.points(told["choices"][0]["score"]),
        "reasons": [sentence.text for sentence in reasons.reasons(told, names)],
        "possible": reasons.possibilities(told).text,
        "excluded": [sentence.text for sentence in reasons.exclusions(told)],
        "criteria": reasons.criteria(told, names, held),
        "choices": [
            _choice(each, told["persons"], names, chosen=told["placed"] and rank == 0)
            for rank, each in enumerate(told["choices"])
        ],
        "part_columns": [
            {"label": name, "numeric": True} for name, _ in _parts(told["choices"][0])
        ],
        "adults": [
            (people.get(each["person_id"], ""), reasons.points(each["score"]))
            for each in told["adults"]
        ],
        "certificate": certificate(found.result).text,
        "held_back": held_back_words(told),
        "score_from": reasons.score_from(told),
        "method": reasons.method(told["method"]),
    }


def _codes(found: ProposalView) -> set[str]:
    told = found.explanation
    codes = {each["municipality"] for each in (*told["choices"], *told["criteria"])}
    if told["best_by_score"] is not None:
        codes.add(told["best_by_score"]["municipality"])
    return codes | {found.municipality_code} | ({found.chosen_code} if found.chosen_code else set())


def _choice(
    choice: Mapping[str, Any], persons: int, names: Mapping[str, str], *, chosen: bool
) -> dict[str, Any]:
    return {
        "code": choice["municipality"],
        "name": names.get(choice["municipality"], choice["municipality"]),
        "score": reasons.points(choice["score"]),
        "fullness": reasons.fullness(choice, persons, chosen=chosen),
        "scarcity": reasons.points(choice["scarcity"]),
        "net": reasons.signed(choice["net"]),
        "rank": reasons.whole(choice["rank"]),
        "room": reasons.whole(choice["room"]),
        "left": reasons.whole(choice["left"]),
        "parts": _parts(choice),
    }


def _parts(choice: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the parts of a score with their names; a fitted model begins with what holds anywhere.

    Proposals from before there was such a model know of no base.
    """
    base = choice.get("base", 0.0)
    begun = [(str(gettext("Overal gelijk")), reasons.points(base))] if base else []
    terms = choice["terms"].items()
    return [*begun, *((label(term, ScoreTerm), reasons.signed(value)) for term, value in terms)]
