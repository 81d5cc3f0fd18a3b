"""Language and colours, with or without signing in."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, send_file, session
from werkzeug.wrappers import Response

from config.settings import project_root
from webapp.auth import settings, signed_in
from webapp.db import transaction
from webapp.language import LANGUAGES
from webapp.rendering import THEMES
from workflows.sign_in import set_language

blueprint = Blueprint("preferences", __name__)
A_YEAR = 31_536_000


@blueprint.post("/taal")
def language() -> Response:
    """Keep the language: with the user, or in the browser's session before sign-in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    visitor = signed_in()
    if visitor is not None:
        with transaction() as connection:
            set_language(connection, visitor.session.user_id, chosen)
    return redirect(_back())


@blueprint.post("/kleuren")
def theme() -> Response:
    """Keep the choice between light and dark in the browser."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    answer = redirect(_back())
    answer.set_cookie(
        "theme", chosen, max_age=A_YEAR, samesite="Lax", secure=settings().secure_cookies
    )
    return answer


@blueprint.get("/huisstijl.css")
def theme_stylesheet() -> Response:
    """Give the organisation's own style sheet: the configured file, or its path on this site."""
    chosen = settings().theme_css
    if not chosen:
        abort(404)
    path = project_root() / Path(chosen).expanduser()
    if path.is_file():
        return send_file(path, mimetype="text/css")
    return redirect(chosen) if chosen.startswith("/") else abort(404)


def _back() -> str:
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    if came_from.netloc != request.host or not came_from.path.startswith("/"):
        return "/"
    # A page that was an answer to a form is not there to be opened again.
    path = came_from.path if not came_from.path.startswith("//") else "/"
    return f"{path}?{came_from.query}" if came_from.query else path
