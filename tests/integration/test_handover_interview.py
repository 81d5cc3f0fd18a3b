"""The interview of a handover, its agreements, and what `verify` finds about handovers."""

import pytest
from sqlalchemy import select, text

from models import Task
from tests.factories import (
    Row,
    refusal,
)
from tests.handovers import (
    INTERVIEW,
    handed_over,
    row_of,
)
from tests.world import World
from workflows.quota.verify import verify


def test_agreements_become_tasks_of_the_receiver(shared_world: World) -> None:
    made = handed_over("completed", shared_world)
    row = row_of(made)
    with shared_world.engine.connect() as connection:
        tasks = connection.execute(
            select(Task.__table__).where(Task.handover_id == row.id).order_by(Task.id)
        ).all()
    assert [(each.organisation_id, each.party, each.description) for each in tasks] == [
        (row.target_id, "municipality", "School zoeken"),
        (row.target_id, "household", "Papieren meebrengen"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"interview_on": None}, "interview_on"),
        ({"interview_on": "2017-02-02"}, "interview_on"),
        ({"interview_on": "2016-02-02"}, "interview_on"),
        ({"interview_form": None}, "interview_form"),
        ({"participants": INTERVIEW["participants"][:2]}, "participants"),
        ({"held": False}, "absence"),
        ({"held": False, "absence": "no_time"}, "interview_on"),
        ({"agreements": [{"what": "Iets", "party": "agency", "due_on": "2017-01-01"}]},
         "agreements.0.due_on"),
    ],
)  # fmt: skip
def test_an_interview_needs_its_day_form_and_three_parties(
    shared_world: World, change: Row, field: str
) -> None:
    made = handed_over("accepted", shared_world)
    said = refusal(made, "complete_handover", "utrecht", **(INTERVIEW | change))
    assert said.field_name == field


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE handover SET state = 'expired', finished_at = now() WHERE id = :id",
        'UPDATE handover SET snapshot = snapshot || \'{"salt": "x"}\' WHERE id = :id',
        "UPDATE case_file SET handover_state = 'rejected' WHERE handover_id = :id",
        "UPDATE case_file SET handover_id = NULL, handover_state = NULL WHERE handover_id = :id",
    ],
)
def test_verify_finds_a_handover_that_is_not_the_fold_of_its_events(
    shared_world: World, damage: str
) -> None:
    made = handed_over("offered", shared_world)
    with shared_world.engine.connect() as connection, connection.begin() as transaction:
        assert not list(verify(connection, shared_world.moment.seal))
        connection.execute(text(damage), {"id": row_of(made).id})
        assert list(verify(connection, shared_world.moment.seal))
        transaction.rollback()
