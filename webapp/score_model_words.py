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


def number(value: float) -> str:
    """Return a number with three decimals and its sign in the visitor's language."""
    shown = str(format_decimal(abs(round(value, 3)), "#,##0.000"))
    return f"−{shown}" if round(value, 3) < 0 else shown


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
