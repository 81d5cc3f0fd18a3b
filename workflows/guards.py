"""Rules that several steps share; each raises `Refused` with words that say what to do."""

from datetime import date

from models.vocabulary import CaseState
from workflows.errors import Refused
from workflows.records import MemberRecord
from workflows.rules.norms import NormCode, norm_on
from workflows.situation import Situation

LINKED_STATES = frozenset(
    {
        CaseState.LINKED,
        CaseState.PREPARING,
        CaseState.OFFERED,
        CaseState.REFUSED,
        CaseState.MOVING,
    }
)
HANDOVER_STATES = (LINKED_STATES | {CaseState.HOUSED}) - {CaseState.LINKED}
WAITING_STATES = LINKED_STATES | {CaseState.REGISTERED, CaseState.SCREENED}
LIVE = WAITING_STATES | {CaseState.HOUSED}


def not_future(situation: Situation, day: date, field: str) -> None:
    """Refuse a day after today."""
    if day > situation.today:
        raise Refused("future", "Deze datum ligt in de toekomst.", field)


def has_terms(situation: Situation, day: date, field: str) -> None:
    """Refuse a permit date from before the first norms, for which no term can be reckoned."""
    try:
        for code in (NormCode.SCREENING, NormCode.LINK, NormCode.LEASE, NormCode.MOVE):
            norm_on(situation.reference.norms, code, day)
    except LookupError as error:
        raise Refused(
            "no_terms", "Voor deze datum kent het programma geen termijnen.", field
        ) from error


def not_before(day: date, earliest: date | None, field: str, message: str) -> None:
    """Refuse a day before another; `message` names the other as {earliest}."""
    if earliest is not None and day < earliest:
        raise Refused("too_early", message, field, {"earliest": earliest.strftime("%d-%m-%Y")})


def not_the_linker(situation: Situation) -> None:
    """Refuse a judgment by the officer who made the link (independent second look)."""
    if situation.case.linked_by == situation.actor.user_id:
        raise Refused(
            "same_officer",
            "U heeft dit huishouden zelf gekoppeld. Laat een collega dit beoordelen.",
        )


def chosen_members(situation: Situation, references: list[str], field: str) -> list[MemberRecord]:
    """Return the members with these references, each once; all members when none is named."""
    if not references:
        return list(situation.members)
    return [situation.member(reference, field) for reference in dict.fromkeys(references)]
