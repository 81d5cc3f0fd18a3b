"""Sign-in sessions: opened, read at each request, revoked; only the hash of a token is kept."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select, update

from models import SignInSession, User
from workflows.moment import Moment
from workflows.trail import record_audit

SEEN_GRAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a user."""

    user_id: int
    reference: str
    password_hash: str
    second_factor_secret: str | None
    second_factor_last_step: int | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that holds, with what every page shows of its user."""

    session_id: int
    user_id: int
    reference: str
    name: str
    email: str
    language: str
    second_factor_secret: str | None
    second_factor_passed: bool
    to_touch: bool


_ACCOUNT = select(
    User.id,
    User.reference,
    User.password_hash,
    User.second_factor_secret,
    User.second_factor_last_step,
)


def find_account(connection: Connection, email: str) -> Account | None:
    """Return the active account with an e-mail address."""
    row = connection.execute(
        _ACCOUNT.where(User.email == email.strip().lower(), User.active)
    ).one_or_none()
    return None if row is None else Account(*row)


def open_session(
    connection: Connection,
    user_id: int,
    token_hash: bytes,
    lasts: timedelta,
    *,
    second_factor: bool,
) -> None:
    """Open a session for a user; `second_factor` tells that it was given."""
    now = func.now()
    connection.execute(
        insert(SignInSession).values(
            token_hash=token_hash,
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
            second_factor_at=now if second_factor else None,
        )
    )


def read_session(connection: Connection, token_hash: bytes, idle: timedelta) -> OpenSession | None:
    """Return the session of a token unless it ended, was revoked or lay idle too long."""
    row = connection.execute(
        select(
            SignInSession.id,
            User.id,
            User.reference,
            User.name,
            User.email,
            User.language,
            User.second_factor_secret,
            SignInSession.second_factor_at.is_not(None),
            SignInSession.seen_at < func.now() - SEEN_GRAIN,
        )
        .join(User, User.id == SignInSession.user_id)
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > func.now(),
            SignInSession.seen_at > func.now() - idle,
            User.active,
        )
    ).one_or_none()
    return None if row is None else OpenSession(*row)


def touch_session(connection: Connection, session_id: int) -> None:
    """Note that a session is in use."""
    connection.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(seen_at=func.now())
    )


def revoke_session(connection: Connection, session_id: int) -> None:
    """End one session."""
    connection.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(revoked_at=func.now())
    )


def change_own_password(
    connection: Connection, session: OpenSession, password_hash: str, moment: Moment
) -> None:
    """Give the user of a session a new password, and end all sessions but this one."""
    connection.execute(
        update(User).where(User.id == session.user_id).values(password_hash=password_hash)
    )
    connection.execute(
        update(SignInSession)
        .where(
            SignInSession.user_id == session.user_id,
            SignInSession.id != session.session_id,
            SignInSession.revoked_at.is_(None),
        )
        .values(revoked_at=func.now())
    )
    record_audit(connection, moment, session.user_id, "password_changed", subject=session.reference)


def revoke_sessions(connection: Connection, user_id: int) -> None:
    """End all sessions of a user."""
    connection.execute(
        update(SignInSession)
        .where(SignInSession.user_id == user_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


def accept_second_factor(connection: Connection, user_id: int, time_step: int) -> bool:
    """Use up a time step of a second factor; False when it, or a later one, was used before."""
    accepted = connection.execute(
        update(User)
        .where(
            User.id == user_id,
            func.coalesce(User.second_factor_last_step, -1) < time_step,
        )
        .values(second_factor_last_step=time_step)
    )
    return accepted.rowcount == 1


def set_second_factor(connection: Connection, user_id: int, secret: str) -> bool:
    """Keep the secret of a second factor; False when the user has one already."""
    kept = connection.execute(
        update(User)
        .where(User.id == user_id, User.second_factor_secret.is_(None))
        .values(second_factor_secret=secret)
    )
    return kept.rowcount == 1


def set_language(connection: Connection, user_id: int, language: str) -> None:
    """Keep the language that a user chose."""
    connection.execute(update(User).where(User.id == user_id).values(language=language))
