"""The words for how a fitted model was tested; a score is called a score, never a chance."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, gettext

from webapp.marking import N_

RIVALS = {
    "fitted": N_("Geschat model"),
    "points": N_("Puntenmodel"),
    "nothing": N_("Zonder model: voor iedereen gelijk"),
}
# A coefficient within so many standard errors of nothing may be nothing (95%).
_DOUBT, _NONE = 1.96, 1e-6


def number(value: float) -> str:
    """Return a number with three decimals and its sign in the visitor's language."""
    shown = str(format_decimal(abs(round(value, 3)), "#,##0.000"))
    return f"−{shown}" if round(value, 3) < 0 else shown


def coefficient_words(value: float, error: float) -> str:
    """Return whether a coefficient is more than chance; without an error nothing varied in it."""
    if error < _NONE:
        return str(gettext("Kwam niet voor of was overal gelijk"))
    unsure = abs(value) < _DOUBT * error
    return str(gettext("Kan toeval zijn") if unsure else gettext("Meer dan toeval"))


def rival_rows(rivals: Mapping[str, Mapping[str, float | None]]) -> list[dict[str, str]]:
    """Return a row per rival with its log-loss, Brier score and AUC."""
    return [
        {
            "label": str(gettext(words)),
            **{
                name: "–" if value is None else number(value)
                for name, value in rivals[code].items()
            },
        }
        for code, words in RIVALS.items()
    ]


def gain_words(gain: float, margin: float) -> dict[str, Any]:
    """Return in a sentence whether the fitted model does better than the points, and its tone."""
    values = {"gain": number(abs(gain)), "margin": number(margin)}
    if abs(gain) <= margin:
        text = gettext(
            "Het verschil met het puntenmodel kan toeval zijn: %(gain)s per meting, met een marge"
            " van %(margin)s.",
            **values,
        )
        return {"tone": "info", "text": text}
    if gain > 0:
        text = gettext(
            "Het geschatte model voorspelt beter dan het puntenmodel: de log-loss is %(gain)s per"
            " meting lager, met een marge van %(margin)s.",
            **values,
        )
        return {"tone": "success", "text": text}
    text = gettext(
        "Het geschatte model voorspelt slechter dan het puntenmodel: de log-loss is %(gain)s per"
        " meting hoger, met een marge van %(margin)s.",
        **values,
    )
    return {"tone": "warning", "text": text}
