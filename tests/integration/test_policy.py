"""One policy, read twice: as a SQL filter and as a test in memory; and nobody gets around it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text, update

from models import Case, Grant
from models.vocabulary import CaseState, Role
from tests.factories import (
    DWELLING,
    REFUSAL,
    Household,
    Row,
    household,
    household_in,
    member,
    minor_in,
    registered,
)
from tests.world import AMSTERDAM, FAR_CENTRE, OFFICER_OF, PEOPLE, SECOND_CENTRE, UTRECHT, World
from workflows import policy
from workflows.actor import Actor, HeldGrant
from workflows.engine import take
from workflows.errors import InvalidPayload, NotFound, WorkflowError
from workflows.permissions import RULES, Permission, Relation
from workflows.steps import BY_CODE, STEPS
from workflows.users import load_actors

ACTS = [step for step in STEPS if not step.opens_case]
HANDOVER_SIGHT = {
    Permission.VIEW_HANDOVER,
    Permission.VIEW_HANDOVER_THREAD,
    Permission.VIEW_SNAPSHOT,
}
IN_MEMORY = [
    permission
    for permission, rules in RULES.items()
    if all(relation is not Relation.STATED_REASON for _, relation in rules)
    # These hold of a handover; test_handover_sight.py draws from them.
    and permission not in HANDOVER_SIGHT
]


@pytest.fixture(scope="module")
def populated(shared_world: World) -> World:
    """Return a world with cases of two centres, two regions and several municipalities."""
    for state in CaseState:
        household_in(state, shared_world)
        household_in(state, shared_world, municipality=AMSTERDAM)
    registered(shared_world, actor="second_case_manager", centre=SECOND_CENTRE)
    registered(shared_world, actor="far_case_manager", centre=FAR_CENTRE)
    registered(shared_world, actor="placement_officer", centre=None, kind="resettlement")
    minor_in("linked", shared_world)
    made = household_in("closed", shared_world)
    with shared_world.database.engine(owner=True) as owner, owner.begin() as connection:
        past = {"outcome_access_until": shared_world.today - timedelta(days=70)}
        connection.execute(update(Case).where(Case.reference == made.case).values(past))
    return shared_world


def _grants(world: World) -> st.SearchStrategy[tuple[HeldGrant, ...]]:
    """Draw any role at any organisation, sensible or not, up to three together."""
    places = [(each.id, None) for each in world.places.values()]
    towns = [(world.municipalities[code], code) for code in OFFICER_OF]
    known = sorted(
        {
            (grant.organisation_id, grant.area_code)
            for actor in world.actors.values()
            for grant in actor.grants
        },
        key=str,
    )
    at = st.sampled_from(known) | st.sampled_from(towns) | st.sampled_from(places)
    grant = st.builds(
        lambda role, where: HeldGrant(role, where[0], "somewhere", where[1]),
        st.sampled_from(list(Role)),
        at,
    )
    return st.lists(grant, min_size=0, max_size=3).map(tuple)


@settings(max_examples=200)
@given(data=st.data())
def test_the_filter_and_the_test_in_memory_agree(populated: World, data: st.DataObject) -> None:
    actor = Actor(1, "Anyone", data.draw(_grants(populated)))
    permission = data.draw(st.sampled_from(IN_MEMORY))
    today = populated.today + timedelta(days=data.draw(st.sampled_from([0, 1, 700, 730, 731])))
    with populated.engine.connect() as connection:
        everything = connection.execute(select(Case.__table__)).all()
        found = set(
            connection.scalars(select(Case.id).where(policy.visible(actor, permission, today)))
        )
    assert found == {
        case.id for case in everything if policy.allows(actor, permission, case, today)
    }


def test_access_for_a_stated_reason_lets_see_but_not_act(populated: World) -> None:
    actor = populated.actors["far_case_manager"]
    with populated.engine.begin() as connection:
        case_id, reference = connection.execute(
            text("SELECT id, reference FROM case_file WHERE state = 'registered' LIMIT 1")
        ).one()
        visible = policy.visible(actor, Permission.VIEW_CASE, populated.today)
        statement = select(Case.id).where(Case.id == case_id, visible)
        assert connection.scalar(statement) is None
        connection.execute(
            text(
                "INSERT INTO case_access (user_id, case_id, reason, granted_at, until)"
                " VALUES (:user, :case, 'Waarneming', now(), :until)"
            ),
            {"user": actor.user_id, "case": case_id, "until": populated.today},
        )
        assert connection.scalar(statement) == case_id
        expired = policy.visible(actor, Permission.VIEW_CASE, populated.today + timedelta(days=1))
        assert connection.scalar(select(Case.id).where(Case.id == case_id, expired)) is None
    with pytest.raises(NotFound):
        populated.take("record_stay", actor, PAYLOADS["record_stay"], reference)


# For each step a state that it starts from, and a payload that is well-formed.
STARTS: dict[str, str] = {
    step.code: next(state for state in _order if state in step.starts_from)
    for _order in [
        ["registered", "screened", "preparing", "linked", "offered", "refused", "moving", "housed"]
    ]
    for step in ACTS
}
NOBODY = "aaaaaaaaaaaaaaaa"
DAY = "2017-02-01"
PAYLOADS: dict[str, Row] = {
    "screen": {"member": NOBODY, "held_on": DAY},
    "complete_screening": {},
    "link": {"municipality": UTRECHT},
    "follow_merger": {"predecessor": UTRECHT, "successor": AMSTERDAM},
    "take_up": {},
    "ask_contest": {"ground": "safety", "explanation": "Onveilig."},
    "judge_contest": {"judgment": "link_upheld", "motivation": "Ja."},
    "release_link": {"reason": "safety"},
    "record_preparation": {
        "member": NOBODY,
        "module": "dutch_lessons",
        "on_date": DAY,
        "hours": 1,
    },
    "offer_housing": DWELLING,
    "withdraw_offer": {"reason": "Verhuurd."},
    "accept_offer": {},
    "refuse_offer": REFUSAL,
    "judge_refusal": {"judgment": "justified", "motivation": "Ja."},
    "sign_lease": {"title_on": DAY},
    "house": {"housed_on": DAY},
    "place_minor": {"placed_on": DAY, "placement": "reception_unit"},
    "move_on": {"moved_on": DAY},
    "sign_off": {"booked_on": DAY},
    "close": {"handover_outcome": "not_held", "reason": "Geen tijd."},
    "end": {"reason": "withdrawn", "ended_on": DAY},
    "suspend": {"reason": "illness", "until": "2017-03-01"},
    "resume": {},
    "resume_on_time": {},
    "correct": {"subject": "person", "member": NOBODY, "wrong": "Alles."},
    "add_member": {
        "members_to_add": [member("child", v_number="9998888888")],
        "joined_on": DAY,
        "reason": "born",
    },
    "remove_member": {"member": NOBODY, "left_on": DAY, "reason": "withdrawn"},
    "split_household": {
        "leaving": [NOBODY],
        "split_on": DAY,
        "new_head": NOBODY,
        "reason": "Uit elkaar.",
    },
    "merge_household": {"other_case": NOBODY, "merged_on": DAY, "reason": "Getrouwd."},
    "assign": {},
    "change_centre": {"centre": NOBODY, "moved_on": DAY},
    "record_stay": {"place": "elsewhere", "stays_from": DAY},
    "prepare_handover": {"nothing_open": True},
    "offer_handover": {},
    "ask_about_handover": {"question": "Wanneer?"},
    "answer_about_handover": {"answer": "Morgen."},
    "accept_handover": {},
    "reject_handover": {"reason": "other", "explanation": "Nog niet."},
    "withdraw_handover": {"reason": "too_early"},
    "plan_interview": {"planned_on": DAY, "interview_form": "video"},
    "complete_handover": {"held": False, "absence": "no_time"},
    "expire_handover": {},
    "add_document": {"upload": NOBODY, "kind": "other"},
    "remove_document": {"document": NOBODY, "reason": "Hoort hier niet."},
    "record_outcome": {
        "member": NOBODY,
        "kind": "work",
        "months_after": "6",
        "measured_on": DAY,
    },
}


@pytest.fixture(scope="module")
def in_state(shared_world: World) -> dict[str, Household]:
    """Return a household of two in each state, for steps that are then undone."""
    return {
        state: household_in(state, shared_world, household(2)) for state in set(STARTS.values())
    }


def _declared(world: World, step: str, name: str, made: Household) -> bool:
    """Tell by the table alone, in words of its own, whether a user may take a step on a case."""
    row = made.row()
    actor = world.actors[name]
    role, own = actor.grants[0].role, actor.grants[0]
    relations = {relation for each, relation in RULES[BY_CODE[step].permission] if each is role}
    live = row.state not in {"closed", "ended"}
    holds = {
        Relation.ANYWHERE: True,
        Relation.OWN_CENTRE: row.centre_id == own.organisation_id,
        Relation.OWN_REGION: row.region_id == own.organisation_id,
        Relation.REGION_WITHOUT_CENTRE: row.centre_id is None
        and row.region_id == own.organisation_id,
        Relation.LINKED_MUNICIPALITY: live
        and own.area_code is not None
        and own.area_code == row.municipality_code,
        Relation.HOUSED_HERE: False,
        Relation.WARD: row.guardian_id is not None and row.guardian_id == own.organisation_id,
        Relation.STATED_REASON: False,
    }
    return any(holds[relation] for relation in relations)


@pytest.mark.parametrize("step", [step.code for step in ACTS])
def test_only_the_declared_roles_and_relations_may_act(
    shared_world: World, in_state: dict[str, Household], step: str
) -> None:
    made = in_state[STARTS[step]]
    before = made.row()
    acted = 0
    for name in PEOPLE:
        request = shared_world.request(step, name, PAYLOADS[step], made.case)
        with shared_world.engine.connect() as connection:
            transaction = connection.begin()
            found: type[Exception] | None = None
            try:
                take(connection, request, shared_world.moment)
            except InvalidPayload:
                pytest.fail(f"the payload of {step} is not well-formed")
            except WorkflowError as error:
                found = type(error)
            transaction.rollback()
        allowed = _declared(shared_world, step, name, made)
        if step == "merge_household":
            # The other case does not exist, so that everybody hears the same.
            assert found is NotFound
        else:
            assert (found is not NotFound) is allowed, f"{name} takes {step}: {found}"
        acted += allowed
    assert acted, "somebody may take each step"
    assert made.row() == before


@pytest.mark.parametrize("state", ["linked", "preparing", "offered", "moving", "housed", "closed"])
@pytest.mark.parametrize("stranger", ["amsterdam", "bunnik", "utrecht"])
def test_a_municipality_never_reaches_the_case_of_another(
    shared_world: World, stranger: str, state: str
) -> None:
    home = UTRECHT if stranger != "utrecht" else AMSTERDAM
    made = household_in(state, shared_world, municipality=home)
    before = made.row()
    for step in ACTS:
        with pytest.raises(NotFound):
            shared_world.take(step.code, stranger, PAYLOADS[step.code], made.case)
    assert made.row() == before
    actor = shared_world.actors[stranger]
    with shared_world.engine.connect() as connection:
        clause = policy.visible(actor, Permission.VIEW_CASE, shared_world.today)
        rows = connection.execute(select(Case.municipality_code).where(clause)).scalars()
        assert set(rows) <= {actor.grants[0].area_code}


def test_a_case_that_never_was_answers_like_one_of_another(shared_world: World) -> None:
    theirs = household_in("linked", shared_world, municipality=AMSTERDAM).case
    said = []
    for case in (theirs, "bbbbbbbbbbbbbbbb", "no reference", "", "\x00", "' OR 1=1", "é" * 16):
        with pytest.raises(NotFound) as raised:
            shared_world.take("take_up", "utrecht", {}, case)
        said.append((type(raised.value), str(raised.value)))
    assert len(set(said)) == 1


def test_a_released_link_ends_the_sight_of_the_municipality(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    made.take("release_link", "placement_officer", reason="household_changed")
    with pytest.raises(NotFound):
        made.take("offer_housing", "utrecht", **DWELLING)


@pytest.fixture
def owner(shared_world: World) -> Iterator[Engine]:
    """Yield an engine of the owner of the module's world."""
    with shared_world.database.engine(owner=True) as made:
        yield made


