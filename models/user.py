"""Users, their grants and their sign-in sessions."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import Role


class User(Base):
    """A person who signs in; what the user may do follows from the grants only."""

    __tablename__ = "user_account"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    second_factor_secret: Mapped[str | None]
    second_factor_last_step: Mapped[int | None]
    language: Mapped[str] = mapped_column(server_default="nl")
    active: Mapped[bool] = mapped_column(Boolean, server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%@%'", name="email"),
        CheckConstraint("language IN ('nl', 'en')", name="language"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
        Index("uq_user_account_email", "email", unique=True),
    )


class Grant(Base):
    """A role of a user in an organisation from `valid_from` until before `valid_until`."""

    __tablename__ = "access_grant"

    id: Mapped[int] = key()
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = code("role", Role)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="validity"),
        Index(
            "uq_access_grant_open",
            "user_id",
            "role",
            "organisation_id",
            unique=True,
            postgresql_where="valid_until IS NULL",
        ),
    )


class SignInSession(Base):
    """A sign-in that can be revoked; only the hash of its token is kept."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = key()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("expires_at > created_at", name="expiry"),)


class CaseAccess(Base):
    """Sight of a case outside one's own centre, for a stated reason and a limited time."""

    __tablename__ = "case_access"

    id: Mapped[int] = key()
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    reason: Mapped[str]
    granted_at: Mapped[datetime]
    until: Mapped[date]

    __table_args__ = (
        CheckConstraint("length(reason) BETWEEN 5 AND 500", name="reason_length"),
        Index("ix_case_access_user_case", "user_id", "case_id", "until"),
    )


class Substitution(Base):
    """A colleague who stands in for another at an organisation, before `valid_until`."""

    __tablename__ = "substitution"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    absent_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("valid_until > valid_from", name="validity"),
        CheckConstraint("absent_id <> substitute_id", name="two_people"),
    )
