"""Doorstroom: where households stand, how long, and who waits for whom."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import format_decimal, gettext, ngettext

from models.vocabulary import LIVE_STATES, CaseState, HouseholdType, WaitingParty
from webapp import labels
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.flow_selections import list_url
from webapp.views.flow_handovers import handing_row
from workflows.flow.groups import merge_small
from workflows.flow.stages import Bottleneck, Waiting, bottleneck
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading.flow import Dwell, Terms, dwell, terms, waiting
from workflows.reading.flow_counts import Delay, Week, delay, delayed_selection, weeks
from workflows.reading.flow_handovers import handed_over_all
from workflows.reading.flow_list import Selection
from workflows.reading.handing import Handed

blueprint = Blueprint("flow", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A row of a bar chart, as the macro `bars` reads it."""

    label: str
    url: str | None
    value: float
    text: str
    norm: int | None = None
    tone: str = "action"


@blueprint.get("/doorstroom")
def flow() -> str:
    """Show stock, flow, time in each step, delay and the worst bottleneck, each with its list."""
    who, now = actor(), moment()
    today = now.today
    with transaction() as connection:
        norms = terms(connection, now)
        stock = waiting(connection, who, today, norms.states)
        times = dwell(connection, who, today)
        per_week = weeks(connection, who, today)
        late = delay(connection, who, today, norms.move)
        handed = handed_over_all(connection, who, today)
    both = [each for each in stock if each.state is not None and each.party is not None]
    worst = bottleneck(both, norms.states)
    return render_template(
        "flow/flow.html",
        today=today,
        stock=[each for each in stock if each.state is not None and each.party is None],
        parties=[_with_urls(each, norms) for each in both],
        pipeline=_pipeline(stock),
        norms=norms,
        times=[_time_bar(each, norms) for each in times],
        weeks=[_week(each) for each in per_week],
        late=late,
        late_url=list_url(delayed_selection(today, norms.move)),
        singles_url=list_url(delayed_selection(today, norms.move, HouseholdType.SINGLE)),
        reception_url=list_url(Selection(reception=True)),
        live_url=list_url(Selection()),
        groups=_groups(late, norms),
        handing=handing_row(handed, gettext("Alles bij elkaar"), Handed()),
        worst=None if worst is None else _sentence(worst),
        departures=may(who, Permission.VIEW_DEPARTURES),
        worst_url=None if worst is None else _waiting_url(worst.worst, worst.norm_days),
    )


def _pipeline(stock: list[Waiting]) -> list[Bar]:
    found = {each.state: each for each in stock if each.party is None}
    return [
        Bar(
            label=labels.label(state),
            url=list_url(Selection(states=(state,))),
            value=found[state].persons if state in found else 0,
            text=_households(found.get(state)),
        )
        for state in CaseState
        if state in LIVE_STATES
    ]


def _households(each: Waiting | None) -> str:
    words: str = gettext(
        "%(persons)s (%(cases)s huishoudens)",
        persons=format_decimal(each.persons if each else 0),
        cases=format_decimal(each.cases if each else 0),
    )
    return words


def _time_bar(each: Dwell, norms: Terms) -> Bar:
    norm = norms.states[each.state]
    late = each.median_days > norm
    return Bar(
        label=gettext(
            "%(state)s (norm: %(norm)s)",
            state=labels.label(each.state),
            norm=_norm_words(each.state, norm),
        ),
        url=list_url(Selection(left=each.state)),
        value=each.median_days,
        text=gettext(
            "helft binnen %(median)s, 90%% binnen %(p90)s",
            median=_days(each.median_days),
            p90=_days(each.p90_days),
        ),
        norm=norm,
        tone="danger" if late else "success",
    )


def _days(days: float) -> str:
    return str(format_decimal(round(days, 1)))


def _norm_words(state: CaseState | None, days: int) -> str:
    """Return a norm as words; screening is due on the day of the permit itself."""
    if days == 0 and state is CaseState.REGISTERED:
        return str(gettext("op de dag van de vergunning"))
    if days == 0:
        return str(gettext("dezelfde dag"))
    return str(ngettext("%(num)s dag", "%(num)s dagen", days))


def _with_urls(each: Waiting, norms: Terms) -> dict[str, object]:
    norm = norms.states[each.state] if each.state is not None else 0
    return {
        "each": each,
        "norm": _norm_words(each.state, norm),
        "url": _waiting_url(each, None),
        "over_url": _waiting_url(each, norm),
        "median_url": _waiting_url(each, int(each.median_days)),
        "p90_url": _waiting_url(each, int(each.p90_days)),
    }


def _waiting_url(each: Waiting, longer_than: int | None) -> str:
    party = None if each.party is None else WaitingParty(each.party)
    states = () if each.state is None else (each.state,)
    return list_url(Selection(states=states, party=party, longer_than=longer_than))


def _week(week: Week) -> tuple[Week, str, str, str]:
    start = week.starts_on
    return (
        week,
        list_url(Selection(registered_week=start)),
        list_url(Selection(housed_week=start)),
        list_url(Selection(ended_week=start)),
    )


def _groups(late: Delay, norms: Terms) -> list[Bar]:
    bars = []
    for group in merge_small(late.groups):
        kinds = tuple(HouseholdType(code) for code in group.codes)
        bars.append(
            Bar(
                label=", ".join(labels.label(kind) for kind in kinds),
                url=list_url(delayed_selection(moment().today, norms.move, *kinds)),
                value=group.persons,
                text=str(format_decimal(group.persons)),
                tone="warning",
            )
        )
    return bars


def _sentence(found: Bottleneck) -> str:
    worst = found.worst
    who: str = ngettext(
        "In de stap '%(state)s' gaat de meeste tijd verloren: %(num)s huishouden wacht daar "
        "langer dan de norm (%(norm)s) op %(party)s.",
        "In de stap '%(state)s' gaat de meeste tijd verloren: %(num)s huishoudens wachten daar "
        "langer dan de norm (%(norm)s) op %(party)s.",
        worst.over_cases,
        state=labels.label(worst.state),
        norm=_norm_words(worst.state, found.norm_days),
        party=_party(worst.party),
    )
    how_long: str = gettext(
        "Alle personen samen wachten daar %(days)s dagen boven de norm. Dat is %(share)s%% van "
        "alle dagen boven de norm tot aan de verhuizing. De helft van de huishoudens in deze "
        "stap wacht al %(median)s dagen of langer.",
        days=format_decimal(worst.excess),
        share=found.share_percent,
        median=_days(worst.median_days),
    )
    return f"{who} {how_long}"


def _party(party: str | None) -> str:
    words: dict[str, str] = {
        "centre": gettext("de opvanglocatie"),
        "region": gettext("de COA-regio"),
        "municipality": gettext("de gemeente"),
    }
    return words.get(party or "", "")
