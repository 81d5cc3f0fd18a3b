"""Fits a model on all outcomes of the day, tests it, and keeps it as a version."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, func, insert, select

from models import ScoreModel
from workflows.errors import Refused
from workflows.matching.fitted.audit import audited
from workflows.matching.fitted.backtest import RARER_PER_COEFFICIENT, backtest, enough
from workflows.matching.fitted.features import FEATURES, RIDGE
from workflows.matching.fitted.logistic import estimate
from workflows.matching.fitted.measurements import Measured, Sample, measurements
from workflows.matching.fitted.model import Fitted
from workflows.matching.reading import weights_on
from workflows.moment import Moment
from workflows.trail import now, record_audit

# Advisory lock under which a version gets its number.
MODEL_LOCK = 0x6D6F6465
# Coefficients are kept to so many decimals, so that the last bits of a machine name no version.
DECIMALS = 9


class ChangedModelError(Exception):
    """A kept model is not what its hash says: somebody changed it outside the program."""


def fit(connection: Connection, moment: Moment) -> int:
    """Fit on all outcomes and return the version that holds the result; the caller commits.

    When nothing changed since the newest version, that is the one. It is not put to use: that is
    for a person. Raises `Refused` while there are too few outcomes, or no weights to test against.
    """
    connection.execute(select(func.pg_advisory_xact_lock(MODEL_LOCK)))
    try:
        weights = weights_on(connection, moment.today)
    except LookupError as error:
        raise Refused("no_weights", "Er zijn nog geen gewichten voor de score.") from error
    measured = measurements(connection, weights)
    sample = Sample.of(measured)
    if not enough(sample.outcome):
        raise Refused(
            "too_few_outcomes",
            "Er zijn nog te weinig uitkomsten. Nodig zijn {needed} metingen met werk of studie en"
            " {needed} zonder.",
            values={"needed": RARER_PER_COEFFICIENT * len(FEATURES)},
        )
    found = estimate(sample.design, sample.outcome, RIDGE, sample.household)
    values = _content(measured) | {
        "coefficients": {
            name: [round(float(value), DECIMALS), round(float(error), DECIMALS)]
            for name, value, error in zip(FEATURES, found.coefficients, found.errors, strict=True)
        }
    }
    return _kept(connection, measured, values, moment)


def _content(measured: Sequence[Measured]) -> dict[str, Any]:
    return {
        "measurements": len(measured),
        "adults": len({(each.household, each.adult.person_id) for each in measured}),
        "households": len({each.household for each in measured}),
    }


def _kept(
    connection: Connection, measured: Sequence[Measured], values: dict[str, Any], moment: Moment
) -> int:
    name = content_hash(values)
    newest = connection.execute(
        select(ScoreModel.version, ScoreModel.hash).order_by(ScoreModel.version.desc()).limit(1)
    ).one_or_none()
    if newest is not None and newest.hash == name:
        return int(newest.version)
    version = 1 if newest is None else int(newest.version) + 1
    connection.execute(
        insert(ScoreModel).values(
            version=version,
            hash=name,
            known_on=moment.today,
            report=_report(connection, measured),
            fitted_at=now(connection, moment),
            **values,
        )
    )
    record_audit(connection, moment, None, "score_model_fitted", subject=str(version))
    return version


def _report(connection: Connection, measured: Sequence[Measured]) -> dict[str, Any] | None:
    """Return the back-test with the audit by group; None when there are too few households."""
    tested = backtest(measured)
    if tested is None:
        return None
    chances = np.array(tested.pop("chances"))
    later = [each for each in measured if each.linked_on >= date.fromisoformat(tested["from"])]
    return tested | {"groups": audited(connection, later, chances)}


def content_hash(values: Mapping[str, Any]) -> str:
    """Return the hash of a model: its coefficients, and on how much it was fitted."""
    kept = {name: values[name] for name in ("measurements", "adults", "households", "coefficients")}
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def fitted_of(row: Row[Any]) -> Fitted:
    """Return the model of a row of `score_model`; raises `ChangedModelError`."""
    if content_hash(row._asdict()) != row.hash:
        message = f"version {row.version} of the fitted model is not what its hash says"
        raise ChangedModelError(message)
    values = {name: float(value) for name, (value, _) in row.coefficients.items()}
    return Fitted(row.version, row.hash, row.measurements, values)
