"""The client profile of a snapshot in words, one form for the page and for the PDF."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext

from models import vocabulary as v
from webapp import occupations
from webapp.labels import label
from webapp.marking import N_
from webapp.rendering import day

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with terms and their values, or with rows under column heads."""

    heading: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def profile(snapshot: Json) -> list[Section]:
    """Return a snapshot in the order in which an officer reads it."""
    names = {
        each["member"]: f"{each['given_names']} {each['family_name']}"
        for each in snapshot["members"]
    }
    return [
        _household(snapshot),
        _members(snapshot["members"]),
        *(_screening(names, each) for each in snapshot["profile"]),
        _preparation(names, snapshot),
        _open_actions(snapshot["open_actions"]),
    ]


def on_day(value: str | None) -> str:
    """Return an ISO date as people write it; a missing one is a dash."""
    return "–" if value is None else day(date.fromisoformat(value))


def _household(snapshot: Json) -> Section:
    household = snapshot["household"]
    needs = [label(need, v.FunctionalNeed) for need in snapshot["functional_needs"]]
    facts = [
        (gettext("Samenstelling"), label(household["type"], v.HouseholdType)),
        (gettext("Vergunning sinds"), on_day(household["permit_on"])),
        (gettext("Eisen aan de woning"), ", ".join(needs) or gettext("Geen")),
    ]
    if household["expected_members"]:
        facts.append((gettext("Nareizigers verwacht"), str(household["expected_members"])))
    return Section(gettext("Huishouden"), facts)


def _members(members: list[Json]) -> Section:
    heads = [
        N_("Naam"),
        N_("Plaats in het huishouden"),
        N_("Geboortedatum"),
        N_("Geslacht"),
        N_("V-nummer"),
        N_("Talen"),
    ]
    return Section(
        gettext("Personen"),
        columns=[gettext(head) for head in heads],
        rows=[
            [
                f"{each['given_names']} {each['family_name']}",
                label(each["role"], v.MemberRole),
                on_day(each["birth_date"]),
                label(each["sex"], v.Sex),
                each["v_number"] or "–",
                ", ".join(each["languages"]) or "–",
            ]
            for each in members
        ],
    )


def _screening(names: dict[str, str], found: Json) -> Section:
    heading = gettext("Profiel van %(name)s", name=names.get(found["member"], "?"))
    if found["absence"]:
        why = label(found["absence"], v.ScreeningAbsence)
        return Section(heading, [(gettext("Reden dat er geen screening was"), why)])
    jobs = [
        gettext(
            "%(job)s (%(years)s jaar)",
            job=occupations.name(job["occupation"]),
            years=job["years"],
        )
        for job in found["work_experience"]
    ]
    return Section(
        heading,
        [
            (gettext("Datum gesprek"), on_day(found["held_on"])),
            (gettext("Hoogste opleiding"), label(found["education_level"], v.EducationLevel)),
            (gettext("Richting van de opleiding"), found["education_field"] or "–"),
            (gettext("Werkervaring"), "; ".join(jobs) or "–"),
            (gettext("Niveau Nederlands"), label(found["dutch_level"], v.LanguageLevel) or "–"),
            (gettext("Wensen voor werk en opleiding"), found["ambitions"] or "–"),
        ],
    )


def _preparation(names: dict[str, str], snapshot: Json) -> Section:
    facts = []
    if snapshot["preparation_absence"]:
        facts = [(gettext("Waarom voorbereiding ontbreekt"), snapshot["preparation_absence"])]
    heads = [
        N_("Volwassene"),
        N_("Onderdeel"),
        N_("Uren"),
        N_("Resultaat"),
        N_("Bereikt niveau Nederlands"),
    ]
    return Section(
        gettext("Voorbereiding"),
        facts,
        [gettext(head) for head in heads],
        [
            [
                names.get(each["member"], "?"),
                label(each["module"], v.PreparationModule),
                str(each["hours"]),
                label(each["result"], v.PreparationResult),
                label(each["level"], v.LanguageLevel) or "–",
            ]
            for each in snapshot["preparation"]
        ],
    )


def _open_actions(actions: list[Json]) -> Section:
    if not actions:
        return Section(
            gettext("Lopende zaken"), [(gettext("Wat loopt nog"), gettext("Er loopt niets meer"))]
        )
    return Section(
        gettext("Lopende zaken"),
        columns=[gettext("Wat loopt nog"), gettext("Klaar voor")],
        rows=[[each["action"], on_day(each["before"])] for each in actions],
    )
