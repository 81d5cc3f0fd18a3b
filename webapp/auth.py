"""Who is signed in: a random token in a cookie, whose hash names a session in PostgreSQL."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import Request, current_app, g
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from config.settings import Settings
from webapp import second_factor
from webapp.clock import clock, moment
from webapp.db import transaction
from workflows.actor import Actor
from workflows.sign_in import OpenSession, open_session, read_session, touch_session
from workflows.users import load_actors

COOKIE = "thuisroute_sign_in"
TOKEN_BYTES = 32
# A password alone opens a session that leads to the second factor and nowhere else.
HALF_WAY = timedelta(minutes=10)


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """The user of this request, with the rights that hold at this moment."""

    session: OpenSession
    actor: Actor
    complete: bool

    def get_id(self) -> str:
        """Return the session's key, which never leaves the process."""
        return str(self.session.session_id)


def install(manager: LoginManager) -> None:
    """Let Flask-Login read the user from the cookie at every request."""
    manager.session_protection = None
    manager.request_loader(_load)


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def needs_second_factor(actor: Actor) -> bool:
    """Tell whether the actor's roles ask for a second factor here."""
    if not settings().second_factor or clock().is_demo:
        return False
    return not actor.roles.isdisjoint(second_factor.DEMANDED_OF)


def _load(request: Request) -> SignedIn | None:
    token = request.cookies.get(COOKIE)
    if not token or not token.isascii():
        return None
    with transaction() as connection:
        idle = timedelta(minutes=settings().session_idle_minutes)
        session = read_session(connection, _hash(token), idle)
        if session is None:
            return None
        if session.to_touch:
            touch_session(connection, session.session_id)
        actors = load_actors(connection, [session.user_id], moment().today)
    actor = actors.get(session.user_id) or Actor(session.user_id, session.name, ())
    complete = session.second_factor_passed or not needs_second_factor(actor)
    return SignedIn(session, actor, complete)


def signed_in() -> SignedIn | None:
    """Return the user of this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 - werkzeug's public way to the object behind a proxy


def actor() -> Actor:
    """Return who acts in this request; only routes that demand sign-in ask it."""
    found: Actor = current_user.actor
    return found


def start_session(response: Response, user_id: int, *, passed: bool, half_way: bool) -> None:
    """Open a session and give its token to the browser; `passed`: with the second factor."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    lasts = HALF_WAY if half_way else timedelta(hours=settings().session_hours)
    with transaction() as connection:
        open_session(connection, user_id, _hash(token), lasts, second_factor=passed)
    response.set_cookie(
        COOKIE,
        token,
        max_age=lasts,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def end_cookie(response: Response) -> None:
    """Take the token from the browser."""
    response.delete_cookie(COOKIE, path="/", secure=settings().secure_cookies, httponly=True)
    g.pop("_login_user", None)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
