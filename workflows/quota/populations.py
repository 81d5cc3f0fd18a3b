"""The inhabitants by which quotas are divided: a table per 1 January, read from CSV."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from models import Municipality, MunicipalityPopulation, NationalQuota
from models.vocabulary import ApportionMethod
from workflows import policy
from workflows.actor import Actor
from workflows.errors import InvalidPayload, Refused
from workflows.moment import Moment
from workflows.payload import Payload, Widget, entry
from workflows.permissions import Permission
from workflows.quota.ledger import open_ledger
from workflows.trail import record_audit

HEAD = ["municipality_code", "persons"]
MOST_INHABITANTS = 10_000_000
MOST_SHOWN = 20
_TABLE = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=2,
        max_length=40_000,
        pattern=r"^[\x09\x0a\x0d\x20-\x7e]*$",
    ),
]


class PopulationTable(Payload):
    """The inhabitants of municipalities on a 1 January."""

    on_date: date = entry("Inwoners op", Widget.DATE, help_text="Altijd een 1 januari.")
    table: _TABLE = entry(
        "Tabel",
        Widget.PROSE,
        help_text="Eerste regel: municipality_code,persons. Daarna een regel per gemeente, zoals"
        " GM0344,338986.",
        personal=True,
    )


@dataclass(frozen=True, slots=True)
class KnownPopulations:
    """What is known of a 1 January: how many municipalities and persons, and whether it is used."""

    on_date: date
    municipalities: int
    persons: int
    used: bool


def known_populations(connection: Connection, actor: Actor) -> list[KnownPopulations]:
    """Return the tables there are, the newest first; raises `NotFound` without the right."""
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    row = MunicipalityPopulation
    used = _used_years(connection)
    found = connection.execute(
        select(row.on_date, func.count(), func.sum(row.persons))
        .group_by(row.on_date)
        .order_by(row.on_date.desc())
    )
    return [
        KnownPopulations(day, count, int(persons), day.year + 1 in used)
        for day, count, persons in found
    ]


def store_populations(
    connection: Connection, actor: Actor, payload: PopulationTable, moment: Moment
) -> int:
    """Store a table, all or nothing, and return its number of municipalities.

    Raises `NotFound` without the right, `Refused` for another day than 1 January or one that
    divided a quota already, and `InvalidPayload` with the lines that are wrong.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    if (payload.on_date.month, payload.on_date.day) != (1, 1):
        raise Refused("not_january", "Het inwonertal is altijd dat van 1 januari.", "on_date")
    open_ledger(connection, moment, ())
    if payload.on_date.year + 1 in _used_years(connection):
        raise Refused(
            "used",
            "Met deze inwonertallen is al een taakstelling verdeeld; zij blijven zoals zij zijn.",
            "on_date",
        )
    known = set(connection.scalars(select(Municipality.code)))
    populations, problems = _read(payload.table, known)
    if problems:
        raise InvalidPayload({"table": _in_one(problems)})
    _replace(connection, payload.on_date, populations)
    record_audit(
        connection,
        moment,
        actor.user_id,
        "store_populations",
        subject=payload.on_date.isoformat(),
        fields=("persons",),
    )
    return len(populations)


def _replace(connection: Connection, day: date, populations: dict[str, int]) -> None:
    fresh = insert(MunicipalityPopulation).values(
        [
            {"municipality_code": code, "on_date": day, "persons": persons}
            for code, persons in sorted(populations.items())
        ]
    )
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=["municipality_code", "on_date"],
            set_={"persons": fresh.excluded.persons},
        )
    )


def _used_years(connection: Connection) -> set[int]:
    halves = connection.scalars(
        select(NationalQuota.half_year)
        .where(NationalQuota.method != ApportionMethod.GIVEN)
        .distinct()
    )
    return {int(half[:4]) for half in halves}


def _read(table: str, known: set[str]) -> tuple[dict[str, int], list[str]]:
    lines = list(csv.reader(table.splitlines()))
    if not lines or [cell.strip() for cell in lines[0]] != HEAD:
        return {}, ["1: " + ",".join(HEAD)]
    populations: dict[str, int] = {}
    problems = []
    for number, code, persons in _cells(lines[1:]):
        if code not in known or code in populations:
            problems.append(f"{number}: {code}")
        elif not (
            persons.isdecimal() and persons.isascii() and 0 < int(persons[:9]) < MOST_INHABITANTS
        ):
            problems.append(f"{number}: {persons}")
        else:
            populations[code] = int(persons)
    return populations, problems if populations or problems else ["2"]


def _cells(lines: list[list[str]]) -> Iterator[tuple[int, str, str]]:
    for number, cells in enumerate(lines, start=2):
        if any(cells):
            code, persons, *_ = [cell.strip() for cell in (*cells, "", "")]
            yield number, code, persons


def _in_one(problems: list[str]) -> Refused:
    return Refused(
        "lines",
        "Deze regels kloppen niet (onbekende of dubbele gemeente, of geen aantal): {lines}.",
        "table",
        {"lines": "; ".join(problems[:MOST_SHOWN])},
    )
