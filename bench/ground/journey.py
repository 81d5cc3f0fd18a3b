"""Households of an adult and a child, and the requests by which they travel the whole way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection, select

from bench.ground.world import TODAY, Centre, Town, World
from models import Case, Membership, Person
from models.vocabulary import MemberRole
from workflows.actor import Actor
from workflows.engine import take_many
from workflows.request import Outcome, Request, Result
from workflows.steps import BY_CODE

JOURNEY = (
    "register",
    "screen",
    "complete_screening",
    "link",
    "take_up",
    "offer_housing",
    "accept_offer",
    "sign_lease",
    "house",
    "sign_off",
)
PERMIT_ON = "2016-11-01"
_numbers = count(1)


@dataclass(slots=True)
class Household:
    """A household underway; `case` and `adult` are references, known once it is registered."""

    centre: Centre
    town: Town
    done: int = 0
    case: str | None = None
    adult: str | None = None

    def next_request(self) -> Request:
        """Return the request for the next step of the journey, with a key of its own."""
        code = JOURNEY[self.done]
        actor, payload = self._asked(code)
        return Request(
            BY_CODE[code],
            actor,
            payload,
            self.case,
            self.done or None,
            f"bench-{next(_numbers):06d}",
        )

    def _asked(self, code: str) -> tuple[Actor, dict[str, Any]]:
        day = TODAY.isoformat()
        agency, officer = self.centre.case_manager, self.town.officer
        asked: dict[str, tuple[Actor, dict[str, Any]]] = {
            "register": (agency, _registration(self.centre)),
            "screen": (
                agency,
                {"member": self.adult, "held_on": "2016-11-02", "education_level": "bachelor"},
            ),
            "complete_screening": (agency, {"advised_regions": [self.town.region]}),
            "link": (self.centre.placement_officer, {"municipality": self.town.code}),
            "take_up": (officer, {"scenario": "combined"}),
            "offer_housing": (officer, _DWELLING),
            "accept_offer": (agency, {"viewing_on": day}),
            "sign_lease": (officer, {"title_on": day, "move_planned_on": day}),
            "house": (officer, {"housed_on": day}),
            "sign_off": (agency, {"booked_on": day}),
        }
        return asked[code]


_DWELLING = {
    "dwelling_type": "flat",
    "rooms": 3,
    "rent": "600.50",
    "landlord": "Woonstichting",
    "available_from": TODAY.isoformat(),
    "reason": "Dicht bij de school van het kind.",
}


def _registration(centre: Centre) -> dict[str, Any]:
    return {"permit_on": PERMIT_ON, "centre": centre.reference, "members_to_add": list(_members())}


def _members() -> Iterator[dict[str, Any]]:
    for role, birth_date in ((MemberRole.HEAD, "1990-01-01"), (MemberRole.CHILD, "2010-01-01")):
        yield {
            "v_number": f"999{next(_numbers):07d}",
            "given_names": "Voornaam",
            "family_name": "Achternaam",
            "birth_date": birth_date,
            "sex": "female",
            "nationality": "SYR",
            "role": role,
        }


def households(world: World, number: int) -> list[Household]:
    """Return households spread over the centres and municipalities."""
    return [
        Household(world.centres[n % len(world.centres)], world.towns[n // 4 % len(world.towns)])
        for n in range(number)
    ]


def note(connection: Connection, travellers: Sequence[Household], outcomes: list[Outcome]) -> None:
    """Take down what a batch did; raises AssertionError when a step was refused."""
    new = []
    for household, outcome in zip(travellers, outcomes, strict=True):
        assert isinstance(outcome, Result), (JOURNEY[household.done], outcome)
        household.done += 1
        if household.case is None:
            household.case = outcome.case
            new.append(household)
    adults = connection.execute(
        select(Case.reference, Person.reference)
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Case.reference.in_([household.case for household in new]),
            Membership.role == MemberRole.HEAD,
        )
    )
    found = {row[0]: row[1] for row in adults}
    for household in new:
        household.adult = found[household.case or ""]


def travel(world: World, travellers: Sequence[Household], steps: int) -> None:
    """Let all households take a number of steps together, a batch per step."""
    for _ in range(steps):
        with world.engine.begin() as connection:
            requests = [household.next_request() for household in travellers]
            note(connection, travellers, take_many(connection, requests, world.moment))
