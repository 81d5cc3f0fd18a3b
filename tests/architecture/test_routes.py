"""Routes: each has a gate, and no address appears, moves or disappears unnoticed."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from flask import Flask

from webapp.access import ROUTES, Gate
from workflows.permissions import Permission

SNAPSHOT = Path(__file__).with_name("routes.txt")
Gates = Mapping[str, Permission | Gate]


def without_gate(endpoints: Iterable[str], gates: Gates) -> list[str]:
    """Find endpoints without a gate, and gates of endpoints that are gone."""
    there = set(endpoints)
    return [
        *(f"{name} has no gate" for name in sorted(there - set(gates))),
        *(f"{name} is gone" for name in sorted(set(gates) - there)),
    ]


def listing(application: Flask, gates: Gates) -> list[str]:
    """Return each address with its methods, endpoint and gate, as the snapshot holds them."""
    return sorted(
        f"{rule.rule} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        f" {rule.endpoint} {gates.get(rule.endpoint, 'none')}"
        for rule in application.url_map.iter_rules()
    )


def changes(found: Iterable[str], snapshot: str) -> list[str]:
    """Return what differs from the snapshot, to be copied into it when it is meant."""
    before, after = set(snapshot.splitlines()), set(found)
    return [
        *(f"- {line}" for line in sorted(before - after)),
        *(f"+ {line}" for line in sorted(after - before)),
    ]


def test_every_route_has_a_gate_holds(application: Flask) -> None:
    endpoints = {rule.endpoint for rule in application.url_map.iter_rules()}
    assert without_gate(endpoints, ROUTES) == []


def test_every_route_has_a_gate_catches_a_planted_violation() -> None:
    gates: Gates = {"home.home": Gate.SIGNED_IN}
    assert without_gate(["home.home", "case.dump"], gates) == ["case.dump has no gate"]
    assert without_gate([], gates) == ["home.home is gone"]


def test_the_addresses_equal_the_snapshot_holds(application: Flask) -> None:
    assert changes(listing(application, ROUTES), SNAPSHOT.read_text()) == [], SNAPSHOT


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        (["/ GET home public"], "+ / GET home public"),
        ([], "- / GET home signed_in"),
        (["/ GET,POST home signed_in"], "+ / GET,POST home signed_in"),
    ],
)
def test_the_addresses_equal_the_snapshot_catches_a_planted_violation(
    found: list[str], finding: str
) -> None:
    assert finding in changes(found, "/ GET home signed_in\n")
    assert changes(["/ GET home signed_in"], "/ GET home signed_in\n") == []


def test_what_is_public_is_known_by_heart() -> None:
    public = {name for name, gate in ROUTES.items() if gate is Gate.PUBLIC}
    assert public == {
        "static",
        "health.healthz",
        "health.readyz",
        "metrics.metrics",
        "sign_in.form",
        "sign_in.submit",
        "preferences.language",
        "preferences.theme",
        "preferences.theme_stylesheet",
    }
