"""A number of Taakstelling, the pages of its list and the downloaded rows are the same persons.

Random histories with late, corrected, transferred and merged lines are read through the front door
by any role; a planted defect on each side is shown to be caught.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import false, true

from models.vocabulary import CaseState
from tests.database import Database, Server
from tests.factories import household, household_in
from tests.integration.test_quota_histories import MERGERS
from tests.integration.test_quota_levels import merge
from tests.integration.test_quota_standing import noise
from tests.web.conftest import Visitor, make_application, settings_without_redis
from tests.web.test_standing import Shown, numbers, rows_of
from tests.world import AMSTERDAM, BUNNIK, GRONINGEN, PEOPLE, TODAY, UTRECHT, World, opened
from webapp.standing.files import lines_sheet
from webapp.throttle import limiter
from webapp.views import standing_lines
from workflows.reading import behind
from workflows.reading.behind_query import BehindQuery

HEADLINE = re.compile(r"<h1>[^<]*: (-?[\d.]+)</h1>")
PERSONS = re.compile(r'data-label="Personen" class="numeric"><span>(-?[\d.]+)<')
COUNTED = re.compile(r'<p class="pages__count">[\d.]+ van ([\d.]+)</p>')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
AREAS = ("NL", "PV26", "14", UTRECHT, BUNNIK, AMSTERDAM, GRONINGEN)
TOMORROW = TODAY + timedelta(days=1)
DATES = st.dates(date(2016, 1, 2), date(2017, 12, 31))


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for which area on which dates; `cells` None: every number of the page."""

    role: str
    area: str
    valid: date
    known: datetime | None = None
    cells: int | None = None


class Histories:
    """Makes histories of their own, each with the application over it."""

    def __init__(self, server: Server, installed: Database, data: Path) -> None:
        self._server, self._installed = server, installed
        self._settings = settings_without_redis(data)

    @contextmanager
    def made(self, seed: int, merged: int) -> Iterator[tuple[Flask, list[datetime]]]:
        """Yield the application, and the instants of the lines that no case posted."""
        copy = self._server.temporary(self._installed.name)
        with copy as database, opened(database) as world:
            instants = noise(world, seed)
            cases(world)
            if MERGERS[merged][1]:
                with world.engine.begin() as connection:
                    merge(connection, *MERGERS[merged], None)
            application = make_application(world, self._settings)
            with application.app_context():
                limiter.reset()
            yield application, sorted(instants)


def cases(world: World) -> None:
    """Sign households off, a small one alone in its municipality; take a sign-off back."""
    for _ in range(2):
        household_in(CaseState.CLOSED, world, household(2, 3))
    household_in(CaseState.HOUSED, world)
    household_in(CaseState.CLOSED, world, household(2), municipality=GRONINGEN)
    corrected = household_in(CaseState.HOUSED, world, household(2), municipality=AMSTERDAM)
    corrected.take("sign_off", "case_manager", booked_on=world.today)
    corrected.take(
        "correct",
        "case_manager",
        subject="sign_off",
        member=corrected.members[0],
        wrong="Verkeerd genoteerd.",
    )


