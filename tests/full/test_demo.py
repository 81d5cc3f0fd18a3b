"""The demo to the digit, counted from the ledger itself and not by the program's own table."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select, text

from models import ScoreModel
from models.vocabulary import CaseKind, CaseState
from tests.database import Database
from tests.demo import NoBar
from webapp.demo.build import build
from webapp.demo.figures import TODAY
from webapp.demo.work import EFFECTS
from workflows.matching.fitted.features import FEATURES
from workflows.matching.fitted.keeping import fit
from workflows.moment import Moment
from workflows.quota.verify import verify

pytestmark = pytest.mark.full
SEAL = b"the seal of the demo, 32 bytes.."

LEDGER = """
WITH line AS (
    SELECT municipality_code, kind, half_year, persons FROM quota_entry
    WHERE booked_on < '2017-02-01'
), municipal AS (
    SELECT m.code,
        coalesce(sum(persons) FILTER (WHERE kind = 'opening' AND half_year = '2016-II'), 0) AS a,
        coalesce(sum(persons) FILTER (WHERE kind = 'quota' AND half_year = '2016-II'), 0) AS b,
        coalesce(sum(persons) FILTER (WHERE kind = 'realised' AND half_year = '2016-II'), 0) AS c,
        coalesce(sum(persons) FILTER (WHERE kind = 'quota' AND half_year = '2017-I'), 0) AS e,
        coalesce(sum(persons) FILTER (WHERE kind = 'realised' AND half_year = '2017-I'), 0) AS g
    FROM municipality m LEFT JOIN line ON line.municipality_code = m.code GROUP BY m.code
), standing AS (SELECT *, a + b - c AS d, a + b - c + e AS f, a + b - c + e - g AS h FROM municipal)
SELECT count(*), sum(a), sum(b), sum(c), sum(d), sum(e), sum(f), sum(g), sum(h),
       sum(greatest(h, 0)), sum(least(h, 0)),
       sum(abs(a) + b + c + e + g) FILTER (WHERE code IN ('GM0048', 'GM0299'))
FROM standing
"""
RECEPTION = """
SELECT count(*),
       count(*) FILTER (WHERE c.household_type = 'single'),
       count(*) FILTER (WHERE p.permit_on + 98 < '2017-02-01'),
       count(*) FILTER (WHERE p.permit_on + 98 < '2017-02-01' AND c.household_type = 'single')
FROM case_file c
JOIN household_membership h ON h.case_id = c.id AND h.left_on IS NULL
JOIN person p ON p.id = h.person_id
WHERE c.finished_on IS NULL AND c.stay_place = 'centre'
  AND NOT EXISTS (SELECT FROM realisation r WHERE r.person_id = p.id)
"""


@pytest.fixture(scope="module")
def built(module_database: Database) -> Iterator[Engine]:
    """Yield an engine on a demo of full size."""
    with module_database.engine() as engine:
        build(engine, SEAL, NoBar())
        yield engine


@pytest.fixture
def demo(built: Engine) -> Iterator[Connection]:
    with built.connect() as connection:
        yield connection


def test_the_national_table_comes_out_to_the_digit(demo: Connection) -> None:
    assert tuple(demo.execute(text(LEDGER)).one()) == (
        390, 5_282, 23_000, 22_200, 6_082, 13_000, 19_082, 3_981, 15_101, 15_510, -409, 0,
    )  # fmt: skip


def test_those_in_reception_and_the_singles_among_the_delayed(demo: Connection) -> None:
    waiting, singles, delayed, delayed_singles = demo.execute(text(RECEPTION)).one()
    assert abs(waiting - 9_900) <= 100
    assert singles * 2 > waiting
    assert round(100 * delayed_singles / delayed) == 55
    assert delayed > 3_000


def test_about_36_000_permit_holders(demo: Connection) -> None:
    assert 35_500 <= demo.scalar(text("SELECT count(*) FROM person")) <= 37_500


def test_nothing_differs_from_what_it_follows_from(demo: Connection) -> None:
    assert list(verify(demo, SEAL)) == []


def test_every_state_kind_and_trouble_is_there(demo: Connection) -> None:
    counts = text("SELECT state, count(*) FROM case_file GROUP BY state")
    states: dict[str, int] = {row[0]: row[1] for row in demo.execute(counts)}
    assert set(states) == set(CaseState)
    assert min(states.values()) >= 50
    kinds = set(demo.scalars(text("SELECT DISTINCT kind FROM case_file")))
    assert kinds == set(CaseKind)
    for clause in (
        "contested_on IS NOT NULL",
        "suspended_on IS NOT NULL",
        "reaction_due_on IS NOT NULL",
        "end_reason = 'refusal_unjustified'",
        "sponsor_case_id IS NOT NULL",
        "guardian_id IS NOT NULL AND state = 'housed'",
    ):
        counted = text(f"SELECT count(*) FROM case_file WHERE {clause}")  # noqa: S608 - as above
        assert demo.scalar(counted) >= 5, clause


def test_links_beyond_the_room_are_few_and_reasoned(demo: Connection) -> None:
    beyond, all_links = demo.execute(
        text(
            "SELECT count(*) FILTER (WHERE e.facts ? 'override'), count(*) FROM case_event e"
            " WHERE e.step = 'link'"
        )
    ).one()
    assert 0 < beyond < all_links * 0.06


def test_numbers_are_those_of_nobody(demo: Connection) -> None:
    real = text("SELECT count(*) FROM person WHERE v_number NOT LIKE '999%' OR bsn NOT LIKE '00%'")
    assert demo.scalar(real) == 0


def test_a_model_finds_the_law_of_the_demo_again(built: Engine) -> None:
    with built.begin() as connection:
        version = fit(connection, Moment(TODAY, seal=SEAL))
        row = connection.execute(
            select(ScoreModel.__table__).where(ScoreModel.version == version)
        ).one()
    assert row.measurements > 1_000
    assert row.report is not None
    for name in FEATURES:
        value, error = row.coefficients[name]
        planted = {term.value: effect for term, effect in EFFECTS.items()}.get(name, 0.0)
        if name != "base":
            assert abs(value - planted) < 4 * error + 1e-9, name
    for term in EFFECTS:
        value, error = row.coefficients[term.value]
        assert value > 4 * error
