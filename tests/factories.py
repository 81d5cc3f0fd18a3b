"""Households in any state, reached by taking the steps; no test sees an impossible case."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from models import Case, Membership, Person, Proposal, QuotaEntry
from models.vocabulary import CaseKind, CaseState
from tests.world import CENTRE, OFFICER_OF, UTRECHT, World
from workflows.errors import Refused
from workflows.request import Result
from workflows.rules.household import ADULT_AGE, born_by
from workflows.rules.identifiers import synthetic_v_number

Row = dict[str, Any]
_sequence = count(1)
DWELLING: Row = {
    "dwelling_type": "flat",
    "rooms": 8,
    "rent": "600.50",
    "landlord": "Woonstichting Voorbeeld",
    "available_from": "2017-02-01",
}
REFUSAL: Row = {
    "reason": "location",
    "explanation": "Te ver van het werk.",
    "warned": True,
    "children_weighed": True,
}


def v_number() -> str:
    """Return a V-number of nobody that this test session has not used."""
    return synthetic_v_number(next(_sequence))


def member(role: str = "head", born: str = "1990-01-01", **changes: Any) -> Row:
    """Return a person as a payload brings one along."""
    row: Row = {
        "v_number": v_number(),
        "given_names": "Noor",
        "family_name": "Voorbeeld",
        "birth_date": born,
        "sex": "female",
        "nationality": "SYR",
        "languages": ["Arabisch"],
        "role": role,
    }
    return row | changes


def household(adults: int = 1, children: int = 0) -> list[Row]:
    """Return the members of a household: a head, then a partner, other adults and children."""
    roles = ["head", "partner", *("other" for _ in range(adults))][:adults]
    return [member(role) for role in roles] + [
        member("child", "2010-05-05") for _ in range(children)
    ]


NO_TALK: Row = {"handover_outcome": "not_held", "reason": "De gemeente wilde geen gesprek."}


@dataclass(slots=True)
class Household:
    """A case that a factory made: its reference and those of its members in order of joining."""

    world: World
    case: str
    members: list[str]
    municipality: str = UTRECHT
    results: list[Result] = field(default_factory=list)

    @property
    def officer(self) -> str:
        """The user who works for the linked municipality."""
        return OFFICER_OF[self.municipality]

    @property
    def result(self) -> Result:
        """The result of the newest step."""
        return self.results[-1]

    def take(self, step: str, actor: str, /, **payload: Any) -> Result:
        """Take a step on this case; raises what the engine raises."""
        self.results.append(self.world.take(step, actor, payload, self.case))
        return self.result

    def on(self, day: date) -> "Household":
        """Return the same household on another business day."""
        return Household(
            self.world.on(day), self.case, self.members, self.municipality, self.results
        )

    def row(self) -> Any:
        """Return the case's row."""
        with self.world.engine.connect() as connection:
            found = select(Case.__table__).where(Case.reference == self.case)
            return connection.execute(found).one()


def live_members(world: World, case: str) -> list[str]:
    """Return the references of the live members of a case in order of joining."""
    with world.engine.connect() as connection:
        rows = connection.scalars(
            select(Person.reference)
            .join(Membership, Membership.person_id == Person.id)
            .join(Case, Case.id == Membership.case_id)
            .where(Case.reference == case, Membership.left_on.is_(None))
            .order_by(Membership.id)
        )
        return list(rows)


def registered(
    world: World,
    members: list[Row] | None = None,
    *,
    actor: str = "case_manager",
    centre: str | None = CENTRE,
    **payload: Any,
) -> Household:
    """Return a newly registered household; by default a single adult."""
    given: Row = {"permit_on": world.today - timedelta(days=10)}
    if centre is not None:
        given["centre"] = world.centre(centre)
    given["members_to_add"] = household() if members is None else members
    made = world.take("register", actor, given | payload)
    return Household(world, made.case, live_members(world, made.case), results=[made])


