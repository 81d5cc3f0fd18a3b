"""Write the codes into docs/glossary.md: `python -m webapp.glossary`.

What stands above the mark is written by hand; below it stands each code with its Dutch word.
"""

from collections.abc import Iterator
from enum import StrEnum

from config.settings import project_root
from models import bulk, vocabulary
from webapp.labels import WORDS
from workflows.permissions import Permission, Relation
from workflows.steps import BY_CODE

MARK = "<!-- Below this line: made by `python -m webapp.glossary`. -->\n"
PERMISSIONS = {
    Permission.OVERRIDE_HANDOVER: "Onvolledige overdracht aanbieden",
    Permission.VIEW_HANDOVER: "Overdracht inzien",
    Permission.VIEW_HANDOVER_THREAD: "Vragen en antwoorden van een overdracht inzien",
    Permission.VIEW_SNAPSHOT: "Overgedragen profiel inzien",
    Permission.ARRANGE_SUBSTITUTE: "Vervanging regelen",
    Permission.VIEW_CASE: "Dossier inzien",
    Permission.VIEW_COUNTS: "Aantallen inzien",
    Permission.STATE_REASON: "Inzage vragen met een reden",
    Permission.VIEW_STANDING: "Stand van de taakstelling inzien",
    Permission.ASSIGN_QUOTA: "Taakstelling verdelen en boeken",
    Permission.IMPORT_STANDINGS: "Standen van voor het programma overnemen",
    Permission.MERGE_MUNICIPALITIES: "Gemeenten samenvoegen",
    Permission.RECONCILE: "Aansluiting inzien",
    Permission.DISPUTE_REALISATION: "Afmelding betwisten",
    Permission.SUPERVISE: "Toezicht houden op gemeenten",
    Permission.PROPOSE_TRANSFER: "Overdracht van taakstelling voorstellen",
    Permission.ANSWER_TRANSFER: "Overdracht van taakstelling bevestigen of afwijzen",
    Permission.MANAGE_USERS: "Gebruikers beheren",
    Permission.KEEP_MATCHING_DATA: "Gegevens voor koppelen beheren",
    Permission.REPORT_SUPPLY: "Eigen woningen opgeven",
    Permission.VIEW_FAIRNESS: "Verslag over eerlijkheid inzien",
    Permission.VIEW_DEPARTURES: "Afwijkingen van voorstellen zien",
    Permission.VIEW_SCORE_MODEL: "Het model achter de score zien",
    Permission.CHOOSE_SCORE_MODEL: "Kiezen welk model de score geeft",
    Permission.READ_AUDIT: "Logboek inzien",
    Permission.VIEW_NORMS: "Normen inzien",
    Permission.KEEP_NORMS: "Normen vaststellen",
    Permission.VERIFY: "Controle uitvoeren",
    Permission.MANAGE_DELIVERIES: "Bezorging bekijken en opnieuw versturen",
    Permission.MANAGE_WEBHOOKS: "Webhooks en sleutels beheren",
}
RELATIONS = {
    Relation.ANYWHERE: "Overal",
    Relation.OWN_CENTRE: "Eigen opvanglocatie",
    Relation.OWN_REGION: "Eigen COA-regio",
    Relation.REGION_WITHOUT_CENTRE: "Eigen COA-regio, zonder opvanglocatie",
    Relation.LINKED_MUNICIPALITY: "Gekoppeld aan de eigen gemeente",
    Relation.HOUSED_HERE: "Gehuisvest in de eigen gemeente",
    Relation.WARD: "Onder eigen voogdij",
    Relation.OWN_MUNICIPALITY: "Eigen gemeente",
    Relation.OWN_PROVINCE: "Eigen provincie",
    Relation.STATED_REASON: "Na een opgegeven reden",
    Relation.SENDER: "Afzender van de overdracht",
    Relation.ADDRESSEE: "Ontvanger van een aangeboden overdracht",
    Relation.ADDRESSEE_IN_TALK: "Ontvanger van een overdracht die openstaat of is geaccepteerd",
    Relation.ADDRESSEE_IN_FORCE: "Ontvanger van een geaccepteerde overdracht",
}
BULK: dict[type[StrEnum], dict[str, str]] = {
    bulk.BulkStatus: {
        "waiting": "Wacht",
        "running": "Loopt",
        "done": "Klaar",
        "cancelled": "Gestopt",
    },
    bulk.BulkOutcome: {"waiting": "Wacht", "taken": "Gedaan", "refused": "Geweigerd"},
}


def enumerations() -> list[type[StrEnum]]:
    """Return every enumeration of the tables, and those of the rights."""
    found = [
        each
        for module in (vocabulary, bulk)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
    ]
    return [*found, Permission, Relation]


def word(code: StrEnum) -> str:
    """Return the Dutch word for a code; raises KeyError when it has none."""
    if isinstance(code, Permission):
        step = BY_CODE.get(code)
        return PERMISSIONS[code] if step is None else step.label
    if isinstance(code, Relation):
        return RELATIONS[code]
    kind = type(code)
    return (BULK[kind] if kind in BULK else WORDS[kind])[code]


def codes() -> str:
    """Return the part of the glossary that is made from the codes."""
    return "\n".join(line for each in enumerations() for line in _section(each))


def _section(enumeration: type[StrEnum]) -> Iterator[str]:
    yield f"### {enumeration.__name__}\n"
    yield f"{(enumeration.__doc__ or '').strip()}\n"
    yield "| code | Dutch |\n|---|---|"
    yield from (f"| `{code.value}` | {word(code)} |" for code in enumeration)
    yield ""


def renew(text: str) -> str:
    """Return a glossary with its codes made anew; raises ValueError when its mark is gone."""
    above, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError("The glossary lost the line that divides terms from codes.")
    return f"{above}{mark}\n{codes()}"


if __name__ == "__main__":
    path = project_root() / "docs" / "glossary.md"
    path.write_text(renew(path.read_text(encoding="utf-8")), encoding="utf-8")
