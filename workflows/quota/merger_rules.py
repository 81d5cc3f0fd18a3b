"""What a merger of municipalities asks, and the rules that it must keep."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
from sqlalchemy import Connection, select

from models import Municipality, Organisation
from models.vocabulary import OrganisationKind
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, Payload, Widget, entry


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
class Town:
    """A municipality with its organisation, the areas that it lies in and its tile."""

    code: str
    name: str
    organisation_id: int
    province: str
    region: int
    valid_from: date
    valid_until: date | None
    tile: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Merging:
    """Municipalities that may go up in another; `successor` None: in one that is still to come."""

    predecessors: list[Town]
    successor: Town | None

    @property
    def codes(self) -> list[str]:
        """The codes of the municipalities that go up."""
        return [each.code for each in self.predecessors]

    @property
    def organisations(self) -> list[int]:
        """The keys of their organisations."""
        return [each.organisation_id for each in self.predecessors]


def check_merger(connection: Connection, payload: Merger, moment: Moment) -> Merging:
    """Return which municipalities merge; raises `Refused` beside the field that does not fit."""
    _check_date(payload.on_date, moment)
    towns = _towns(connection)
    predecessors = _predecessors(towns, payload)
    successor = towns.get(payload.successor)
    if successor is None:
        _check_name(connection, payload.name)
    elif successor.valid_until is not None or successor.valid_from >= payload.on_date:
        raise Refused("merged", "Deze gemeente bestaat op die dag niet.", "successor")
    return Merging(predecessors, successor)


def _check_date(on_date: date, moment: Moment) -> None:
    if (on_date.month, on_date.day) != (1, 1):
        raise Refused("not_january", "Gemeenten gaan samen op 1 januari.", "on_date")
    if on_date > moment.today:
        raise Refused(
            "future",
            "Leg een herindeling vast op de dag zelf of daarna; die is nog niet.",
            "on_date",
        )


def _check_name(connection: Connection, name: str) -> None:
    taken = connection.scalar(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.MUNICIPALITY, Organisation.name == name
        )
    )
    if taken is not None:
        raise Refused("name_taken", "Er is al een gemeente met deze naam.", "name")


def _towns(connection: Connection) -> dict[str, Town]:
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
    return {each[0]: Town(*each[:7], tile=(each[7], each[8])) for each in rows}


def _predecessors(towns: dict[str, Town], payload: Merger) -> list[Town]:
    by_name = {each.name.lower(): each for each in towns.values() if each.valid_until is None}
    found: list[Town] = []
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
