"""A handover as a page, and the client profile that was handed over as page, PDF and JSON."""

from flask import Blueprint, jsonify, make_response, render_template
from flask_babel import get_locale, gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.client_profile import profile
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import Dossier, open_dossier
from webapp.handover_parts import parts
from webapp.profile_pdf import profile_pdf
from webapp.rendering import instant
from workflows.errors import NotFound
from workflows.reading.handed_over import Json, snapshot_of
from workflows.reading.handover import HandoverView, find_handover
from workflows.trail import record_read

blueprint = Blueprint("handover", __name__)


@blueprint.get("/overdrachten/<reference:reference>")
def handover(reference: str) -> str:
    """Show one handover to its sender or receiver, whatever became of the case."""
    now, who = moment(), actor()
    with transaction() as connection:
        view = _open(connection, reference, "handover")
        dossier = _dossier(connection, view)
        shown = parts(
            connection, who, view, dossier.acts if dossier and view.newest else None, now.today
        )
    return render_template("handover/handover.html", dossier=dossier, shown=shown)


def _open(connection: Connection, reference: str, purpose: str) -> HandoverView:
    """Return a handover and log that it was seen; raises `NotFound`."""
    view = find_handover(connection, actor(), reference, moment().today)
    record_read(connection, moment(), actor().user_id, purpose, case_id=view.case_id)
    return view


def _dossier(connection: Connection, view: HandoverView) -> Dossier | None:
    try:
        return open_dossier(connection, actor(), view.case_reference, moment(), "handover")
    except NotFound:
        return None


def _snapshot(reference: str, purpose: str) -> tuple[HandoverView, Json]:
    with transaction() as connection:
        view = _open(connection, reference, purpose)
        return view, snapshot_of(connection, view)


def _lines(view: HandoverView) -> list[str]:
    return [
        gettext("Van %(sender)s aan %(target)s", sender=view.sender_name, target=view.target_name),
        gettext("Dossier %(reference)s", reference=view.case_reference),
        gettext("Aangeboden op %(date)s", date=instant(view.offered_at)),
        gettext("Contactpersoon: %(name)s", name=view.contact_name),
    ]


@blueprint.get("/overdrachten/<reference:reference>/profiel")
def client_profile(reference: str) -> str:
    """Show the client profile as it was handed over."""
    view, snapshot = _snapshot(reference, "handover:profile")
    return render_template(
        "handover/profile.html", view=view, lines=_lines(view), sections=profile(snapshot)
    )


@blueprint.get("/overdrachten/<reference:reference>/profiel.pdf")
def client_profile_pdf(reference: str) -> Response:
    """Return the client profile as a tagged PDF in the visitor's language."""
    view, snapshot = _snapshot(reference, "handover:pdf")
    document = profile_pdf(
        gettext("Cliëntprofiel"),
        _lines(view),
        profile(snapshot),
        language=str(get_locale() or "nl"),
        footer=gettext("Controlegetal %(hash)s", hash=(view.hash_words or "")[:16]),
    )
    return _download(document, "application/pdf", f"overdracht-{reference}.pdf")


@blueprint.get("/overdrachten/<reference:reference>/profiel.json")
def client_profile_json(reference: str) -> Response:
    """Return the snapshot with its SHA-256, which a receiver can compute again."""
    view, snapshot = _snapshot(reference, "handover:json")
    answer = jsonify({"snapshot": snapshot, "sha256": view.hash_words})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _download(body: bytes, kind: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
