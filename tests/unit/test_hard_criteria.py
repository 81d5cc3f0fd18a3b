"""Which municipalities a hard criterion leaves."""

import pytest

from workflows.rules.hard_criteria import Surroundings, permits

# Utrecht and Bunnik lie in region 14, Amsterdam in 10, Groningen in 1.
SURROUNDINGS = Surroundings(
    {"GM0344": 14, "GM0312": 14, "GM0363": 10, "GM0014": 1},
    {"burns": frozenset({1, 8})},
)


@pytest.mark.parametrize(
    ("criterion", "code", "region", "left"),
    [
        ({"criterion": "safety", "municipality": "GM0344"}, "GM0344", 14, False),
        ({"criterion": "safety", "municipality": "GM0344"}, "GM0312", 14, True),
        ({"criterion": "family_reunification", "municipality": "GM0344"}, "GM0344", 14, True),
        ({"criterion": "family_reunification", "municipality": "GM0344"}, "GM0312", 14, False),
        ({"criterion": "existing_work", "municipality": "GM0344"}, "GM0312", 14, True),
        ({"criterion": "existing_work", "municipality": "GM0344"}, "GM0363", 10, False),
        ({"criterion": "specialist_treatment", "municipality": "GM0344"}, "GM0014", 1, False),
        (
            {"criterion": "specialist_treatment", "municipality": "GM0344", "care": "burns"},
            "GM0014",
            1,
            True,
        ),
        (
            {"criterion": "specialist_treatment", "municipality": "GM0344", "care": "burns"},
            "GM0363",
            10,
            False,
        ),
        (
            {"criterion": "existing_work", "municipality": "GM0344", "care": "burns"},
            "GM0014",
            1,
            False,
        ),
        ({"criterion": "existing_work", "municipality": "GM9999"}, "GM0344", 14, False),
    ],
)
def test_a_criterion_leaves(
    criterion: dict[str, object], code: str, region: int, left: object
) -> None:
    assert permits(criterion, code, region, SURROUNDINGS) is left
