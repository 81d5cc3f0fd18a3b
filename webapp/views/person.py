"""The page of one permit holder: who it is, screening, preparation, timeline."""

from flask import Blueprint, render_template, url_for

from models.vocabulary import LanguageLevel
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import Dossier
from webapp.views.case import bar
from webapp.wording import Names, entries, needed_places, people
from workflows.acts import acts_for
from workflows.reading.person import find_person
from workflows.reading.places import municipality_names, names_of
from workflows.reading.profile import hides_preparation, preparation_of, screenings_of
from workflows.reading.rules import norms
from workflows.reading.timeline import events_of
from workflows.rules.household import age_on, is_adult
from workflows.steps import BY_CODE
from workflows.trail import record_read

blueprint = Blueprint("person", __name__)
_LEVELS = [level.value for level in LanguageLevel]
# Steps of the whole household, which each of its members went through.
_OF_ALL = frozenset({"register", "link", "take_up", "sign_lease", "house", "sign_off", "close"})


@blueprint.get("/personen/<reference:reference>")
def person(reference: str) -> str:
    """Show a person, and log that the page was seen."""
    now, who = moment(), actor()
    with transaction() as connection:
        view = find_person(connection, who, reference, now.today)
        key = view.person.person_id
        record_read(connection, now, who.user_id, "person", case_id=view.case.id, person_id=key)
        present = [member for member in view.members if member.present]
        dossier = Dossier(view.case, view.members, acts_for(who, view.case, present, now.today))
        happened = [
            event
            for event in events_of(connection, view.case)
            if event.person_id == key or (event.person_id is None and event.step in _OF_ALL)
        ]
        codes, references = needed_places(happened)
        places = municipality_names(connection, codes) | names_of(connection, references)
        rules = norms(connection)
        hours = preparation_of(connection, [key], view.case.audience)
        screenings = screenings_of(connection, [key], view.case.audience)
    plan = {norm.code.removesuffix("_hours"): norm.amount for norm in rules}
    levels = [each.level for each in hours if each.level]
    return render_template(
        "person/person.html",
        person=view.person,
        case=view.case,
        age=age_on(view.person.birth_date, now.today),
        adult=is_adult(view.person.birth_date, now.today),
        screening=screenings.get(key),
        bars=[bar(each, plan) for each in hours],
        hidden=hides_preparation(view.case.audience),
        level=max(levels, key=_LEVELS.index) if levels else None,
        entries=entries(happened, Names(people(view.members), places)),
        acts=[
            {"label": BY_CODE[code].label, "url": _step_url(view.case.reference, code, reference)}
            for code in ("screen", "record_preparation", "record_outcome")
            if BY_CODE[code] in dossier.acts
        ],
    )


def _step_url(case: str, code: str, reference: str) -> str:
    return url_for("step.form", reference=case, code=code, wie=reference)
