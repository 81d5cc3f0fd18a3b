"""What the tab Delen says: each field of each step once, for those who see it."""

from workflows.payload import Audience, Widget, declared
from workflows.reading.sharing import kept_groups, shared_groups
from workflows.steps import BY_CODE


def test_fields_of_one_reason_stand_together_and_none_twice() -> None:
    groups = shared_groups()
    reasons = [(group.audience, group.purpose) for group in groups]
    assert len(set(reasons)) == len(reasons)
    for group in (*groups, *kept_groups()):
        assert group.labels
        assert len(set(group.labels)) == len(group.labels)
        assert len(set(group.step_labels)) == len(group.step_labels)


def test_every_field_of_a_step_is_told_of() -> None:
    told = {
        (step, label)
        for group in (*shared_groups(), *kept_groups())
        for step in group.step_labels
        for label in group.labels
    }
    for step in BY_CODE.values():
        for info in step.payload.model_fields.values():
            if declared(info).widget is not Widget.GROUP:
                assert (step.label, info.title) in told


def test_who_records_a_field_is_said_to_see_it() -> None:
    kept = {group.step_labels[0]: group for group in kept_groups()}
    assert kept[BY_CODE["offer_housing"].label].recorded_by_municipality
    assert not kept[BY_CODE["refuse_offer"].label].recorded_by_municipality
    assert all(group.audience is not Audience.AGENCY for group in shared_groups())
