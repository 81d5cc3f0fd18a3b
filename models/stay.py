"""How long each case stood where, kept by the engine."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.case import LIVE
from models.vocabulary import CaseState, WaitingParty


class Stay(Base):
    """How long a case stood in one state with one organisation; the engine keeps it.

    `dwelt_tenths` stands on the stay with which a case left its state: the tenths of days since it
    came into that state, with whatever parties it waited for.
    """

    __tablename__ = "stay"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    state: Mapped[str] = code("state", CaseState)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    waiting_party: Mapped[str] = code("waiting_party", WaitingParty)
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    dwelt_tenths: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= entered_at", name="left_after_entered"),
        CheckConstraint(
            "dwelt_tenths IS NULL OR dwelt_tenths >= 0 AND left_at IS NOT NULL",
            name="dwelt_until_left",
        ),
        CheckConstraint(LIVE, name="live_state"),
        Index(
            "uq_stay_open",
            "case_id",
            unique=True,
            postgresql_include=["entered_at"],
            postgresql_where="left_at IS NULL",
        ),
        Index(
            "ix_stay_left",
            "left_at",
            postgresql_include=["state", "dwelt_tenths", "case_id"],
            postgresql_where="dwelt_tenths IS NOT NULL",
        ),
    )
