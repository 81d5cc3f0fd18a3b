"""Mijn account: who one is here, one's own password and language."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField
from wtforms.validators import InputRequired

from webapp.auth import SignedIn
from webapp.clock import moment
from webapp.db import transaction
from webapp.passwords import LONGEST, SHORTEST, hash_password, matches
from webapp.throttle import PER_USER, limiter
from workflows.sign_in import change_own_password, find_account

blueprint = Blueprint("account", __name__)


def _user_key() -> str:
    visitor: SignedIn = current_user
    return f"password {visitor.session.user_id}"


@blueprint.get("/account")
def account() -> str:
    """Show the visitor's own account."""
    return _page(_form())


@blueprint.post("/account/wachtwoord")
@limiter.limit(PER_USER, key_func=_user_key)
def change_password() -> Response:
    """Change one's own password; other sessions of the account end, this one goes on."""
    visitor: SignedIn = current_user
    shown = _form()
    if not (shown.validate() and _acceptable(shown, visitor)):
        return make_response(_page(shown), 422)
    hashed = hash_password(shown["new"].data)
    with transaction() as connection:
        change_own_password(connection, visitor.session, hashed, moment())
    flash(gettext("Uw wachtwoord is gewijzigd. Andere apparaten zijn uitgelogd."), "success")
    return redirect(url_for("account.account"))


def _form() -> Form:
    required = InputRequired(gettext("Vul dit veld in."))

    class OwnPassword(Form):
        current = PasswordField(
            gettext("Huidig wachtwoord"),
            [required],
            render_kw={"autocomplete": "current-password", "maxlength": LONGEST},
        )
        new = PasswordField(
            gettext("Nieuw wachtwoord"),
            [required],
            description=gettext(
                "Ten minste %(least)s tekens. Een zin die u onthoudt is het sterkst.",
                least=SHORTEST,
            ),
            render_kw={"autocomplete": "new-password", "maxlength": LONGEST},
        )
        again = PasswordField(
            gettext("Nieuw wachtwoord nog een keer"),
            [required],
            render_kw={"autocomplete": "new-password", "maxlength": LONGEST},
        )

    return OwnPassword(request.form if request.method == "POST" else None)


def _acceptable(shown: Form, visitor: SignedIn) -> bool:
    """Put what is wrong beside its field; the current password is checked last, since it costs."""
    current, new, again = (str(shown[name].data or "") for name in ("current", "new", "again"))
    if not SHORTEST <= len(new) <= LONGEST:
        shown["new"].errors = [
            gettext(
                "Kies een wachtwoord van %(least)s tot %(most)s tekens.",
                least=SHORTEST,
                most=LONGEST,
            )
        ]
    elif new in {current, visitor.session.email}:
        shown["new"].errors = [gettext("Kies een ander wachtwoord dan dit.")]
    elif new != again:
        shown["again"].errors = [gettext("Dit is niet hetzelfde als hierboven.")]
    if not shown.errors and not _is_current(visitor, current):
        shown["current"].errors = [gettext("Dit is niet uw huidige wachtwoord.")]
    return not shown.errors


def _is_current(visitor: SignedIn, password: str) -> bool:
    with transaction() as connection:
        found = find_account(connection, visitor.session.email)
    return matches(None if found is None else found.password_hash, password[:LONGEST])


def _page(shown: Form) -> str:
    visitor: SignedIn = current_user
    return render_template(
        "account/account.html",
        form=shown,
        session=visitor.session,
        grants=visitor.actor.grants,
        second_factor=visitor.session.second_factor_secret is not None,
    )
