"""Quota that municipalities hand over to each other, and what each says to it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.quota import HALF_YEAR
from models.vocabulary import TransferAnswer, TransferParty

EFFECT = (
    "half_year = to_char(effective_on, 'YYYY')"
    " || CASE WHEN extract(month FROM effective_on) <= 6 THEN '-I' ELSE '-II' END"
)


class QuotaTransfer(Base):
    """A proposed transfer of persons from giver to taker (Huisvestingswet 2014 art. 29(2)).

    `proposed_for` is the municipality that proposes; None: the ministry does.
    """

    __tablename__ = "quota_transfer"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    half_year: Mapped[str] = mapped_column(Text, CheckConstraint(HALF_YEAR, name="half_year"))
    giver_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    taker_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    persons: Mapped[int] = mapped_column(Integer)
    effective_on: Mapped[date]
    reason: Mapped[str]
    proposed_for: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("persons > 0", name="persons"),
        CheckConstraint("giver_code <> taker_code", name="two_municipalities"),
        CheckConstraint(
            "proposed_for IS NULL OR proposed_for IN (giver_code, taker_code)", name="proposer"
        ),
        CheckConstraint(EFFECT, name="effective_half_year"),
        CheckConstraint("length(reason) BETWEEN 1 AND 2000", name="reason_length"),
        Index("ix_quota_transfer_giver", "giver_code"),
        Index("ix_quota_transfer_taker", "taker_code"),
    )


class QuotaTransferAnswer(Base):
    """What a party says to a transfer, once; two confirmations post it."""

    __tablename__ = "quota_transfer_answer"

    transfer_id: Mapped[int] = mapped_column(ForeignKey("quota_transfer.id"), primary_key=True)
    party: Mapped[str] = code("party", TransferParty, primary_key=True)
    answer: Mapped[str] = code("answer", TransferAnswer)
    reason: Mapped[str | None]
    answered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(party = 'proposer') = (answer = 'withdrawn')", name="withdrawn"),
        CheckConstraint("answer = 'confirmed' OR length(reason) >= 2", name="reason"),
    )
