"""Codes of the quota and its ledger."""

from enum import StrEnum


class QuotaKind(StrEnum):
    """Kinds of ledger line."""

    OPENING = "opening"
    QUOTA = "quota"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    REALISED = "realised"
    RESERVED = "reserved"
    RELEASED = "released"


class ApportionMethod(StrEnum):
    """How a national quota is divided over municipalities."""

    STATUTE_CEILING = "statute_ceiling"
    PUBLISHED_HALF_UP = "published_half_up"
    GIVEN = "given"


class TransferParty(StrEnum):
    """Who says something to a transfer of quota."""

    GIVER = "giver"
    TAKER = "taker"
    PROPOSER = "proposer"


class TransferAnswer(StrEnum):
    """What a party says to a transfer of quota."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TransferStage(StrEnum):
    """How far a transfer of quota is."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DisputeSettlement(StrEnum):
    """How a dispute about a realisation ends."""

    AGREED = "agreed"
    CORRECTED = "corrected"


class RollupGrain(StrEnum):
    """Lengths of time over which ledger lines are added up."""

    HALF_YEAR = "half_year"
    MONTH = "month"
    DAY = "day"
