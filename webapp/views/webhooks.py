"""Webhooks and keys of organisations' own systems."""

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from webapp.api.keys import new_token, token_hash
from webapp.auth import actor, settings
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.senders.webhook import secret, shown
from workflows.errors import Refused
from workflows.notices import webhooks as managing
from workflows.notices.topics import TOPICS
from workflows.reading import webhooks as reading

blueprint = Blueprint("webhooks", __name__)
LONGEST = 600


@blueprint.get("/beheer/webhooks")
def webhooks() -> str:
    """List webhooks and keys."""
    return _page()


@blueprint.post("/beheer/webhooks")
def add() -> Response:
    """Add a webhook, whose secret is shown once."""
    wish = managing.Wish(_typed("organisation"), _typed("url"), request.form.getlist("topic"))
    try:
        with transaction() as connection:
            reference = managing.add_webhook(
                connection, actor(), wish, moment(), plain=settings().webhook_http
            )
    except Refused as refusal:
        return make_response(_page(problem=refusal, wish=wish), 422)
    return make_response(_page(secret_of=(reference, 1)))


@blueprint.post("/beheer/webhooks/<reference:reference>/geheim")
def renew(reference: str) -> Response:
    """Give a new secret, shown once."""
    with transaction() as connection:
        version = managing.renew_secret(connection, actor(), reference, moment())
    return make_response(_page(secret_of=(reference, version)))


@blueprint.post("/beheer/webhooks/<reference:reference>/stand")
def set_active(reference: str) -> Response:
    """Start or stop a webhook."""
    active = request.form.get("active") == "1"
    words = gettext("De webhook werkt weer.") if active else gettext("De webhook is gestopt.")
    return _change(
        lambda connection: managing.set_webhook_active(
            connection, actor(), reference, moment(), active=active
        ),
        words,
    )


@blueprint.post("/beheer/webhooks/sleutels")
def add_key() -> Response:
    """Make a key for an organisation's system, shown once."""
    token = new_token()
    organisation, name = _typed("key_organisation"), _typed("key_name")
    try:
        with transaction() as connection:
            managing.add_token(
                connection, actor(), organisation, name, token_hash(token), moment=moment()
            )
    except Refused as refusal:
        return make_response(_page(key_problem=refusal, key=(organisation, name)), 422)
    return make_response(_page(token=token))


@blueprint.post("/beheer/webhooks/sleutels/<reference:reference>/intrekken")
def revoke_key(reference: str) -> Response:
    """Take a key back for good."""
    return _change(
        lambda connection: managing.revoke_token(connection, actor(), reference, moment()),
        gettext("De sleutel is ingetrokken."),
    )


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST].replace("\x00", "")


def _change(act: Callable[[Connection], None], words: str) -> Response:
    with transaction() as connection:
        act(connection)
    flash(words, "success")
    return redirect(url_for("webhooks.webhooks"), 303)


def _page(
    *,
    problem: Refused | None = None,
    wish: managing.Wish | None = None,
    secret_of: tuple[str, int] | None = None,
    key_problem: Refused | None = None,
    key: tuple[str, str] = ("", ""),
    token: str | None = None,
) -> str:
    with transaction() as connection:
        hooks = reading.webhooks(connection, actor())
        keys = reading.tokens(connection, actor())
        organisations = reading.listeners(connection, actor())
    return render_template(
        "webhooks/webhooks.html",
        webhooks=hooks,
        keys=keys,
        organisations=organisations,
        kinds=_topics_by_kind(),
        oin=settings().oin,
        problem=None if problem is None else translated(problem),
        problem_field=None if problem is None else problem.field_name,
        wish=wish or managing.Wish("", "", ()),
        secret=None if secret_of is None else _secret(*secret_of),
        key_problem=None if key_problem is None else translated(key_problem),
        key_field=None if key_problem is None else key_problem.field_name,
        key=key,
        token=token,
    )


def _secret(reference: str, version: int) -> str:
    return shown(secret(settings().webhook_secret(), reference, version))


def _topics_by_kind() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for code, topic in TOPICS.items():
        found.setdefault(topic.kind, []).append((code, topic.text))
    return found
