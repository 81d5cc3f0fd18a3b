"""Suggestions while typing, for the fields that ask for them."""

from flask import Blueprint, Response, jsonify, request
from flask_babel import format_decimal, gettext

from webapp import occupations as known
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading.places import suggest_municipalities

blueprint = Blueprint("suggest", __name__)
SHORTEST, LONGEST = 2, 60


def _typed() -> str | None:
    text = request.args.get("q", "").strip()
    usable = SHORTEST <= len(text) <= LONGEST and text.isprintable()
    return text if usable else None


@blueprint.get("/suggesties/gemeenten")
def municipalities() -> Response:
    """Return municipalities whose name holds the text; with their room for who may link."""
    text = _typed()
    if text is None:
        return jsonify([])
    with transaction() as connection:
        found = suggest_municipalities(connection, text, moment().today)
    links = may(actor(), Permission.LINK)
    return jsonify(
        [
            {
                "value": each.name,
                "hint": f"{each.province}, "
                + gettext("ruimte voor %(room)s", room=format_decimal(max(each.room, 0)))
                if links
                else each.province,
            }
            for each in found
        ]
    )


@blueprint.get("/suggesties/beroepen")
def occupations() -> Response:
    """Return occupations whose title holds the text."""
    text = _typed()
    found = [] if text is None else known.suggest(text)
    return jsonify([{"value": f"{title} ({code})", "hint": ""} for title, code in found])
