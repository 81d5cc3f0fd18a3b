"""The fitted model: it finds a planted law again, is tested, and scores once a person says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import insert, select, text, update

from models import AuditEntry, RoomPriceList, ScoreModel, ScoreModelChoice
from tests.database import Server
from tests.factories import household, household_in, member
from tests.planted_outcomes import LANGUAGE, OCCUPATION, Cohort, by_coin, by_law, measure, settle
from tests.reasons_oracle import wrong
from tests.world import World, opened
from webapp.app import ROOT
from webapp.reasons import reasons
from workflows.errors import InvalidPayload, NotFound, Refused
from workflows.matching.facts import Adult
from workflows.matching.fitted.choosing import (
    ScoreModelReason,
    in_force,
    switch_off,
    switch_on,
    version_in_force,
)
from workflows.matching.fitted.features import FEATURES
from workflows.matching.fitted.keeping import ChangedModelError, fit
from workflows.matching.fitted.measurements import Measured, measurements
from workflows.matching.propose import Answer, answer, read_input
from workflows.matching.reading import weights_on
from workflows.matching.running_prices import make_price_list
from workflows.matching.runs import Wish
from workflows.matching.waiting import adult_of
from workflows.matching.what_if import WhatIf, wish_of
from workflows.program_actor import program_actor
from workflows.reading.outcomes import outcome_counts
from workflows.reading.score_models import KeptModel, choices, score_model

WHY = ScoreModelReason(reason="De toets was goed")
# What the law leaves out: a household's own start is the same for all, and nobody has a network.
NOTHING = tuple(name for name in FEATURES if name not in {"base", "occupation", "language"})


@dataclass(frozen=True, slots=True)
class Learnt:
    """A world with its cohorts, and the version that was fitted on what they found."""

    world: World
    cohorts: list[Cohort]
    version: int


def fitted(world: World) -> int:
    with world.engine.begin() as connection:
        return fit(connection, world.later(800).moment)


def model(world: World, version: int) -> KeptModel:
    with world.engine.connect() as connection:
        return score_model(connection, world.actors["manager"], version)


@pytest.fixture(scope="module")
def learnt(server: Server, installed: Any) -> Iterator[Learnt]:
    """Yield a world whose outcomes follow the law, with a model of them."""
    with server.temporary(installed.name) as database, opened(database) as world:
        cohorts = settle(world)
        measure(cohorts, by_law)
        yield Learnt(world, cohorts, fitted(world))


def found_again(coefficients: Mapping[str, list[float]]) -> bool:
    """Tell whether the law stands in the coefficients: within four errors, and within 1."""
    expected = {"occupation": OCCUPATION, "language": LANGUAGE} | dict.fromkeys(NOTHING, 0.0)
    return all(
        abs(coefficients[name][0] - value) < min(4 * coefficients[name][1] + 1e-9, 1.0)
        for name, value in expected.items()
    )


def test_the_planted_law_is_found_again_and_no_other(learnt: Learnt) -> None:
    kept = model(learnt.world, learnt.version)
    assert (kept.measurements, kept.adults, kept.households) == (480, 160, 160)
    assert found_again(kept.coefficients)
    for name in ("occupation", "language"):
        value, error = kept.coefficients[name]
        assert value > 3 * error
    assert kept.report is not None
    rivals = kept.report["rivals"]
    assert rivals["fitted"]["log_loss"] < rivals["nothing"]["log_loss"]
    assert rivals["fitted"]["auc"] > 0.65
    assert kept.report["learnt"] + kept.report["tested"] == 480
    assert (
        sum(each["measurements"] for each in kept.report["calibration"]) == (kept.report["tested"])
    )


def test_the_audit_groups_by_sex_education_and_language(learnt: Learnt) -> None:
    report = model(learnt.world, learnt.version).report
    assert report is not None
    tested = report["tested"]
    groups: dict[str, int] = {}
    for each in report["groups"]:
        dimension = each["dimension"]
        groups[dimension] = groups.get(dimension, 0) + each["measurements"]
    assert groups == {"sex": tested, "education": tested, "language": tested}
    assert not [each for each in report["groups"] if each["unusual"]]


def test_the_same_outcomes_are_the_same_version(learnt: Learnt) -> None:
    assert fitted(learnt.world) == learnt.version
    with learnt.world.engine.connect() as connection:
        audited = connection.scalars(
            select(AuditEntry.object_reference).where(AuditEntry.action == "score_model_fitted")
        )
        assert list(audited) == [str(learnt.version)]


def measured(world: World) -> list[tuple[Any, ...]]:
    with world.engine.connect() as connection:
        found = measurements(connection, weights_on(connection, world.today))
        return [(each.household, each.months, each.positive, each.features) for each in found]


def test_what_may_not_count_changes_nothing_that_is_learnt(
    learnt: Learnt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, with a planted defect: sex that slips in as a job."""
    world = learnt.world
    before = measured(world)
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE person SET sex = CASE WHEN id % 2 = 0 THEN 'male' ELSE 'female' END,"
                " nationality = CASE WHEN id % 3 = 0 THEN 'ERI' ELSE 'IRQ' END"
            )
        )
    assert measured(world) == before

    def tainted(*row: Any) -> Adult:
        made = adult_of(*row)
        return replace(made, jobs=() if made.person_id % 2 else made.jobs)

    monkeypatch.setattr("workflows.matching.fitted.measurements.adult_of", tainted)
    assert measured(world) != before