def test_rights_end_with_the_grant(shared_world: World, owner: Engine) -> None:
    user = shared_world.actors["groningen"].user_id
    last = date(2017, 2, 10)
    with owner.begin() as connection:
        ends = {"valid_until": last + timedelta(days=1)}
        connection.execute(update(Grant).where(Grant.user_id == user).values(ends))
    with shared_world.engine.connect() as connection:
        assert user in load_actors(connection, [user], last)
        assert user not in load_actors(connection, [user], last + timedelta(days=1))
        assert user not in load_actors(connection, [user], date(2015, 12, 31))


def test_an_inactive_user_has_no_rights(shared_world: World, owner: Engine) -> None:
    user = shared_world.actors["exempt"].user_id
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE user_account SET active = false WHERE id = :u"), {"u": user}
        )
    with shared_world.engine.connect() as connection:
        assert load_actors(connection, [user], shared_world.today) == {}


def test_an_actor_without_grants_may_do_nothing(populated: World) -> None:
    nobody = replace(populated.actors["case_manager"], grants=())
    for permission in Permission:
        assert not policy.may(nobody, permission)
        with populated.engine.connect() as connection:
            clause = policy.visible(nobody, permission, populated.today)
            assert connection.scalar(select(Case.id).where(clause).limit(1)) is None
