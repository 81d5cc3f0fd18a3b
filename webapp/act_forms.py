"""Forms of acts that are no step on a case: made from a payload, read back into one."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import make_response, request
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import problems_of, show_problems
from webapp.form_reading import Reading
from webapp.payload_fields import form_class
from webapp.sources import Sources
from workflows.errors import InvalidPayload, Refused
from workflows.payload import Payload
from workflows.request import parsed
from workflows.violations import refusal_for

Kind = TypeVar("Kind", bound=Payload)
REFUSED = 422
_CODE = re.compile(r"GM[0-9]{4}")


def sources(connection: Connection) -> Sources:
    """Return what the choices of an act's form are made of."""
    return Sources(connection, actor(), moment().today)


def empty(
    payload: type[Payload], connection: Connection, given: Mapping[str, Any] | None = None
) -> Form:
    """Return the form of an act with starting values."""
    return form_class(payload, sources(connection))(data=dict(given or {}))


def typed(payload: type[Payload], connection: Connection) -> Form:
    """Return the form of an act with what was typed."""
    return form_class(payload, sources(connection))(formdata=forms.readable(request.form))


def municipality(connection: Connection, typed: str, field: str) -> str:
    """Return the code of a municipality that was typed; raises `Refused` beside the field.

    A code is taken as it is, so that municipalities that merged can be named too.
    """
    if _CODE.fullmatch(typed):
        return typed
    try:
        return sources(connection).municipality(typed)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, field, refusal.values) from refusal


def read(kind: type[Kind], connection: Connection, fixed: Mapping[str, Any] | None = None) -> Kind:
    """Return the payload that was typed; raises `InvalidPayload` with everything found wrong.

    `fixed` values come from the address instead of the form.
    """
    reading = Reading(sources(connection))
    values = reading.read(typed(kind, connection), kind)
    return reading.checked(lambda: parsed(kind, {**values, **(fixed or {})}))


def act(
    kind: type[Kind],
    run: Callable[[Connection, Kind], Response],
    page: Callable[[Connection, Form], str],
    fixed: Mapping[str, Any] | None = None,
) -> Response:
    """Run an act on what was typed, or show the page again with each problem beside its field."""
    try:
        with transaction() as connection:
            payload = read(kind, connection, fixed)
            try:
                return run(connection, payload)
            except IntegrityError as error:
                raise refusal_for(error) from error
    except (InvalidPayload, Refused) as refusal:
        with transaction() as connection:
            shown = typed(kind, connection)
            show_problems(shown, problems_of(refusal))
            return make_response(page(connection, shown), REFUSED)
