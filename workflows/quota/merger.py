"""Mergers of municipalities on 1 January: cases, users and open reservations go along.

There are no lines for a merger: the figures of the successor sum the ledgers of its predecessors
(`succession.py`), whose history stays where it is. The ledger's lock is taken exclusively, so
that no case is linked to a predecessor meanwhile.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
from sqlalchemy import Connection, insert, select, text, update

from models import (
    Case,
    Document,
    Municipality,
    MunicipalityExemption,
    MunicipalityPredecessor,
    Organisation,
    QuotaBalance,
)
from models.vocabulary import OrganisationKind
from workflows import policy
from workflows.actor import Actor
from workflows.engine import take_many
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.payload import Line, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.policy import FINISHED
from workflows.quota.merged_rights import end_transfers, move_grants
from workflows.quota.posted import WHOLE
from workflows.request import Request
from workflows.steps.follow_merger import STEP as FOLLOW
from workflows.trail import record_audit


def _code(value: object) -> str:
    written = str(value).strip().upper()
    if not _WRITTEN.fullmatch(written):
        raise ValueError("Schrijf de code als GM met vier cijfers, zoals GM1948.")
    return written


_WRITTEN = re.compile(r"GM[0-9]{4}")
Code = Annotated[str, StringConstraints(pattern=r"^GM[0-9]{4}$"), BeforeValidator(_code)]
MOST_PREDECESSORS = 20


class Merger(Payload):
    """Which municipalities become one, from which 1 January."""

    on_date: date = entry("Datum van herindeling", Widget.DATE, help_text="Altijd een 1 januari.")
    predecessors: list[Line] = entry(
        "Gemeenten die opgaan",
        Widget.TEXT,
        help_text="Namen of codes, met komma's ertussen. De eerste bepaalt provincie,"
        " arbeidsmarktregio en plaats op de kaart.",
        min_length=1,
        max_length=MOST_PREDECESSORS,
        personal=True,
    )
    successor: Code = entry(
        "Code van de gemeente die ontstaat",
        Widget.TEXT,
        help_text="De CBS-code, zoals GM1948. Bestaat de gemeente al, dan gaan de andere erin op.",
    )
    name: Line = entry("Naam van de gemeente die ontstaat", Widget.TEXT, personal=True)


@dataclass(frozen=True, slots=True)
class Merged:
    """What went along: cases and grants."""

    code: str
    cases: int
    grants: int


@dataclass(frozen=True, slots=True)
class _Town:
    code: str
    name: str
    organisation_id: int
    province: str
    region: int
    valid_from: date
    valid_until: date | None
    tile: tuple[int, int]


def merge_municipalities(
    connection: Connection, actor: Actor, payload: Merger, moment: Moment
) -> Merged:
    """Merge municipalities; the caller commits.

    Raises `NotFound` without the right and `Refused` beside the field that does not fit;
    `BatchRefusedError` when a case cannot go along.
    """
    policy.demand(actor, Permission.MERGE_MUNICIPALITIES)
    _check_date(payload.on_date, moment)
    at = _close_ledger(connection, moment)
    towns = _towns(connection)
    predecessors = _predecessors(towns, payload)
    successor = towns.get(payload.successor)
    if successor is None:
        successor = _found(connection, payload, predecessors, moment)
    elif successor.valid_until is not None or successor.valid_from >= payload.on_date:
        raise Refused("merged", "Deze gemeente bestaat op die dag niet.", "successor")
    _record(connection, payload, predecessors, successor, at)
    codes = [each.code for each in predecessors]
    end_transfers(connection, actor, codes, at)
    grants = move_grants(
        connection,
        [each.organisation_id for each in predecessors],
        successor.organisation_id,
        moment.today,
    )
    cases = _move_cases(connection, actor, codes, successor.code, moment)
    fields = ("on_date", "predecessors", "successor", "name")
    record_audit(
        connection,
        moment,
        actor.user_id,
        "merge_municipalities",
        subject=successor.code,
        fields=fields,
    )
    return Merged(successor.code, cases, grants)


def _check_date(on_date: date, moment: Moment) -> None:
    if (on_date.month, on_date.day) != (1, 1):
        raise Refused("not_january", "Gemeenten gaan samen op 1 januari.", "on_date")
    if on_date > moment.today:
        raise Refused(
            "future",
            "Leg een herindeling vast op de dag zelf of daarna; die is nog niet.",
            "on_date",
        )


def _close_ledger(connection: Connection, moment: Moment) -> datetime:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LEDGER_LOCK})
    now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now + moment.offset


def _towns(connection: Connection) -> dict[str, _Town]:
    row = Municipality
    rows = connection.execute(
        select(
            row.code,
            row.name,
            row.organisation_id,
            row.province_code,
            row.region_number,
            row.valid_from,
            row.valid_until,
            row.tile_column,
            row.tile_row,
        )
    )
    return {each[0]: _Town(*each[:7], tile=(each[7], each[8])) for each in rows}


def _predecessors(towns: dict[str, _Town], payload: Merger) -> list[_Town]:
    by_name = {each.name.lower(): each for each in towns.values() if each.valid_until is None}
    found: list[_Town] = []
    for typed in payload.predecessors:
        town = towns.get(typed.upper()) or by_name.get(typed.lower())
        if town is None:
            raise Refused(
                "unknown_municipality",
                "Deze gemeente bestaat niet: {codes}.",
                "predecessors",
                {"codes": typed},
            )
        if town.valid_until is not None or town.valid_from >= payload.on_date:
            raise Refused(
                "merged",
                "{name} bestaat op die dag niet of is al in een andere gemeente opgegaan.",
                "predecessors",
                {"name": town.name},
            )
        if town in found:
            raise Refused(
                "twice", "{name} staat er twee keer.", "predecessors", {"name": town.name}
            )
        found.append(town)
    if payload.successor in {each.code for each in found}:
        raise Refused(
            "itself", "Een gemeente gaat niet in zichzelf op; laat haar hier weg.", "predecessors"
        )
    if payload.successor not in towns and len(found) == 1:
        raise Refused("one", "Noem ten minste twee gemeenten die samengaan.", "predecessors")
    return found


def _found(
    connection: Connection, payload: Merger, predecessors: list[_Town], moment: Moment
) -> _Town:
    """Make the new municipality with its organisation and an empty balance."""
    seat = predecessors[0]
    taken = connection.scalar(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.MUNICIPALITY, Organisation.name == payload.name
        )
    )
    if taken is not None:
        raise Refused("name_taken", "Er is al een gemeente met deze naam.", "name")
    organisation_id: int = connection.execute(
        insert(Organisation)
        .values(
            reference=moment.new_reference(),
            kind=OrganisationKind.MUNICIPALITY,
            name=payload.name,
        )
        .returning(Organisation.id)
    ).scalar_one()
    connection.execute(
        insert(Municipality).values(
            code=payload.successor,
            name=payload.name,
            organisation_id=organisation_id,
            province_code=seat.province,
            region_number=seat.region,
            valid_from=payload.on_date,
            tile_column=seat.tile[0],
            tile_row=seat.tile[1],
        )
    )
    connection.execute(
        insert(QuotaBalance).values(
            municipality_code=payload.successor, obliged=0, realised=0, reserved=0
        )
    )
    return _Town(
        payload.successor,
        payload.name,
        organisation_id,
        seat.province,
        seat.region,
        payload.on_date,
        None,
        seat.tile,
    )


def _record(
    connection: Connection,
    payload: Merger,
    predecessors: list[_Town],
    successor: _Town,
    at: datetime,
) -> None:
    codes = [each.code for each in predecessors]
    connection.execute(
        insert(MunicipalityPredecessor),
        [
            {
                "successor_code": successor.code,
                "predecessor_code": code,
                "on_date": payload.on_date,
                "share_permille": WHOLE,
                "recorded_at": at,
            }
            for code in codes
        ],
    )
    connection.execute(
        update(Municipality).where(Municipality.code.in_(codes)).values(valid_until=payload.on_date)
    )
    connection.execute(
        update(MunicipalityExemption)
        .where(
            MunicipalityExemption.municipality_code.in_(codes),
            MunicipalityExemption.valid_until.is_(None),
            MunicipalityExemption.valid_from < payload.on_date,
        )
        .values(valid_until=payload.on_date)
    )


def _move_cases(
    connection: Connection, actor: Actor, codes: list[str], successor: str, moment: Moment
) -> int:
    """Take every live case along that is linked to a predecessor or has one as a criterion."""
    rows = connection.execute(
        select(Case.id, Case.reference, Case.municipality_code, Case.hard_criteria)
        .where(Case.state.notin_(sorted(FINISHED)))
        .order_by(Case.id)
    ).all()
    requests: list[Request] = []
    linked: list[int] = []
    for case_id, reference, code, criteria in rows:
        named = {code, *(criterion["municipality"] for criterion in criteria)}
        if code in codes:
            linked.append(case_id)
        requests += [
            Request(FOLLOW, actor, {"predecessor": each, "successor": successor}, reference)
            for each in codes
            if each in named
        ]
    take_many(connection, requests, moment, all_or_nothing=True)
    connection.execute(
        update(Document)
        .where(Document.case_id.in_(linked), Document.municipality_code.in_(codes))
        .values(municipality_code=successor)
    )
    return len({request.case for request in requests})
