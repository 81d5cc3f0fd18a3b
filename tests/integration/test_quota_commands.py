"""The commands of the quota, on a database of the program's own."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.vocabulary import QuotaKind
from tests.world import HALF_YEAR, TODAY, UTRECHT, World
from webapp.cli import main
from workflows.quota.ledger import Line, post_lines

TOMORROW = TODAY + timedelta(days=1)
Run = Callable[..., Result]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return the command line of an installation on the world's database."""
    monkeypatch.setenv("DATABASE_URL", world.database.url)
    monkeypatch.setenv("REDIS_URL", "redis://nobody.invalid:1")
    monkeypatch.setenv("THUISROUTE_DATA", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_the_standing_is_printed_at_every_level(run: Run) -> None:
    for level, rows in (("nation", 1), ("province", 12), ("region", 35), ("municipality", 390)):
        found = json.loads(run("standing", "--date", TOMORROW, "--level", level).output)
        assert len(found) == rows
        assert sum(row["remaining"] for row in found) == 20_143
        assert {"backlog", "advance", "late_on_monthly_line", "on_schedule"} <= found[0].keys()


def test_a_table_is_published_again_and_restated(run: Run, world: World, tmp_path: Path) -> None:
    first = run("publish", "--date", TOMORROW, "--out", tmp_path / "one")
    made = json.loads(first.output)
    line = Line(
        municipality_code=UTRECHT,
        half_year=HALF_YEAR,
        kind=QuotaKind.TRANSFER_IN,
        persons=7,
        booked_on=TODAY,
    )
    with world.engine.begin() as connection:
        post_lines(connection, world.actors["quota_officer"], [line], world.moment)
    for known in (made["known"], made["known"][:10]):
        again = run("publish", "--date", TOMORROW, "--known", known, "--out", tmp_path / "two")
        assert json.loads(again.output) == made, again.output
    for name, digest in made["files"].items():
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two
        assert hashlib.sha256(one).hexdigest() == digest
        assert f"{digest}  {name}\n" in (tmp_path / "one" / "SHA256SUMS").read_text()
    found = json.loads(run("restate", "--date", TOMORROW, "--published", made["known"]).output)
    assert [each["persons"] for each in found["lines"]] == [7]
    assert found["levels"]["nation"][0]["cells"]["quota"]["difference"] == 7


@pytest.mark.parametrize("words", [("publish", "--out"), ("export", "standings")])
def test_a_place_that_cannot_be_written_is_named(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "inside"
    answer = run(*words, target, "--date", TOMORROW)
    assert answer.exit_code == 1
    assert answer.output == f"Error: Could not open file {str(target)!r}: Not a directory\n"


def test_history_goes_out_and_in(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    assert json.loads(run("export", "standings", file, "--date", TOMORROW).output) == {"rows": 5}
    again = run("import", "standings", file)
    assert again.exit_code == 1
    assert "rij 2, kind: Deze gemeente krijgt zo meer dan één beginstand." in again.output
    row = f"{UTRECHT},2017-I,realised,3,2017-01-31"
    file.write_text(f"municipality_code,half_year,kind,persons,booked_on\n{row}\n")
    dry = json.loads(run("import", "standings", file, "--dry-run").output)
    assert dry == {"rows": 1, "added": 1, "persons": 3, "dry_run": True}
    assert json.loads(run("import", "standings", file).output)["added"] == 1
    assert json.loads(run("import", "standings", file).output)["added"] == 0
    assert run("verify").output == "0 differences.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "--date", TOMORROW, "--known", "2999-01-01", "--out", "."), "vooruit"),
        (("publish", "--date", "31-12-2016", "--out", "."), "does not match the format"),
        (("standing", "--date", TOMORROW, "--level", "street"), "is not one of"),
        (
            ("restate", "--date", TOMORROW, "--published", "2999-01-01", "--known", "2016-01-01"),
            "na de publicatie",
        ),
    ],
)
def test_what_cannot_be_is_said(run: Run, words: tuple[object, ...], said: str) -> None:
    found = run(*words)
    assert found.exit_code != 0
    assert said in found.output
    assert "Traceback" not in found.output
