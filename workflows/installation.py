"""Fills an empty database with organisations, municipalities and the rules' first versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models import (
    Base,
    CountRule,
    LabourMarketRegion,
    LadderCriterion,
    Municipality,
    MunicipalityExemption,
    MunicipalityPopulation,
    MunicipalityPredecessor,
    Norm,
    Organisation,
    ProgramFact,
    Province,
    QuotaBalance,
    ReceptionCentre,
    ScoreWeights,
    SpecialistCare,
)
from models.vocabulary import OrganisationKind
from workflows.moment import Moment
from workflows.trail import now
from workflows.writing import insert_rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The facts that an installation starts from; rows carry the columns of their tables.

    Regions and centres: `name`; centres also `region`, `municipality_code`, `capacity`.
    Municipalities lack their organisation, which is made here.
    """

    provinces: Sequence[Row]
    labour_market_regions: Sequence[Row]
    municipalities: Sequence[Row]
    populations: Sequence[Row]
    exemptions: Sequence[Row]
    predecessors: Sequence[Row]
    coa_regions: Sequence[str]
    centres: Sequence[Row]
    norms: Sequence[Row]
    count_rules: Sequence[Row]
    ladder_criteria: Sequence[Row]
    specialist_care: Sequence[Row]
    score_weights: Row


def is_installed(connection: Connection) -> bool:
    """Tell whether the database holds organisations already."""
    return connection.scalar(select(Organisation.id).limit(1)) is not None


def install(connection: Connection, foundation: Foundation, moment: Moment) -> None:
    """Fill an empty database; the caller commits.

    Raises `ValueError` when the database was filled before.
    """
    if is_installed(connection):
        message = "The database has organisations already; it is filled once only."
        raise ValueError(message)
    _Filling(connection, moment).run(foundation)


def record_fact(connection: Connection, name: str, value: str, moment: Moment) -> None:
    """Write down a fact about this installation, such as the fixed day of a demo."""
    row = {"name": name, "value": value, "recorded_at": now(connection, moment)}
    insert_rows(connection, [(ProgramFact, row)])


class _Filling:
    """One run of filling, with the organisations that it made by kind and name."""

    def __init__(self, connection: Connection, moment: Moment) -> None:
        self._connection = connection
        self._moment = moment
        self._made: dict[tuple[str, str], int] = {}

    def run(self, foundation: Foundation) -> None:
        """Insert everything in the order that foreign keys ask."""
        coa = self._organise(OrganisationKind.COA, ["COA"])
        self._organise(OrganisationKind.MINISTRY, ["Ministerie van Justitie en Veiligheid"])
        self._organise(OrganisationKind.GUARDIAN, ["Nidos"])
        self._organise(OrganisationKind.COA_REGION, foundation.coa_regions, parent=coa[0])
        self._organise(OrganisationKind.PROVINCE, [row["name"] for row in foundation.provinces])
        self._organise(
            OrganisationKind.MUNICIPALITY, [row["name"] for row in foundation.municipalities]
        )
        self._places(foundation)
        self._centres(foundation)
        rows: list[tuple[type[Base], Row]] = []
        for model, given in (
            (MunicipalityPopulation, foundation.populations),
            (MunicipalityExemption, foundation.exemptions),
            (MunicipalityPredecessor, foundation.predecessors),
            (Norm, foundation.norms),
            (CountRule, foundation.count_rules),
            (LadderCriterion, foundation.ladder_criteria),
            (SpecialistCare, foundation.specialist_care),
        ):
            rows += [(model, row) for row in given]
        rows += [
            (
                QuotaBalance,
                {"municipality_code": row["code"], "obliged": 0, "realised": 0, "reserved": 0},
            )
            for row in foundation.municipalities
        ]
        first = {"version": 1, "made_at": now(self._connection, self._moment)}
        rows.append((ScoreWeights, foundation.score_weights | first))
        insert_rows(self._connection, rows)

    def _places(self, foundation: Foundation) -> None:
        insert_rows(
            self._connection,
            [
                (Province, row | {"organisation_id": self._made["province", row["name"]]})
                for row in foundation.provinces
            ]
            + [(LabourMarketRegion, row) for row in foundation.labour_market_regions],
        )
        insert_rows(
            self._connection,
            [
                (Municipality, row | {"organisation_id": self._made["municipality", row["name"]]})
                for row in foundation.municipalities
            ],
        )

    def _centres(self, foundation: Foundation) -> None:
        for row in foundation.centres:
            region = self._made["coa_region", row["region"]]
            self._organise(OrganisationKind.RECEPTION_CENTRE, [row["name"]], parent=region)
        insert_rows(
            self._connection,
            [
                (
                    ReceptionCentre,
                    {
                        "organisation_id": self._made["reception_centre", row["name"]],
                        "municipality_code": row["municipality_code"],
                        "capacity": row["capacity"],
                    },
                )
                for row in foundation.centres
            ],
        )

    def _organise(
        self, kind: OrganisationKind, names: Sequence[str], parent: int | None = None
    ) -> list[int]:
        insert_rows(
            self._connection,
            [
                (
                    Organisation,
                    {
                        "reference": self._moment.new_reference(),
                        "kind": kind,
                        "name": name,
                        "parent_id": parent,
                    },
                )
                for name in names
            ],
        )
        rows = self._connection.execute(
            select(Organisation.name, Organisation.id).where(Organisation.kind == kind)
        )
        self._made |= {(kind.value, row[0]): row[1] for row in rows}
        return [self._made[kind.value, name] for name in names]
