"""Takes the acts of a plan through the engine, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from random import Random
from typing import Protocol

from sqlalchemy import Engine

from models.vocabulary import CaseKind, OrganisationKind, Role
from webapp.db import transaction
from webapp.demo.acts import AS_JUDGE, AT_CENTRE, AT_REGION, Act
from webapp.demo.past import Past
from webapp.demo.people import Row
from webapp.demo.users import Staff
from workflows.actor import Actor
from workflows.engine import BatchRefusedError, take_many
from workflows.reading.installed import Installed, person_references
from workflows.request import Request, Result
from workflows.steps import BY_CODE


class Progress(Protocol):
    """A bar that shows how far the build is, in acts of the plan."""

    def reset(self, total: float | None = None) -> None:
        """Start anew with a total."""

    def update(self, n: float | None = 1) -> bool | None:
        """Add to what is done."""


class DemoRefusedError(Exception):
    """The engine refused an act of the plan, which is a fault of the plan."""


@dataclass(slots=True)
class _Live:
    """Where a household of the plan stands in the database."""

    centre: Installed | None
    region: int
    case: str | None = None
    members: list[str | None] = field(default_factory=list)
    municipality: str | None = None


class Walker:
    """Takes the acts of one half of the plan, day by day."""

    def __init__(
        self,
        engine: Engine,
        staff: Staff,
        organisations: list[Installed],
        past: Past,
        acts: list[Act],
    ) -> None:
        self._engine, self._staff, self._past = engine, staff, past
        self._random = Random(len(acts))  # noqa: S311 - must be the same each time
        self._centres = [
            each for each in organisations if each.kind == OrganisationKind.RECEPTION_CENTRE
        ]
        self._regions = [
            each.id for each in organisations if each.kind == OrganisationKind.COA_REGION
        ]
        self._municipalities = {each.code: each.id for each in organisations if each.code}
        self._live: dict[int, _Live] = {}
        self._stopped = False
        self._days = groupby(acts, key=lambda act: act.day)
        self._next: tuple[int, list[Act]] | None = None
        self._advance()

    def _advance(self) -> None:
        self._next = next(((day, list(acts)) for day, acts in self._days), None)

    def stop(self) -> None:
        """Let a walk that another thread is on end after its day."""
        self._stopped = True

    def walk(self, until: date, progress: Progress) -> None:
        """Take all acts of the days before a day; each day is a transaction."""
        while self._next is not None and self._next[0] < until.toordinal() and not self._stopped:
            day, acts = self._next
            with transaction(self._engine) as connection:
                for number, acts_of_round in enumerate(_rounds(acts)):
                    moment = self._past.on(date.fromordinal(day), number)
                    requests = [self._request(act) for act in acts_of_round]
                    try:
                        outcomes = take_many(connection, requests, moment, all_or_nothing=True)
                    except BatchRefusedError as error:
                        raise DemoRefusedError(_refusal(acts_of_round, error)) from error
                    for act, outcome in zip(acts_of_round, outcomes, strict=True):
                        self._note(act, outcome)
                    new = [act for act in acts_of_round if act.step == "register"]
                    self._note_members(new, person_references(connection, _v_numbers(new)))
            progress.update(len(acts))
            self._advance()

    def _request(self, act: Act) -> Request:
        live = self._live_of(act)
        actor = self._actor(act, live)
        payload = act.payload | self._references(act, live, actor)
        step = BY_CODE[act.step]
        return Request(step, actor, step.payload.model_validate(payload), live.case)

    def _live_of(self, act: Act) -> _Live:
        number = act.household.number
        if number not in self._live:
            centre: Installed | None = self._random.choice(self._centres)
            region = (centre and centre.parent_id) or 0
            if act.household.kind is CaseKind.RESETTLEMENT:
                centre, region = None, self._regions[number % len(self._regions)]
            self._live[number] = _Live(centre, region)
        return self._live[number]

    def _actor(self, act: Act, live: _Live) -> Actor:
        number = act.household.number
        if act.by == AS_JUDGE:
            return self._staff.of(Role.PLACEMENT_OFFICER, live.region, number + 1)
        if act.by == AT_REGION or (act.by == AT_CENTRE and live.centre is None):
            return self._staff.of(Role.PLACEMENT_OFFICER, live.region, number)
        if act.by == AT_CENTRE and live.centre is not None:
            return self._staff.of(Role.CASE_MANAGER, live.centre.id, number)
        municipality = self._municipalities[live.municipality or ""]
        return self._staff.of(Role.MUNICIPAL_OFFICER, municipality, number)

    def _references(self, act: Act, live: _Live, actor: Actor) -> Row:
        if act.member is not None:
            return {"member": live.members[act.member]}
        match act.step:
            case "register":
                sponsor = act.household.sponsor
                return {
                    "centre": None if live.centre is None else live.centre.reference,
                    "sponsor_case": None if sponsor is None else self._live[sponsor.number].case,
                }
            case "change_centre":
                others = [each for each in self._centres if each is not live.centre]
                live.centre = self._random.choice(others)
                live.region = live.centre.parent_id or 0
                return {"centre": live.centre.reference}
            case "assign":
                return {"colleague": self._staff.references[actor.user_id]}
            case _:
                return {}

    def _note(self, act: Act, outcome: object) -> None:
        live = self._live[act.household.number]
        if isinstance(outcome, Result):
            live.case = outcome.case
        if act.step == "link":
            live.municipality = act.payload["municipality"]

    def _note_members(self, acts: list[Act], references: dict[str, str]) -> None:
        for act in acts:
            self._live[act.household.number].members = [
                references.get(each.v_number or "") for each in act.household.members
            ]


def _rounds(acts: list[Act]) -> Iterator[list[Act]]:
    """Divide the acts of a day into rounds in which each household comes once."""
    rounds: list[list[Act]] = []
    seen: dict[int, int] = {}
    for act in acts:
        number = seen[act.household.number] = seen.get(act.household.number, -1) + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(act)
    for each in rounds:
        # Whoever is let go may be brought along after it, which would part the batch each time.
        yield sorted(each, key=lambda act: BY_CODE[act.step].lets_go)


def _v_numbers(acts: list[Act]) -> list[str]:
    return [each.v_number for act in acts for each in act.household.members if each.v_number]


def _refusal(acts: list[Act], error: BatchRefusedError) -> str:
    found = [
        f"{date.fromordinal(act.day)} {act.step} {act.payload}: {outcome}"
        for act, outcome in zip(acts, error.outcomes, strict=True)
        if not isinstance(outcome, Result)
    ]
    return f"{len(found)} acts refused, such as {found[0]}"
