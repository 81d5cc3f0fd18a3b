"""How good predicted chances are: log-loss, Brier score, AUC and calibration."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from workflows.matching.arrays import Floats, Ints

_CLOSE = 1e-12
# Of a normal distribution, 95% lies within so many standard errors.
MARGIN = 1.96
TENTHS, SMALLEST = 10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How good predictions are: lower log-loss and Brier are better, higher AUC is.

    AUC is the share of pairs, one with work or study and one without, that is ranked rightly;
    0.5 is a coin. None when there are no such pairs.
    """

    log_loss: float
    brier: float
    auc: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as it is kept."""
        return asdict(self)


def judged(outcome: Floats, chance: Floats) -> Verdict:
    """Return how good chances are beside outcomes of 0 or 1."""
    return Verdict(
        log_loss=float(surprise(outcome, chance).mean()),
        brier=float(((chance - outcome) ** 2).mean()),
        auc=auc(outcome, chance),
    )


def surprise(outcome: Floats, chance: Floats) -> Floats:
    """Return the log-loss of each row, in nats."""
    sure = np.clip(chance, _CLOSE, 1.0 - _CLOSE)
    found: Floats = -(outcome * np.log(sure) + (1.0 - outcome) * np.log(1.0 - sure))
    return found


def auc(outcome: Floats, value: Floats) -> float | None:
    """Return the area under the ROC curve, where ties count half; None without pairs."""
    # To import it takes seconds, which a page need not wait for.
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    return float(roc_auc_score(outcome, value)) if len(np.unique(outcome)) > 1 else None


def calibration(outcome: Floats, chance: Floats) -> list[dict[str, Any]]:
    """Return by tenth of the chances, the lowest first: rows, chances and outcomes added up.

    Fewer parts than ten where a tenth would hold fewer than ten rows.
    """
    order = np.argsort(chance, kind="stable")
    parts = min(TENTHS, len(order) // SMALLEST)
    if not parts:
        return []
    return [
        {
            "measurements": len(part),
            "expected": float(chance[part].sum()),
            "found": int(outcome[part].sum()),
        }
        for part in np.array_split(order, parts)
    ]


def mean_with_margin(values: Floats, cluster: Ints) -> tuple[float, float]:
    """Return a mean and its 95% margin; values of one cluster may depend on each other."""
    mean = float(values.mean())
    _, number = np.unique(cluster, return_inverse=True)
    sums = np.bincount(number, weights=values - mean)
    return mean, MARGIN * float(np.sqrt((sums**2).sum())) / len(values)