def asked(world: World, wish: Wish | None = None) -> Answer:
    with world.engine.connect() as connection:
        given = read_input(
            connection,
            world.actors["placement_officer"],
            (wish or Wish()).as_json(),
            world.moment,
        )
    return answer(given, lambda _percent: None)


def switched(world: World, version: int | None) -> None:
    with world.engine.begin() as connection:
        actor = world.actors["functional_manager"]
        if version is None:
            switch_off(connection, actor, WHY, world.moment)
        else:
            switch_on(connection, actor, version, WHY, world.moment)


@pytest.fixture
def waiting(learnt: Learnt) -> Iterator[World]:
    """Yield the world with two households that wait; afterwards they do not."""
    made = [
        household_in("screened", learnt.world, household(2)),
        household_in("screened", learnt.world, [member(languages=["Tigrinya"])]),
    ]
    yield learnt.world
    for each in made:
        each.take("end", "case_manager", reason="withdrawn", ended_on=learnt.world.today)


def test_a_person_switches_it_on_and_off_and_proposals_follow(
    learnt: Learnt, waiting: World
) -> None:
    plain = asked(waiting)
    assert {each.fitted for each in plain.explanations} == {None}
    switched(waiting, learnt.version)
    with pytest.raises(Refused, match="al ingeschakeld"):
        switched(waiting, learnt.version)
    scored = asked(waiting)
    with waiting.engine.connect() as connection:
        kept = in_force(connection)
        assert kept is not None
        wanted = WhatIf.model_validate({"advice_weight": 3})
        with pytest.raises(InvalidPayload, match="geen gewichten"):
            wish_of(connection, wanted, waiting.moment)
    for each in scored.explanations:
        assert each.fitted == {
            "version": learnt.version,
            "hash": kept.hash,
            "measurements": 480,
        }
        assert each.weights_version is None
        for choice in each.choices:
            assert choice.score == pytest.approx(choice.base + sum(choice.terms.values()))
        assert sum(adult["score"] for adult in each.adults) == pytest.approx(each.choices[0].score)
    switched(waiting, None)
    with pytest.raises(Refused, match="al in gebruik"):
        switched(waiting, None)
    again = asked(waiting)
    assert [each.as_json() for each in again.explanations] == [
        each.as_json() for each in plain.explanations
    ]
    with waiting.engine.connect() as connection:
        actor = waiting.actors["auditor"]
        kept_choices = [(each.version, each.reason) for each in choices(connection, actor)]
        assert kept_choices[:2] == [(None, WHY.reason), (learnt.version, WHY.reason)]
        audited = connection.scalars(
            select(AuditEntry.object_reference)
            .where(AuditEntry.action == "score_model_chosen")
            .order_by(AuditEntry.id.desc())
        ).all()
        assert audited[:2] == ["points", str(learnt.version)]


def test_each_version_that_starts_to_score_makes_a_new_price_list(
    learnt: Learnt, waiting: World
) -> None:
    with waiting.engine.begin() as connection:
        row = connection.execute(
            select(ScoreModel.__table__).where(ScoreModel.version == learnt.version)
        ).one()
        values = row._asdict() | {"version": learnt.version + 1}
        del values["id"]
        connection.execute(insert(ScoreModel).values(**values))
        make_price_list(connection, waiting.moment)
    for version in (learnt.version, learnt.version + 1, None):
        switched(waiting, version)
        with waiting.engine.begin() as connection:
            assert make_price_list(connection, waiting.moment)
            assert not make_price_list(connection, waiting.moment)
            newest = select(RoomPriceList.fitted_version).order_by(RoomPriceList.id.desc())
            assert connection.scalar(newest.limit(1)) == version


@pytest.fixture
def sentences() -> Iterator[None]:
    app = Flask("sentences")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app, default_locale="nl")
    with app.app_context(), app.test_request_context():
        yield


def test_every_sentence_of_a_fitted_explanation_is_true(
    learnt: Learnt, waiting: World, sentences: None
) -> None:
    switched(waiting, learnt.version)
    found = asked(waiting)
    names = {place.code: place.code for place in found.assembled.scene.places}
    for number, each in enumerate(found.explanations):
        possible = found.assembled.exclusions[number] < 0
        told = each.as_json() | {"all_scores": list(found.assembled.scores[number][possible])}
        said = reasons(told, names)
        assert wrong(said, told, names) == []
        assert [one.kind for one in said].count("fitted") == 1
        assert "%" not in " ".join(one.text for one in said)
        planted = told | {"fitted": {**told["fitted"], "version": learnt.version + 1}}
        assert wrong(said, planted, names)
    switched(waiting, None)


