"""Reads the numbers of a sentence back, and says what they must be by the explanation alone."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from webapp.reasons import Sentence

Explained = Mapping[str, Any]
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def numbers(text: str, names: Mapping[str, str], *, point: str = ",") -> list[float]:
    """Return the numbers in a sentence, those in names of municipalities left out."""
    for name in sorted(names.values(), key=len, reverse=True):
        text = text.replace(name, "")
    group = "." if point == "," else ","
    found = _NUMBER.findall(text)
    return [float(each.replace(group, "").replace(point, ".")) for each in found]


def wrong(
    sentences: list[Sentence],
    explanation: Explained,
    names: Mapping[str, str],
    *,
    point: str = ",",
) -> list[str]:
    """Return the sentences whose numbers or municipalities are not those of the explanation."""
    found = []
    for sentence in sentences:
        kind, _, detail = sentence.kind.partition(":")
        expected, places = _EXPECTED[kind](explanation, detail)
        read = numbers(sentence.text, names, point=point)
        if sorted(read) != sorted(round(abs(each), 3) for each in expected):
            found.append(f"{sentence.kind}: {sentence.text} has {read}, not {expected}")
        found += [
            f"{sentence.kind}: {sentence.text} does not name {names[place]}"
            for place in places
            if names[place] not in sentence.text
        ]
    return found


def _first(told: Explained) -> Any:
    return told["choices"][0]


def _second(told: Explained) -> Any:
    return told["choices"][1]


def _term(told: Explained, term: str) -> float:
    return float(_first(told)["terms"][term] - _second(told)["terms"][term])


Expected = tuple[list[float], list[str]]
_EXPECTED: dict[str, Callable[[Explained, str], Expected]] = {
    "only": lambda told, _: ([_first(told)["score"]], [_first(told)["municipality"]]),
    "highest": lambda told, _: (
        [told["possible"], _first(told)["score"]],
        [_first(told)["municipality"]],
    ),
    "ranked": lambda told, _: (
        [
            _first(told)["score"],
            1 + sum(each > _first(told)["score"] for each in told["all_scores"]),
            told["possible"],
        ],
        [_first(told)["municipality"]],
    ),
    "term": lambda told, term: ([_term(told, term)], [_second(told)["municipality"]]),
    "scarce": lambda told, _: ([_first(told)["scarcity"]], [_first(told)["municipality"]]),
    "room": lambda told, _: (
        [_first(told)["room"], _first(told)["left"]],
        [_first(told)["municipality"]],
    ),
    "best_scarce": lambda told, _: (
        [max(told["all_scores"]), told["best_by_score"]["scarcity"]],
        [told["best_by_score"]["municipality"]],
    ),
    "best_level": lambda told, _: (
        [max(told["all_scores"]), told["best_by_score"]["levelling"]],
        [told["best_by_score"]["municipality"]],
    ),
    "regret": lambda told, _: (
        [max(each["net"] for each in told["choices"]) - _first(told)["net"]],
        [_second(told)["municipality"]],
    ),
    "margin": lambda told, _: (
        [_first(told)["score"] - _first(told)["levelling"] - _first(told)["scarcity"]
         - _second(told)["net"]],
        [_second(told)["municipality"]],
    ),
    "fitted": lambda told, _: (
        [
            told["fitted"]["version"],
            told["fitted"]["measurements"],
            _first(told)["score"] - sum(_first(told)["terms"].values()),
        ],
        [],
    ),
    "no_adults": lambda _told, _detail: ([], []),
    "possible": lambda told, _: (
        [told["possible"], told["possible"] + sum(told["excluded"].values())],
        [],
    ),
    "excluded": lambda told, reason: ([told["excluded"][reason]], []),
}  # fmt: skip
