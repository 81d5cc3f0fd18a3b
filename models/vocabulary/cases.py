"""Codes of a case, its household and its members."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a household stands on its way home."""

    REGISTERED = "registered"
    SCREENED = "screened"
    LINKED = "linked"
    PREPARING = "preparing"
    OFFERED = "offered"
    REFUSED = "refused"
    MOVING = "moving"
    HOUSED = "housed"
    CLOSED = "closed"
    ENDED = "ended"


LIVE_STATES = tuple(state for state in CaseState if state not in {"closed", "ended"})


class CaseKind(StrEnum):
    """By which way a household came."""

    ASYLUM = "asylum"
    FAMILY_FOLLOW_ON = "family_follow_on"
    RESETTLEMENT = "resettlement"
    RELOCATION = "relocation"
    UNACCOMPANIED_MINOR = "unaccompanied_minor"


class HouseholdType(StrEnum):
    """Composition of a household, for reporting and supply."""

    SINGLE = "single"
    COUPLE = "couple"
    FAMILY = "family"
    SINGLE_PARENT = "single_parent"
    MINOR = "minor"


class MemberRole(StrEnum):
    """Place of a member in the household."""

    HEAD = "head"
    PARTNER = "partner"
    CHILD = "child"
    OTHER = "other"


class MembershipStart(StrEnum):
    """Why a membership began."""

    REGISTERED = "registered"
    BORN = "born"
    ARRIVED = "arrived"
    SPLIT_OFF = "split_off"
    MERGED = "merged"


class MembershipEnd(StrEnum):
    """Why a membership ended."""

    SPLIT_OFF = "split_off"
    MERGED = "merged"
    TURNED_18 = "turned_18"
    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    LEFT_UNKNOWN_DESTINATION = "left_unknown_destination"
    CASE_CLOSED = "case_closed"
    CASE_ENDED = "case_ended"


class EndReason(StrEnum):
    """Why a case ended without a home."""

    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    LEFT_UNKNOWN_DESTINATION = "left_unknown_destination"
    PERMIT_REVOKED = "permit_revoked"
    REFUSAL_UNJUSTIFIED = "refusal_unjustified"
    MERGED = "merged"


class SuspensionReason(StrEnum):
    """Why the clock of a case stands still."""

    ILLNESS = "illness"
    CHILDBIRTH = "childbirth"
    FAMILY_ARRIVAL = "family_arrival"
    DETENTION = "detention"
    DOCUMENTS = "documents"


class StayPlace(StrEnum):
    """Where a permit holder stays while waiting."""

    CENTRE = "centre"
    HOSTING_SCHEME = "hosting_scheme"
    ELSEWHERE = "elsewhere"


class WaitingParty(StrEnum):
    """Who is to act next on a case."""

    CENTRE = "centre"
    REGION = "region"
    MUNICIPALITY = "municipality"


class TaskKind(StrEnum):
    """Work that a rule, not a person, put on the list."""

    ROOM_EXCEEDED = "room_exceeded"
    TURNS_18 = "turns_18"
    HOUSEHOLD_CHANGED = "household_changed"
    AGREEMENT = "agreement"