@pytest.mark.parametrize(
    "who", ["manager", "placement_officer", "auditor", "administrator", "program", "utrecht"]
)
def test_nobody_else_switches_and_the_program_never_does(learnt: Learnt, who: str) -> None:
    world = learnt.world
    with world.engine.begin() as connection:
        actor = program_actor(connection, world.moment) if who == "program" else world.actors[who]
        with pytest.raises(NotFound):
            switch_on(connection, actor, learnt.version, WHY, world.moment)
        with pytest.raises(NotFound):
            switch_off(connection, actor, WHY, world.moment)
        assert version_in_force(connection) is None


def test_an_unknown_version_and_one_without_a_test_are_refused(learnt: Learnt) -> None:
    world = learnt.world
    with pytest.raises(NotFound):
        switched(world, learnt.version + 5)
    with world.engine.begin() as connection:
        row = connection.execute(
            select(ScoreModel.__table__).where(ScoreModel.version == learnt.version)
        ).one()
        values = row._asdict() | {"version": 900, "report": None}
        del values["id"]
        connection.execute(insert(ScoreModel).values(**values))
    with pytest.raises(Refused, match="niet getoetst"):
        switched(world, 900)


def test_a_model_that_was_changed_outside_the_program_scores_nothing(learnt: Learnt) -> None:
    world = learnt.world
    with world.database.engine(owner=True) as owner, owner.connect() as connection:
        connection.execute(text("ALTER TABLE score_model DISABLE TRIGGER USER"))
        connection.execute(
            update(ScoreModel)
            .where(ScoreModel.version == learnt.version)
            .values(measurements=ScoreModel.measurements + 1)
        )
        connection.execute(
            insert(ScoreModelChoice).from_select(
                ["model_id", "reason", "chosen_at", "chosen_by"],
                select(
                    ScoreModel.id,
                    text("'x'"),
                    text("now()"),
                    text(str(world.actors["functional_manager"].user_id)),
                ).where(ScoreModel.version == learnt.version),
            )
        )
        with pytest.raises(ChangedModelError):
            in_force(connection)


def test_counts_are_for_the_agency_and_never_of_a_few(learnt: Learnt) -> None:
    world = learnt.world.later(800)
    with world.engine.connect() as connection:
        counts = outcome_counts(connection, world.actors["manager"], world.today)
        assert [each.months for each in counts] == [6, 12, 24]
        for each in counts:
            assert each.adults == each.measured == 160
            assert sum(count or 0 for count in each.kinds.values()) <= 160
            assert each.kinds["work_and_study"] == 0
        with pytest.raises(NotFound):
            outcome_counts(connection, world.actors["utrecht"], world.today)


def test_corrections_that_undo_the_law_leave_none_to_find(learnt: Learnt) -> None:
    """The planted defect of the first test: the same road, and outcomes by a coin."""
    measure(learnt.cohorts, by_coin, wrong="Verkeerd overgenomen.")
    version = fitted(learnt.world)
    kept = model(learnt.world, version)
    assert kept.measurements == 480
    assert not found_again(kept.coefficients)
    assert kept.report is not None
    assert kept.report["rivals"]["fitted"]["auc"] < 0.65


def test_too_few_outcomes_make_no_model(world: World) -> None:
    measure(settle(world, cohorts=2), by_law)
    with pytest.raises(Refused, match="te weinig uitkomsten"):
        fitted(world)


def test_only_a_screening_until_the_link_is_learnt_from(learnt: Learnt) -> None:
    """With the planted defect: one on the day of the link itself, which changes what is learnt."""
    again = text(
        "INSERT INTO screening (person_id, case_id, event_id, held_on, education_level)"
        " SELECT person_id, case_id, event_id, linked_on + CAST(:days AS integer), education_level"
        " FROM screening JOIN case_file ON case_file.id = case_id"
        " WHERE education_level IS NOT NULL AND linked_on IS NOT NULL"
    )
    world = learnt.world
    with world.database.engine(owner=True) as owner, owner.connect() as connection:
        weights = weights_on(connection, world.today)
        before = [each.features for each in measurements(connection, weights)]
        for days, same in ((1, True), (0, False)):
            connection.execute(again, {"days": days})
            after = [each.features for each in measurements(connection, weights)]
            connection.rollback()
            assert (after == before) is same


def test_a_measurement_is_what_was_true_at_the_link(learnt: Learnt) -> None:
    world = learnt.world
    with world.engine.connect() as connection:
        found: list[Measured] = measurements(connection, weights_on(connection, world.today))
    adults = {
        (each.job, language.casefold(), each.home)
        for cohort in learnt.cohorts
        for each in cohort.adults
        for language in (each.language,)
    }
    assert len(found) == 480
    assert {each.months for each in found} == {6, 12, 24}
    jobs = {each.adult.jobs[0][0] for each in found}
    assert jobs == {job for job, _, _ in adults}
    assert {each.linked_on for each in found} == {each.world.today for each in learnt.cohorts}
