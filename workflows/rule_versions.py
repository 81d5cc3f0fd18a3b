"""Norms and count rules as they are kept: a change is a new version from a day on.

A version begins tomorrow at the earliest. Every term is reckoned by the version of the day on which
it began, so that no term that runs, and nothing that was counted, ever changes by it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models import CountRule, Norm, User
from models.vocabulary import HousingKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.norms import NormCode
from workflows.trail import now, record_audit
from workflows.validity import holds_after

MOST = 1000
_SOURCE_HELP = "Het wetsartikel, de afspraak of het besluit waar dit uit volgt."
_UNIT_HELP = "In de eenheid die de norm in de tabel heeft."
_DAY_HELP = "Morgen of later. Termijnen die al lopen, houden hun lengte."


class NewNorm(Payload):
    """How much a norm is from a day on, in the unit that the norm has."""

    code: NormCode = entry("Norm", Widget.CHOICE)
    amount: int = entry("Aantal", Widget.NUMBER, help_text=_UNIT_HELP, ge=0, le=MOST)
    valid_from: date = entry("Geldt vanaf", Widget.DATE, help_text=_DAY_HELP)
    source: Line = entry("Bron", Widget.TEXT, help_text=_SOURCE_HELP, personal=True)


class NewCountRule(Payload):
    """Whether moving into a kind of housing counts from a day on."""

    housing_kind: HousingKind = entry("Soort huisvesting", Widget.CHOICE)
    counts: bool = entry("Telt mee als gerealiseerd", Widget.YES_NO)
    valid_from: date = entry("Geldt vanaf", Widget.DATE, help_text=_DAY_HELP)
    source: Line = entry("Bron", Widget.TEXT, help_text=_SOURCE_HELP, personal=True)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a norm or a count rule; made by None: it came with the installation."""

    code: str
    value: int
    valid_from: date
    valid_until: date | None
    source: str
    made_at: datetime | None
    made_by: str | None

    def holds(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def norm_versions(connection: Connection, actor: Actor) -> list[Version]:
    """Return every version of every norm, the newest of each first; raises `NotFound`."""
    return _versions(connection, actor, Norm, Norm.code, Norm.amount)


def count_versions(connection: Connection, actor: Actor) -> list[Version]:
    """Return every version of every count rule, the newest of each first; raises `NotFound`."""
    return _versions(connection, actor, CountRule, CountRule.housing_kind, CountRule.counts)


def add_norm(connection: Connection, actor: Actor, payload: NewNorm, moment: Moment) -> None:
    """Let a norm be another amount from a day on; the version before ends then.

    Raises `NotFound` without the right and `Refused` for a day that is not to come, or on or
    after which a version begins already. The caller commits.
    """
    _add(connection, actor, payload, moment)


def add_count_rule(
    connection: Connection, actor: Actor, payload: NewCountRule, moment: Moment
) -> None:
    """Let a kind of housing count, or no longer, from a day on; raises as `add_norm` does."""
    _add(connection, actor, payload, moment)


def _versions(
    connection: Connection, actor: Actor, row: type[Norm] | type[CountRule], code: Any, value: Any
) -> list[Version]:
    policy.demand(actor, Permission.VIEW_NORMS)
    found = connection.execute(
        select(code, value, row.valid_from, row.valid_until, row.source, row.made_at, User.name)
        .outerjoin(User, User.id == row.made_by)
        .order_by(code, row.valid_from.desc())
    )
    return [Version(*each) for each in found]


def _place(payload: NewNorm | NewCountRule) -> tuple[type[Norm] | type[CountRule], Any, str]:
    """Return the table of a version, which of its rows are of the same rule, and the act."""
    if isinstance(payload, NewNorm):
        return Norm, Norm.code == payload.code, "norm_set"
    return CountRule, CountRule.housing_kind == payload.housing_kind, "count_rule_set"


def _add(
    connection: Connection, actor: Actor, payload: NewNorm | NewCountRule, moment: Moment
) -> None:
    policy.demand(actor, Permission.KEEP_NORMS)
    if payload.valid_from <= moment.today:
        raise Refused(
            "not_to_come",
            "Kies morgen of later: wat tot en met vandaag gold, verandert niet meer.",
            "valid_from",
        )
    row, same, act = _place(payload)
    # All versions are locked in one order, so that of two at once the second sees the first.
    found = connection.execute(
        select(row.valid_from).where(same).order_by(row.valid_from).with_for_update()
    ).all()
    if any(each.valid_from >= payload.valid_from for each in found):
        raise Refused("later", "Vanaf die dag of later begint al een andere versie.", "valid_from")
    connection.execute(
        update(row)
        .where(same, holds_after(row, payload.valid_from))
        .values(valid_until=payload.valid_from)
    )
    connection.execute(
        insert(row).values(
            **payload.model_dump(), made_at=now(connection, moment), made_by=actor.user_id
        )
    )
    values = payload.model_dump(mode="json")
    record_audit(
        connection,
        moment,
        actor.user_id,
        act,
        subject=str(values.get("code") or values["housing_kind"]),
        fields=tuple(sorted(values)),
    )
