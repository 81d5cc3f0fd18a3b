"""The plan of the demo asks nothing that a rule must refuse."""

import pytest

from models.vocabulary import HardCriterion
from webapp.demo.plan import Plan, make_plan


def links_where_it_is_not_safe(plan: Plan) -> list[str]:
    """Return the municipalities of links that the household's own safety excludes."""
    unsafe: dict[int, set[str]] = {}
    found = []
    for act in (act for half in plan.halves for act in half):
        if act.step == "complete_screening":
            unsafe[act.household.number] = {
                str(each["municipality"])
                for each in act.payload.get("hard_criteria", ())
                if each["criterion"] == HardCriterion.SAFETY
            }
        elif act.step == "link":
            town = str(act.payload["municipality"])
            if town in unsafe.get(act.household.number, ()):
                found.append(town)
    return found


@pytest.mark.parametrize("seed", [2017, 1, 2, 3])
def test_nobody_is_linked_where_it_is_not_safe(seed: int) -> None:
    assert links_where_it_is_not_safe(make_plan(seed, 0.15)) == []


def test_a_link_where_it_is_not_safe_is_found() -> None:
    plan = make_plan(1, 0.02)
    act = next(act for act in plan.halves[0] if act.step == "link")
    screened = next(
        each
        for each in plan.halves[0]
        if each.step == "complete_screening" and each.household is act.household
    )
    town = act.payload["municipality"]
    screened.payload["hard_criteria"] = [{"criterion": "safety", "municipality": town}]
    assert town in links_where_it_is_not_safe(plan)
