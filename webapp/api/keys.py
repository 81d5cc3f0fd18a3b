"""Knows an organisation's own system by the key that it shows."""

import secrets
from hashlib import sha256

from flask import Response, g, jsonify, request

from webapp.clock import moment
from webapp.db import transaction
from workflows.reading.told import System, system_of

_BYTES = 32
_PREFIX = "tr_"


def new_token() -> str:
    """Return a random key; whoever made it shows it once."""
    return _PREFIX + secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is kept of a key."""
    return sha256(token.encode()).digest()


def demand_key() -> Response | None:
    """Remember the system that asks, or answer that no valid key was shown."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip() and token.isascii():
        with transaction() as connection:
            found = system_of(connection, token_hash(token.strip()), moment())
        if found is not None:
            g.system = found
            return None
    answer = problem(401, "Unauthorized", "Show a valid key as: Authorization: Bearer ...")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="thuisroute"'
    return answer


def system() -> System:
    """Return the system that asks; only addresses behind a key ask it."""
    found: System = g.system
    return found


def system_key() -> str:
    """Return a key for counting requests: the hash of what was shown, or the address."""
    shown = request.headers.get("Authorization")
    if shown is None:
        return request.remote_addr or ""
    return sha256(shown.encode(errors="replace")).hexdigest()[:32]


def problem(status: int, title: str, detail: str) -> Response:
    """Return an error as other systems read it (RFC 9457)."""
    answer = jsonify(type="about:blank", status=status, title=title, detail=detail)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer
