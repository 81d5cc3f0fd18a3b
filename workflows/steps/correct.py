"""Correct what an earlier step recorded: it adds, it never erases."""

from datetime import date
from typing import Any, Literal

from models import Membership, Person, QuotaEntry, Realisation
from models.vocabulary import CaseState, QuotaKind
from workflows.counting import follow_counting
from workflows.errors import Refused
from workflows.guards import LIVE, has_terms, not_before, not_future
from workflows.household import recompose
from workflows.payload import (
    OptionalBsn,
    OptionalDate,
    OptionalLine,
    OptionalReference,
    OptionalVNumber,
    Payload,
    Prose,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.quota.period import HalfYear
from workflows.quota.reservation import resize
from workflows.records import MemberRecord
from workflows.situation import Posting, Situation
from workflows.step import Need, Step
from workflows.steps.sign_off import realise

Subject = Literal["person", "permit_on", "title_on", "housed_on", "sign_off"]


class Correct(Payload):
    """What was wrong and what is right; fields left blank stay as they are."""

    subject: Subject = entry("Wat klopt er niet", Widget.CHOICE)
    member: OptionalReference = entry("Over wie", Widget.MEMBER, default=None)
    right_date: OptionalDate = entry(
        "Juiste datum",
        Widget.DATE,
        default=None,
        help_text="Bij een afmelding: leeg draait de afmelding terug.",
    )
    given_names: OptionalLine = entry("Voornamen", Widget.TEXT, default=None, personal=True)
    family_name: OptionalLine = entry("Achternaam", Widget.TEXT, default=None, personal=True)
    birth_date: OptionalDate = entry("Geboortedatum", Widget.DATE, default=None, personal=True)
    v_number: OptionalVNumber = entry("V-nummer", Widget.TEXT, default=None, personal=True)
    bsn: OptionalBsn = entry("BSN", Widget.TEXT, default=None, personal=True)
    wrong: Prose = entry("Wat was er fout", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: Correct) -> None:
    """Apply the correction by its subject."""
    _SUBJECTS[payload.subject](situation, payload)


def _named(situation: Situation, payload: Correct) -> MemberRecord:
    if payload.member is None:
        raise Refused("member", "Kies over wie de correctie gaat.", "member")
    member = situation.member(payload.member)
    situation.person_id = member.person_id
    return member


def _right_date(situation: Situation, payload: Correct) -> date:
    if payload.right_date is None:
        raise Refused("right_date", "Vul de juiste datum in.", "right_date")
    not_future(situation, payload.right_date, "right_date")
    return payload.right_date


def _person(situation: Situation, payload: Correct) -> None:
    member = _named(situation, payload)
    changes: dict[str, Any] = {
        name: value
        for name in ("given_names", "family_name", "birth_date", "v_number", "bsn")
        if (value := getattr(payload, name)) is not None
    }
    if not changes:
        raise Refused("nothing", "Vul in wat er anders moet.", "subject")
    if payload.birth_date is not None:
        not_future(situation, payload.birth_date, "birth_date")
        if member.housed_on is not None and payload.birth_date > member.housed_on:
            raise Refused("late", "Deze datum ligt na de verhuizing.", "birth_date")
        member.birth_date = payload.birth_date
    situation.update(Person, member.person_id, **changes)
    situation.facts["corrected"] = sorted(changes)
    _recompose_live(situation)


def _permit_on(situation: Situation, payload: Correct) -> None:
    member = _named(situation, payload)
    if situation.case.state == CaseState.CLOSED:
        raise Refused(
            "closed",
            "Dit dossier is gesloten. Corrigeer de vergunningdatum in het lopende dossier.",
            "subject",
        )
    member.permit_on = _right_date(situation, payload)
    has_terms(situation, member.permit_on, "right_date")
    situation.update(Person, member.person_id, permit_on=member.permit_on)
    recompose(situation)


def _recompose_live(situation: Situation) -> None:
    if situation.case.state != CaseState.CLOSED:
        recompose(situation)


def _title_on(situation: Situation, payload: Correct) -> None:
    case = situation.case
    right = _right_date(situation, payload)
    if case.title_on is None:
        raise Refused("no_title", "Er is nog geen huurcontract vastgelegd.", "subject")
    if case.housed_on is not None and right > case.housed_on:
        raise Refused("late", "Het contract kan niet na de verhuizing liggen.", "right_date")
    case.title_on = right


def _housed_on(situation: Situation, payload: Correct) -> None:
    case, member = situation.case, _named(situation, payload)
    right = _right_date(situation, payload)
    if member.housed_on is None:
        raise Refused("not_moved", "Deze persoon is nog niet verhuisd.", "member")
    not_before(right, case.title_on, "right_date", "Het contract is van {earliest}.")
    not_before(right, member.permit_on, "right_date", "De vergunning is van {earliest}.")
    not_before(right, member.birth_date, "right_date", "De geboortedatum is {earliest}.")
    if member.realised_on is not None and right > member.realised_on:
        raise Refused("late", "De verhuizing kan niet na de afmelding liggen.", "right_date")
    member.housed_on = right
    situation.update(Membership, member.membership_id, housed_on=right)
    first = min(each.housed_on for each in situation.members if each.housed_on)
    if case.counts_since == case.housed_on:
        case.counts_since = first
    case.housed_on = first
    follow_counting(situation)


def _sign_off(situation: Situation, payload: Correct) -> None:
    member = _named(situation, payload)
    if member.realised_entry is None or member.realised_on is None:
        raise Refused("not_signed_off", "Deze persoon is niet afgemeld.", "member")
    if payload.right_date is None and situation.case.state == CaseState.CLOSED:
        raise Refused(
            "closed",
            "Een gesloten dossier houdt zijn afmelding; vul de juiste datum in.",
            "right_date",
        )
    _reverse(situation, member, member.realised_entry, member.realised_on)
    member.realised_entry = None
    if payload.right_date is None:
        follow_counting(situation)
        resize(situation)
        return
    right = _right_date(situation, payload)
    not_before(right, member.housed_on, "right_date", "De verhuizing was op {earliest}.")
    linked_on = situation.case.linked_on
    not_before(right, linked_on, "right_date", "De koppeling is van {earliest}.")
    realise(situation, member, right)


def _reverse(situation: Situation, member: MemberRecord, entry_id: int, booked_on: date) -> None:
    situation.delete(Realisation, member.person_id)
    situation.post(
        Posting(
            municipality_code=member.realised_municipality or situation.municipality.code,
            half_year=str(HalfYear.of_date(booked_on)),
            kind=QuotaKind.REALISED,
            persons=-1,
            booked_on=booked_on,
            person_id=member.person_id,
            reverses=entry_id,
            entry_id=situation.new_id(QuotaEntry),
        )
    )


_SUBJECTS = {
    "person": _person,
    "permit_on": _permit_on,
    "title_on": _title_on,
    "housed_on": _housed_on,
    "sign_off": _sign_off,
}


def _balances(situation: Situation, _payload: Correct) -> tuple[str, ...]:
    codes = {situation.case.municipality_code, situation.case.former_municipality_code}
    codes |= {member.realised_municipality for member in situation.members}
    return tuple(sorted(code for code in codes if code is not None))


STEP = Step(
    code="correct",
    label="Corrigeren",
    payload=Correct,
    permission=Permission.CORRECT,
    decide=decide,
    starts_from=LIVE | {CaseState.CLOSED},
    needs=frozenset({Need.MEMBERS}),
    balances=_balances,
    posts=True,
    lets_go=True,
    explanation="Zet recht wat eerder verkeerd is vastgelegd; het oude blijft zichtbaar.",
)
