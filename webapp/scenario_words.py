"""What a what-if changes and what comes of it, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, format_percent, gettext, ngettext

from models.vocabulary import ScoreTerm
from webapp import reasons
from webapp.labels import label


def changes(request: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Return in words what is different from how things are."""
    found = [
        gettext("%(place)s neemt niemand op.", place=names.get(code, code))
        for code in request["closed"]
    ]
    for code, places in sorted(request["quotas"].items()):
        words = (
            ngettext("%(place)s: %(num)s plaats erbij.", "%(place)s: %(num)s plaatsen erbij.",
                     places, place=names.get(code, code))
            if places > 0
            else ngettext("%(place)s: %(num)s plaats eraf.", "%(place)s: %(num)s plaatsen eraf.",
                          -places, place=names.get(code, code))
        )  # fmt: skip
        found.append(words)
    if request.get("families"):
        found.append(
            gettext("%(percent)s%% meer gezinnen, verzonnen.", percent=request["families"])
        )
    if request.get("floor") == 0:
        found.append(gettext("Er geldt geen ondergrens voor kleine en grote huishoudens."))
    elif request.get("floor"):
        found.append(
            gettext(
                "Alleenstaanden, gezinnen en gezinnen van zes of meer krijgen elk minstens"
                " %(floor)s van wat er boven een loting kan.",
                floor=format_percent(request["floor"] / 100, "#,##0%"),
            )
        )
    if request["weights"]:
        told = ", ".join(
            f"{label(ScoreTerm(term))} {weight}" for term, weight in request["weights"].items()
        )
        found.append(gettext("Andere gewichten: %(weights)s.", weights=told))
    return found


def outcome(result: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return what comes of a what-if: sentences, and who would go elsewhere."""
    found = result["difference"]
    return {
        "persons": signed(found["persons_after"] - found["persons_before"]),
        "score": signed(found["score_after"] - found["score_before"], "#,##0.000"),
        "moved": found["moved"],
        "imagined": _imagined(found),
        "before": (
            reasons.whole(found["persons_before"]),
            reasons.points(found["score_before"]),
        ),
        "after": (reasons.whole(found["persons_after"]), reasons.points(found["score_after"])),
        "moves": [
            {
                "case": move["case"],
                "old": names.get(move["from"] or "", gettext("geen voorstel")),
                "new": names.get(move["to"] or "", gettext("geen voorstel")),
            }
            for move in found["moves"]
        ],
    }


def signed(value: float, pattern: str = "#,##0") -> str:
    """Return a difference with its sign."""
    words = str(format_decimal(abs(value), pattern))
    nothing = str(format_decimal(0, pattern))
    if words == nothing:
        return words
    return ("+" if value > 0 else "−") + words


def _imagined(found: Mapping[str, Any]) -> str | None:
    if not found["imagined"]:
        return None
    return str(
        ngettext(
            "Van de %(all)s verzonnen gezinnen krijgt %(num)s een plaats.",
            "Van de %(all)s verzonnen gezinnen krijgen er %(num)s een plaats.",
            found["imagined_placed"],
            all=reasons.whole(found["imagined"]),
        )
    )
