"""The declarative base and the column kinds that every table shares."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all mapped tables; constraint names are stable so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012 - as SQLAlchemy reads it


def key() -> Mapped[int]:
    """Give a table its internal bigint key."""
    return mapped_column(BigInteger, Identity(), primary_key=True)


def reference() -> Mapped[str]:
    """Give a table the random 80-bit reference (16 base32 characters) that outsiders see."""
    return mapped_column(
        Text, CheckConstraint("reference ~ '^[a-z2-7]{16}$'", name="reference"), unique=True
    )


def code(column: str, codes: type[StrEnum], **options: Any) -> Any:
    """Give a column the English codes of an enumeration as text with a CHECK.

    `column` is the column's own name, which the constraint quotes.
    """
    return mapped_column(
        Text, CheckConstraint(f"{column} IN ({quoted(codes)})", name=f"{column}_code"), **options
    )


def quoted(codes: type[StrEnum] | tuple[StrEnum, ...]) -> str:
    """Return codes as a quoted SQL list for use inside a CHECK constraint."""
    return ", ".join(f"'{member.value}'" for member in codes)