@pytest.fixture(scope="module")
def histories(
    server: Server, installed: Database, tmp_path_factory: pytest.TempPathFactory
) -> Histories:
    return Histories(server, installed, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def one_history(histories: Histories) -> Iterator[Flask]:
    with histories.made(3, 3) as (application, _):
        yield application


def number(text: str) -> int:
    return int(text.replace(".", ""))


def check_list(visitor: Visitor, shown: Shown) -> None:
    """Hold the number of a page to its list, page by page, and to the rows of its file."""
    visitor.get(shown.url)
    headline = HEADLINE.search(visitor.page)
    counted = COUNTED.search(visitor.page)
    persons = PERSONS.findall(visitor.page)
    while following := NEXT.search(visitor.page):
        visitor.get(following.group(1))
        persons += PERSONS.findall(visitor.page)
    lines = rows_of(visitor, shown.url.replace("regels?", "regels.csv?", 1))
    assert headline
    assert number(headline.group(1)) == shown.persons, shown
    assert sum(map(number, persons)) == shown.persons, shown
    assert sum(int(line["persons"]) for line in lines) == shown.persons, shown
    assert len(persons) == len(lines) == (number(counted.group(1)) if counted else 0), shown
    assert {line["rows"] for line in lines} <= {str(len(lines))}


def check_page(application: Flask, asked: Question) -> int:
    """Hold numbers of a page to their lists; returns how many."""
    visitor = Visitor(application.test_client())
    assert visitor.sign_in(asked.role).status_code == 302
    address = {"gebied": asked.area, "datum": asked.valid.isoformat()}
    if asked.known is not None:
        address["bekend"] = asked.known.isoformat()
    visitor.get(f"/taakstelling?{urlencode(address)}")
    found = sorted({each for each in numbers(visitor.page) if each.persons})
    if asked.cells is not None and len(found) > asked.cells:
        found = Random(len(found)).sample(found, asked.cells)  # noqa: S311 - a test's dice
    for each in found:
        check_list(visitor, each)
    return len(found)


QUESTIONS: dict[str, Any] = {
    "seed": st.integers(0, 1_000),
    "merged": st.integers(0, len(MERGERS) - 1),
    "known": st.none() | st.integers(0, 149),
    "asked": st.builds(
        Question, role=st.sampled_from(list(PEOPLE)), area=st.sampled_from(AREAS), valid=DATES
    ),
}
# A world takes seconds to make, which is too long to look for a smaller one that fails.
FEW = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_drawn(
    histories: Histories, seed: int, merged: int, known: int | None, asked: Question
) -> None:
    with histories.made(seed, merged) as (application, instants):
        instant = None if known is None else instants[known % len(instants)]
        check_page(application, replace(asked, known=instant))


@given(**QUESTIONS)
@FEW
def test_numbers_of_any_history_open_what_they_count(
    histories: Histories, seed: int, merged: int, known: int | None, asked: Question
) -> None:
    check_drawn(histories, seed, merged, known, replace(asked, cells=6))


@pytest.mark.full
@given(**QUESTIONS)
@settings(FEW, max_examples=40)
def test_all_numbers_of_many_histories_do(
    histories: Histories, seed: int, merged: int, known: int | None, asked: Question
) -> None:
    check_drawn(histories, seed, merged, known, asked)


@pytest.mark.parametrize(
    "role",
    [
        "supervisor",
        "utrecht",
        *(
            pytest.param(role, marks=pytest.mark.full)
            for role in PEOPLE
            if role not in {"supervisor", "utrecht"}
        ),
    ],
)
def test_every_number_of_a_page_opens_what_it_counts(one_history: Flask, role: str) -> None:
    assert check_page(one_history, Question(role, "NL", TOMORROW, cells=15)) > 10
    assert check_page(one_history, Question(role, GRONINGEN, TOMORROW)) > 5


def _lost_row(name: str, export: behind.Export, statement: Any) -> Any:
    rows = iter(list(export.rows)[:-1])
    return lines_sheet(name, replace(export, rows=rows, count=export.count - 1), statement)


DEFECTS: dict[str, tuple[str, object, str, object]] = {
    "small groups are left out": (GRONINGEN, behind.Opened, "_first", lambda _self: iter(())),
    "a figure counts parts twice": (GRONINGEN, behind, "part_of", lambda *_: 1),
    "each line is counted as a row": ("NL", BehindQuery, "_begins_row", lambda _self: true()),
    "no line begins a row": ("NL", BehindQuery, "_begins_row", lambda _self: false()),
    "a file loses its last row": (GRONINGEN, standing_lines, "lines_sheet", _lost_row),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_caught(
    one_history: Flask, monkeypatch: pytest.MonkeyPatch, defect: str
) -> None:
    area, where, name, wrong = DEFECTS[defect]
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        check_page(one_history, Question("supervisor", area, TOMORROW))
