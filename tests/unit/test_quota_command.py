"""The apportionment on the command line comes out to the digit and refuses in words."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from webapp.commands import quota


def apportion(*words: str) -> Result:
    return CliRunner().invoke(
        quota.command, ["apportion", "--half-year", "2017-I", "--national", "13000", *words]
    )


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.mark.parametrize(
    ("method", "exempt", "total"),
    [
        ("statute_ceiling", None, 13_196),
        ("published_half_up", None, 13_000),
        ("published_half_up", "GM0299,GM0048", 13_000),
    ],
)
def test_the_municipalities_of_2016_sum_to_the_published_total(
    method: str, exempt: str | None, total: int
) -> None:
    words = ["--method", method, *(["--exempt", exempt] if exempt else [])]
    found = read(apportion(*words))
    assert found["total"] == total == sum(row["quota"] for row in found["municipalities"])
    assert found["rounding_difference"] == total - 13_000
    assert len(found["municipalities"]) == 390


def test_no_exemption_can_be_asked_for() -> None:
    found = read(apportion("--method", "published_half_up", "--exempt", ""))
    assert found["exempt"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "published_half_up", "--exempt", "GM9999"], "GM9999"),
        (["--method", "given"], "given"),
        (["--method", "statute_ceiling", "--half-year", "2017-III"], "2017-III"),
        (["--method", "statute_ceiling", "--half-year", "1999-I"], "population"),
        (["--method", "statute_ceiling", "--national", "-1"], "-1"),
    ],
)
def test_what_cannot_be_divided_is_said_without_a_traceback(words: list[str], said: str) -> None:
    found = apportion(*words)
    assert found.exit_code != 0
    assert said in found.output
    assert "Traceback" not in found.output