def household_in(
    state: CaseState | str,
    world: World,
    members: list[Row] | None = None,
    *,
    municipality: str = UTRECHT,
    criteria: list[Row] | None = None,
    **payload: Any,
) -> Household:
    """Return a household that was brought to a state by taking the steps.

    `payload` goes to `register`; `criteria` to the end of the screening.
    """
    made = registered(world, members, **payload)
    made.municipality = municipality
    if state == CaseState.ENDED:
        made.take("end", "case_manager", reason="withdrawn", ended_on=world.today)
        return made
    for reached, act in _ROAD:
        if made.result.state == state:
            break
        if state == CaseState.REFUSED and made.result.state == CaseState.OFFERED:
            made.take("refuse_offer", "case_manager", **REFUSAL)
            break
        act(made, criteria or [])
        if made.result.state != reached:
            message = f"the road led to {made.result.state} instead of {reached}"
            raise AssertionError(message)
    return made


def minor_in(state: CaseState | str, world: World, born: str = "2001-01-01") -> Household:
    """Return an unaccompanied minor in a state up to `preparing`."""
    return household_in(state, world, [member("head", born)], kind=CaseKind.UNACCOMPANIED_MINOR)


def _screen(made: Household, criteria: list[Row]) -> None:
    day = made.world.today
    with made.world.engine.connect() as connection:
        grown = connection.scalars(
            select(Person.reference).where(
                Person.reference.in_(made.members),
                Person.birth_date <= born_by(day, ADULT_AGE),
            )
        ).all()
    for adult in made.members:
        if adult in grown:
            made.take(
                "screen", "case_manager", member=adult, held_on=day, education_level="bachelor"
            )
    made.take("complete_screening", "case_manager", advised_regions=[14], hard_criteria=criteria)


def _link(made: Household, _criteria: list[Row]) -> None:
    made.take("link", "placement_officer", municipality=made.municipality)


def _take_up(made: Household, _criteria: list[Row]) -> None:
    made.take("take_up", made.officer, scenario="combined")


def _offer(made: Household, _criteria: list[Row]) -> None:
    made.take("offer_housing", made.officer, **DWELLING)


def _accept(made: Household, _criteria: list[Row]) -> None:
    made.take("accept_offer", "case_manager")


def _house(made: Household, _criteria: list[Row]) -> None:
    made.take("sign_lease", made.officer, title_on=made.world.today)
    made.take("house", made.officer, housed_on=made.world.today)


def _close(made: Household, _criteria: list[Row]) -> None:
    made.take("sign_off", "case_manager", booked_on=made.world.today)
    made.take("close", "case_manager", **NO_TALK)


_ROAD = (
    (CaseState.SCREENED, _screen),
    (CaseState.LINKED, _link),
    (CaseState.PREPARING, _take_up),
    (CaseState.OFFERED, _offer),
    (CaseState.MOVING, _accept),
    (CaseState.HOUSED, _house),
    (CaseState.CLOSED, _close),
)


def proposed_place(made: Household) -> str:
    """Return the code of the municipality that is proposed first for a household now."""
    with made.world.engine.connect() as connection:
        code = connection.scalar(
            select(Proposal.municipality_code).where(
                Proposal.case_id == made.row().id, Proposal.rank == 1, Proposal.status == "open"
            )
        )
    return str(code)


def refusal(made: Household, step: str, actor: str, /, **payload: Any) -> Refused:
    """Return the refusal of a step that the rules must refuse; nothing may have changed."""
    before = made.row()
    try:
        made.take(step, actor, **payload)
    except Refused as refused:
        assert made.row() == before
        return refused
    message = f"{step} was taken"
    raise AssertionError(message)


def lines(made: Household, *kinds: str) -> list[tuple[str, str, str, int]]:
    """Return the ledger lines of a case in order: municipality, half-year, kind, persons."""
    with made.world.engine.connect() as connection:
        rows = connection.execute(
            select(
                QuotaEntry.municipality_code,
                QuotaEntry.half_year,
                QuotaEntry.kind,
                QuotaEntry.persons,
            )
            .join(Case, Case.id == QuotaEntry.case_id)
            .where(Case.reference == made.case)
            .order_by(QuotaEntry.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows if not kinds or row[2] in kinds]
