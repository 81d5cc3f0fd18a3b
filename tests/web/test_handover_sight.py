"""Who sees what of a handover: role by organisation by state by endpoint, write paths included."""

import json
from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from config.settings import Settings
from models import Case, Handover, ReadEntry
from models.vocabulary import HandoverState, Role
from tests.factories import Household, household_in, member
from tests.handovers import SIGHT, hand_over, row_of, seen_by
from tests.web.conftest import Visitor, make_application
from tests.world import PEOPLE, UTRECHT, World
from webapp.throttle import limiter
from workflows import policy
from workflows.actor import Actor, HeldGrant
from workflows.reading.handover import HandoverView, _handovers

# Of those who do the same in the same place one is enough.
WATCHERS = sorted(set(PEOPLE) - {"colleague", "second_placement_officer", "groningen", "tiny",
                                 "exempt", "bunnik", "utrecht_colleague"})  # fmt: skip
SENDERS = {"case_manager", "colleague", "placement_officer", "second_placement_officer",
           "centre_coordinator", "region_coordinator"}  # fmt: skip
RECEIVERS = {"utrecht", "utrecht_colleague", "utrecht_coordinator"}
PENDING = {"offered", "question", "answered"}
ACCEPTED = {"accepted", "completed"}
PARTS = {"": "trail", "/profiel": "snapshot", "/profiel.pdf": "snapshot",
         "/profiel.json": "snapshot"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """The application, a visitor for each user, and a household for each state."""

    world: World
    visitors: dict[str, Visitor]
    households: dict[str, Household]


@pytest.fixture(scope="module")
def scene(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return the scene: everybody is signed in."""
    place = tmp_path_factory.mktemp("sight")
    made = make_application(
        shared_world,
        Settings(
            data=place,
            database_url="postgresql://unused",
            redis_url=None,
            secret_key="the signing key of the tests",
            seal_key="the seal of the tests, 32 bytes.",
        ),
    )
    visitors = {}
    for name in WATCHERS:
        with made.app_context():
            limiter.reset()
        visitors[name] = Visitor(made.test_client())
        assert visitors[name].sign_in(name).status_code == 302
    households = {
        str(state): hand_over(household_in("preparing", shared_world), state)
        for state in HandoverState
    }
    return Scene(shared_world, visitors, households)


def expected(name: str, state: str, part: str) -> bool:
    """Tell in words of its own whether a user sees a part of a handover to Utrecht."""
    if name in SENDERS:
        return part != "snapshot" or state != "draft"
    if name not in RECEIVERS or state == "draft":
        return False
    return {
        "trail": True,
        "thread": state in PENDING | ACCEPTED,
        "snapshot": state in ACCEPTED,
    }[part]


@pytest.mark.parametrize("state", list(HandoverState))
def test_every_role_sees_what_is_its_own_of_every_endpoint(scene: Scene, state: str) -> None:
    made = scene.households[state]
    reference = row_of(made).reference
    for name, visitor in scene.visitors.items():
        for path, part in PARTS.items():
            status = visitor.client.get(f"/overdrachten/{reference}{path}").status_code
            sees = expected(name, state, part)
            assert (status == 200) is sees, (name, state, path, status)
            assert status in {200, 302, 404}
        found = seen_by(made, name)
        assert any(each.sees_thread for each in found) is expected(name, state, "thread"), name
        assert any(each.sees_snapshot for each in found) is expected(name, state, "snapshot"), name


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_the_profile_stands_with_the_documents_of_those_who_see_it(
    scene: Scene, state: str
) -> None:
    made = scene.households[state]
    link = f"/overdrachten/{row_of(made).reference}/profiel.pdf"
    for name in ("case_manager", "utrecht"):
        visitor = scene.visitors[name]
        visitor.get(f"/dossiers/{made.case}?deel=documenten")
        assert visitor.status == 200
        assert (link in visitor.page) is expected(name, state, "snapshot"), name


@pytest.mark.parametrize("state", ["question", "rejected"])
def test_the_thread_is_on_the_page_of_those_who_see_it(scene: Scene, state: str) -> None:
    made = household_in("preparing", scene.world)
    hand_over(made, "question")
    if state == "rejected":
        made.take("reject_handover", "utrecht", reason="other", explanation="Toch niet.")
    reference = row_of(made).reference
    for name, visitor in scene.visitors.items():
        if expected(name, state, "trail"):
            visitor.get(f"/overdrachten/{reference}")
            shown = "Is er een diploma?" in visitor.page
            assert shown is expected(name, state, "thread"), name


@pytest.mark.parametrize("state", ["offered", "accepted"])
@pytest.mark.parametrize(
    "code", ["accept_handover", "reject_handover", "withdraw_handover", "ask_about_handover",
             "answer_about_handover", "offer_handover", "plan_interview", "complete_handover",
             "prepare_handover", "expire_handover"],
)  # fmt: skip
def test_no_stranger_gets_through_a_write_path(scene: Scene, state: str, code: str) -> None:
    made = scene.households[state]
    before = made.row()
    for name in set(WATCHERS) - SENDERS - RECEIVERS:
        visitor = scene.visitors[name]
        assert visitor.post(f"/dossiers/{made.case}/{code}", {}).status_code in {302, 404}
    assert made.row() == before


def test_a_reading_is_logged_in_its_own_transaction(scene: Scene) -> None:
    made = scene.households["accepted"]
    reference = row_of(made).reference

    def logged() -> dict[str, int]:
        with scene.world.engine.connect() as connection:
            rows = connection.execute(
                select(ReadEntry.purpose, func.count())
                .where(ReadEntry.case_id == made.row().id, ReadEntry.purpose.like("handover%"))
                .group_by(ReadEntry.purpose)
            )
            return {row[0]: row[1] for row in rows}

    before = logged()
    for path in ("/profiel", "/profiel.pdf", "/profiel.json"):
        scene.visitors["utrecht"].client.get(f"/overdrachten/{reference}{path}")
    after = logged()
    for purpose in ("handover:profile", "handover:pdf", "handover:json"):
        assert after[purpose] == before.get(purpose, 0) + 1


def test_the_json_can_be_checked_against_its_hash(scene: Scene) -> None:
    made = scene.households["accepted"]
    answer = scene.visitors["utrecht"].client.get(
        f"/overdrachten/{row_of(made).reference}/profiel.json"
    )
    found = answer.get_json()
    canonical = json.dumps(
        found["snapshot"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert sha256(canonical.encode()).hexdigest() == found["sha256"]


@pytest.mark.parametrize("name", ["Noor", "Ñandú Çelik", "عمر", "<b>#strong</b> $x$ *_"])
def test_the_pdf_is_tagged_titled_and_in_the_language_of_the_reader(
    scene: Scene, name: str
) -> None:
    person = member("head", given_names=name)
    made = hand_over(household_in("preparing", scene.world, [person]), "accepted")
    answer = scene.visitors["utrecht"].client.get(
        f"/overdrachten/{row_of(made).reference}/profiel.pdf"
    )
    body = answer.get_data()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert body.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang(nl)", b"/DisplayDocTitle true"):
        assert mark in body, mark


@pytest.fixture(scope="module")
def views(scene: Scene) -> list[HandoverView]:
    """Return every handover of the world, with nobody's eyes."""
    with scene.world.engine.connect() as connection:
        return [HandoverView(**row) for row in connection.execute(_handovers()).mappings()]


@settings(max_examples=100)
@given(data=st.data())
def test_the_filter_and_the_test_in_memory_agree_on_handovers(
    scene: Scene, views: list[HandoverView], data: st.DataObject
) -> None:
    places = [each.id for each in scene.world.places.values()]
    at = st.sampled_from(places) | st.just(scene.world.municipalities[UTRECHT])
    grant = st.builds(
        lambda role, where: HeldGrant(role, where, "somewhere"), st.sampled_from(list(Role)), at
    )
    actor = Actor(1, "Anyone", tuple(data.draw(st.lists(grant, max_size=3))))
    permission = data.draw(st.sampled_from(SIGHT))
    today = scene.world.today
    with scene.world.engine.connect() as connection:
        found = set(
            connection.scalars(
                select(Handover.id)
                .join(Case, Case.id == Handover.case_id)
                .where(policy.visible(actor, permission, today))
            )
        )
    known = {each.id for each in views}
    allowed = {each.id for each in views if policy.allows(actor, permission, each, today)}
    assert found & known == allowed
