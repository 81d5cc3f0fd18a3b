"""The terms of the field in plain words, and links to them from the texts in which they stand."""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from webapp.marking import N_


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its anchor on the page of help, its forms between bars, the first its name."""

    anchor: str
    forms: str
    meaning: str


TERMS: tuple[Term, ...] = (
    Term(
        "achterstand",
        N_("achterstand|achterstanden"),
        N_("Wat een gemeente van eerdere halfjaren nog moet huisvesten."),
    ),
    Term(
        "afmelden",
        N_("afmelden|afmelding|afmeldingen"),
        N_(
            "Vastleggen dat iemand de opvang heeft verlaten."
            " Op die dag telt de persoon mee als gerealiseerd."
        ),
    ),
    Term(
        "amv",
        N_("AMV|alleenstaande minderjarige vreemdeling"),
        N_("Iemand die jonger is dan 18 en zonder ouders in Nederland is. Nidos is de voogd."),
    ),
    Term(
        "arbeidsmarktregio",
        N_("arbeidsmarktregio|arbeidsmarktregio's"),
        N_("Een gebied van gemeenten die samen werkgevers en werkzoekenden helpen."),
    ),
    Term(
        "beginstand",
        N_("beginstand"),
        N_("Achterstand of voorsprong die een gemeente meeneemt uit het vorige halfjaar."),
    ),
    Term("dossier", N_("dossier|dossiers"), N_("Een huishouden dat samen op een woning wacht.")),
    Term(
        "hard-criterium",
        N_("hard criterium|harde criteria"),
        N_(
            "Een reden die de keuze van de gemeente bindt, zoals een opleiding of zorg in de buurt."
        ),
    ),
    Term(
        "herindeling",
        N_("herindeling|herindelingen"),
        N_("Gemeenten die op 1 januari samengaan of worden gesplitst."),
    ),
    Term("huishouden", N_("huishouden|huishoudens"), N_("De mensen die samen een woning krijgen.")),
    Term(
        "inwonertal",
        N_("inwonertal|inwonertallen"),
        N_("Het aantal inwoners op 1 januari. Daarmee wordt de taakstelling verdeeld."),
    ),
    Term(
        "koppelen",
        N_("koppelen|koppeling|koppelingen|gekoppeld"),
        N_("Een gemeente aanwijzen die het huishouden huisvest."),
    ),
    Term(
        "nareis",
        N_("nareis|nareiziger|nareizigers"),
        N_("Familie die later komt, naar iemand die al een vergunning heeft."),
    ),
    Term(
        "norm",
        N_("norm|normen"),
        N_(
            "Hoe lang iets mag duren, of hoeveel iets moet zijn."
            " Een norm geldt van een dag tot een dag."
        ),
    ),
    Term(
        "ontkoppelen",
        N_("ontkoppelen"),
        N_("Een koppeling beëindigen zonder dat er een woning is."),
    ),
    Term("peildatum", N_("peildatum"), N_("De dag waarvoor een cijfer geldt.")),
    Term(
        "realisatie",
        N_("realisatie|realisaties|gerealiseerd"),
        N_("De mensen die zijn gehuisvest en afgemeld."),
    ),
    Term(
        "reservering",
        N_("reservering|reserveringen|gereserveerd"),
        N_("Ruimte die wordt vastgehouden voor een gekoppeld huishouden, tot de afmelding."),
    ),
    Term(
        "ruimte",
        N_("ruimte"),
        N_("Wat van de taakstelling nog niet gerealiseerd of gereserveerd is."),
    ),
    Term(
        "screening",
        N_("screening|screenen"),
        N_("Het gesprek met een volwassene over opleiding, werk, wensen, talen en netwerk."),
    ),
    Term(
        "taakstelling",
        N_("taakstelling|taakstellingen"),
        N_("Het aantal personen dat een gemeente in een halfjaar moet huisvesten."),
    ),
    Term(
        "toezicht",
        N_("interventieladder|toezicht"),
        N_("De treden waarmee een provincie ingrijpt als een gemeente achterblijft."),
    ),
    Term("uitruil", N_("uitruil"), N_("Gemeenten die taakstelling van elkaar overnemen.")),
    Term(
        "vergunninghouder",
        N_("vergunninghouder|vergunninghouders"),
        N_("Een persoon met een verblijfsvergunning en een V-nummer."),
    ),
    Term(
        "vertraagd",
        N_("vertraagd|vertraagde"),
        N_("Langer na de vergunning nog in de opvang dan de norm voor verhuizen."),
    ),
    Term(
        "voorbereiding",
        N_("voorbereiding"),
        N_("Lessen op de opvanglocatie voor de verhuizing: Nederlands, samenleving en werk."),
    ),
    Term(
        "voorsprong", N_("voorsprong"), N_("Wat een gemeente al meer heeft gehuisvest dan moest.")
    ),
    Term(
        "vrijstelling",
        N_("vrijstelling|vrijstellingen|vrijgesteld"),
        N_("Een gemeente die een tijd geen taakstelling heeft."),
    ),
    Term(
        "warme-overdracht",
        N_("warme overdracht|overdracht|overdrachten"),
        N_("Het gesprek van COA, gemeente en huishouden waarin de begeleiding overgaat."),
    ),
    Term(
        "woningaanbod",
        N_("woningaanbod"),
        N_("Een woning die een gemeente aan een huishouden aanbiedt."),
    ),
)


def explained() -> list[tuple[str, str, str]]:
    """Return each term's anchor, name and meaning in the visitor's language, by the alphabet."""
    found = [
        (term.anchor, _name(str(gettext(term.forms))), str(gettext(term.meaning))) for term in TERMS
    ]
    return sorted(found, key=lambda each: each[1].casefold())


def with_terms(text: str) -> Markup:
    """Return a text in which each term leads to its meaning, the first time it stands there."""
    anchors, pattern = _pattern(str(get_locale() or "nl"))
    told: set[str] = set()

    def linked(found: re.Match[str]) -> str:
        anchor = anchors[found.group().casefold()]
        if anchor in told:
            return found.group()
        told.add(anchor)
        address = url_for("home.help_page", _anchor=f"begrip-{anchor}")
        return f'<a class="term" href="{address}">{found.group()}</a>'

    # The text is escaped before the links enter it, and a term holds nothing to escape.
    return Markup(pattern.sub(linked, str(escape(text))))  # noqa: S704


def _name(forms: str) -> str:
    name = forms.partition("|")[0]
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=4)
def _pattern(_language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the anchor of each form in a language, and what finds them, the longest first."""
    anchors = {
        str(escape(form)).casefold(): term.anchor
        for term in TERMS
        for form in str(gettext(term.forms)).split("|")
    }
    forms = sorted(anchors, key=len, reverse=True)
    return anchors, re.compile(
        rf"(?<![\w&;@.-])(?:{'|'.join(map(re.escape, forms))})(?![\w@-]|\.\w)", re.IGNORECASE
    )
