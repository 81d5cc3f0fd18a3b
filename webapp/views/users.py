"""Users and their roles, for the administrator."""

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from models.vocabulary import Role
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.passwords import generate_password, hash_password
from workflows import administration
from workflows.administration import Holder, find_holder
from workflows.errors import Refused
from workflows.reading import users as reading
from workflows.users import NewUser

blueprint = Blueprint("users", __name__)
LONGEST = 100


@blueprint.get("/beheer/gebruikers")
def users() -> str:
    """List users, page by page."""
    return _list()


@blueprint.post("/beheer/gebruikers")
def add() -> Response:
    """Add a user with a generated password, which is shown once."""
    email, name = request.form.get("email", ""), request.form.get("name", "")
    password = generate_password()
    new = NewUser(
        email=email[:254], name=name[:250], password_hash=hash_password(password), grants=()
    )
    try:
        with transaction() as connection:
            administration.create_user(connection, actor(), new, moment())
    except Refused as refusal:
        return make_response(_list(problem=refusal, email=email, name=name), 422)
    return make_response(_list(made=(email, password)))


def _list(
    *,
    problem: Refused | None = None,
    email: str = "",
    name: str = "",
    made: tuple[str, str] | None = None,
) -> str:
    typed = request.args.get("zoek", "").strip()[:LONGEST].replace("\x00", "")
    after = request.args.get("na")
    with transaction() as connection:
        found = reading.users(connection, actor(), moment().today, after, typed)
    more = len(found) > reading.PAGE
    shown = found[: reading.PAGE]
    return render_template(
        "users/users.html",
        rows=shown,
        next_url=url_for("users.users", na=shown[-1].reference, zoek=typed or None)
        if more
        else None,
        previous_url=url_for("users.users", zoek=typed or None) if after else None,
        problem=None if problem is None else translated(problem),
        problem_field=None if problem is None else problem.field_name,
        email=email,
        name=name,
        made=made,
        typed=typed,
    )


@blueprint.get("/beheer/gebruikers/<reference:reference>")
def user(reference: str) -> str:
    """Show a user with all grants."""
    return _user(reference)


def _user(reference: str, *, password: str | None = None) -> str:
    with transaction() as connection:
        found, grants = reading.user_with_grants(connection, actor(), reference)
        organisations = reading.organisation_choices(connection, actor())
    return render_template(
        "users/user.html",
        user=found,
        grants=grants,
        roles=list(Role),
        organisations=organisations,
        password=password,
        today=moment().today,
    )


@blueprint.post("/beheer/gebruikers/<reference:reference>/rollen")
def grant(reference: str) -> Response:
    """Give a role in an organisation."""
    asked = request.form.get("role", "")
    organisation = request.form.get("organisation", "")[:LONGEST].replace("\x00", "")

    def act(connection: Connection, holder: Holder) -> None:
        if asked not in {role.value for role in Role}:
            raise Refused("role", "Kies een rol.", "role")
        administration.grant_role(
            connection, actor(), holder, Role(asked), organisation=organisation, moment=moment()
        )

    return _change(reference, act, gettext("De rol is gegeven."))


@blueprint.post("/beheer/gebruikers/<reference:reference>/rollen/<int(max=999999999):grant_id>")
def end_grant(reference: str, grant_id: int) -> Response:
    """End a role from today on."""

    def act(connection: Connection, holder: Holder) -> None:
        administration.end_grant(connection, actor(), holder, grant_id, moment())

    return _change(reference, act, gettext("De rol is beëindigd."))


@blueprint.post("/beheer/gebruikers/<reference:reference>/wachtwoord")
def reset(reference: str) -> str:
    """Give a new password, shown once, and end all sessions."""
    password = generate_password()
    hashed = hash_password(password)
    with transaction() as connection:
        holder = find_holder(connection, actor(), reference)
        administration.set_password(connection, actor(), holder, hashed, moment())
    return _user(reference, password=password)


@blueprint.post("/beheer/gebruikers/<reference:reference>/account")
def set_active(reference: str) -> Response:
    """Open or close an account."""
    active = request.form.get("active") == "1"

    def act(connection: Connection, holder: Holder) -> None:
        administration.set_active(connection, actor(), holder, moment(), active=active)

    words = gettext("Het account is weer open.") if active else gettext("Het account is gesloten.")
    return _change(reference, act, words)


def _change(reference: str, act: Callable[[Connection, Holder], None], words: str) -> Response:
    try:
        with transaction() as connection:
            act(connection, find_holder(connection, actor(), reference))
    except Refused as refusal:
        flash(translated(refusal), "error")
        if refusal.code == "open_work" and request.endpoint == "users.set_active":
            return redirect(url_for("leaving.form", reference=reference))
    else:
        flash(words, "success")
    return redirect(url_for("users.user", reference=reference))
