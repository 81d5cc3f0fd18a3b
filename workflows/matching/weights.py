"""Versions of the weights of the score: a change is a new version, none is ever rewritten."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from models import ScoreWeights, User
from models.vocabulary import ScoreTerm
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.trail import now, record_audit

MOST = 1000
# Advisory lock under which a version gets its number.
WEIGHTS_LOCK = 0x77656967


class WeightsVersion(Payload):
    """New weights, a whole number for each term: the part of a term is its weight over the sum."""

    valid_from: date = entry("Geldt vanaf", Widget.DATE, help_text="Vandaag of later.")
    occupation_weight: int = entry("Vraag naar het beroep", Widget.NUMBER, ge=0, le=MOST)
    education_weight: int = entry(
        "Vraag op het niveau van de opleiding", Widget.NUMBER, ge=0, le=MOST
    )
    network_weight: int = entry("Netwerk", Widget.NUMBER, ge=0, le=MOST)
    language_weight: int = entry("Hulp in de eigen taal", Widget.NUMBER, ge=0, le=MOST)
    advice_weight: int = entry("Geadviseerde regio", Widget.NUMBER, ge=0, le=MOST)
    nearness_weight: int = entry("Dicht bij de opvanglocatie", Widget.NUMBER, ge=0, le=MOST)
    balance: int = entry(
        "Balans tussen gemeenten",
        Widget.NUMBER,
        ge=0,
        le=10_000,
        help_text="In duizendsten van een punt per persoon: wat een gemeente verliest die haar"
        " taakstelling al heeft vervuld.",
    )
    floor: int = entry(
        "Ondergrens voor kleine en grote huishoudens, in procenten",
        Widget.NUMBER,
        default=0,
        ge=0,
        le=100,
        help_text="Van wat alleenstaanden, gezinnen en gezinnen van zes of meer boven een loting"
        " kunnen krijgen. 0 is geen ondergrens.",
    )
    reason: Line = entry("Reden", Widget.TEXT, personal=True)

    def terms(self) -> dict[str, int]:
        """Return the weight of each term."""
        return {term.value: int(getattr(self, f"{term.value}_weight")) for term in ScoreTerm}


@dataclass(frozen=True, slots=True)
class HeldWeights:
    """A version as it is kept; `made_by` is the name of who made it, None for the program."""

    version: int
    valid_from: date
    weights: dict[str, int]
    balance: int
    floor: int
    reason: str
    made_at: datetime
    made_by: str | None


def versions(connection: Connection, actor: Actor) -> list[HeldWeights]:
    """Return every version there is, the newest first; raises `NotFound` without the right."""
    policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    row = ScoreWeights
    found = connection.execute(
        select(
            row.version,
            row.valid_from,
            row.weights,
            row.balance,
            row.floor,
            row.reason,
            row.made_at,
            User.name,
        )
        .outerjoin(User, User.id == row.made_by)
        .order_by(row.version.desc())
    )
    return [HeldWeights(*each) for each in found]


def add_weights(
    connection: Connection, actor: Actor, payload: WeightsVersion, moment: Moment
) -> int:
    """Add a version and return its number; the caller commits.

    Raises `NotFound` without the right, and `Refused` for weights that give no score or that
    would have held before today.
    """
    policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    if not any(payload.terms().values()):
        raise Refused(
            "no_weight", "Geef ten minste een onderdeel een gewicht.", "occupation_weight"
        )
    if payload.valid_from < moment.today:
        raise Refused(
            "in_the_past",
            "Gewichten gelden vanaf vandaag of later: wat al is voorgesteld, blijft.",
            "valid_from",
        )
    connection.execute(select(func.pg_advisory_xact_lock(WEIGHTS_LOCK)))
    newest = connection.scalar(select(func.max(ScoreWeights.version))) or 0
    connection.execute(
        insert(ScoreWeights).values(
            version=newest + 1,
            valid_from=payload.valid_from,
            weights=payload.terms(),
            balance=payload.balance,
            floor=payload.floor,
            reason=payload.reason,
            made_at=now(connection, moment),
            made_by=actor.user_id,
        )
    )
    record_audit(
        connection,
        moment,
        actor.user_id,
        "weights_added",
        subject=str(newest + 1),
        fields=("weights", "balance", "floor"),
    )
    return newest + 1
