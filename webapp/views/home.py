"""Where each role lands, and the page of help."""

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from models.vocabulary import Role
from webapp.access import ROUTES
from webapp.auth import actor
from webapp.terms import explained
from workflows.permissions import Permission
from workflows.policy import may

blueprint = Blueprint("home", __name__)

# The first that a role may open is where it lands; a municipality begins with what is new, and the
# supervisor of a province with that province.
LANDINGS = (
    "queue.queue",
    "flow.flow",
    "users.users",
    "standing.standing",
)


@blueprint.get("/")
def home() -> BaseResponse | str:
    """Lead each role to its own work."""
    who = actor()
    if Role.MUNICIPAL_OFFICER in who.roles:
        return redirect(url_for("inbox.inbox"))
    if who.roles == {Role.SUPERVISOR} and len(who.areas(Role.SUPERVISOR)) == 1:
        return redirect(url_for("standing.standing", gebied=who.areas(Role.SUPERVISOR)[0]))
    for endpoint in LANDINGS:
        gate = ROUTES.get(endpoint)
        known = endpoint in current_app.view_functions and isinstance(gate, Permission)
        if known and isinstance(gate, Permission) and may(who, gate):
            return redirect(url_for(endpoint))
    return render_template("home/nothing.html")


@blueprint.get("/hulp")
def help_page() -> str | Response:
    """Explain the road home and its words."""
    return render_template("home/help.html", terms=explained())
