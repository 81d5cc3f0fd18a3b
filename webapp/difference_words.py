"""What a difference of the integrity check is about and how to mend it, in words."""

from flask_babel import gettext

from webapp.marking import N_

# Each kind of difference, and whether `thuisroute rebuild` makes the stored value anew.
ABOUT: dict[str, tuple[str, bool]] = {
    "rollup": (N_("Sommen van de boekingsregels"), True),
    "balance": (N_("Saldo van een gemeente"), True),
    "line": (N_("Boekingsregels van een gebeurtenis"), False),
    "source": (N_("Boekingsregels zonder dossier"), False),
    "transfer": (N_("Uitruil van taakstelling"), False),
    "division": (N_("Verdeling van een landelijk aantal"), False),
    "publication": (N_("Gepubliceerde tabel"), False),
    "realisation": (N_("Realisatie van een persoon"), False),
    "reservation": (N_("Reservering van een dossier"), False),
    "chain": (N_("Volgorde van gebeurtenissen"), False),
    "state": (N_("Stand van een dossier"), False),
    "stay": (N_("Verblijf in een stand"), False),
    "dwelling": (N_("Tijd in een stand"), True),
    "since": (N_("Sinds wanneer een dossier in zijn stand is"), True),
    "household": (N_("Leden van een huishouden"), False),
    "custody": (N_("Wie een dossier in handen heeft"), False),
    "queue": (N_("Wie aan zet is"), False),
    "term": (N_("Termijnen van een dossier"), True),
    "access": (N_("Hoe lang de gemeente een gesloten dossier ziet"), True),
    "alert": (N_("Waarschuwing over een termijn"), False),
    "handover": (N_("Stand van een overdracht"), False),
    "handover move": (N_("Stap van een overdracht"), False),
    "handover of case": (N_("Overdracht van een dossier"), False),
    "snapshot": (N_("Overgedragen gegevens"), False),
    "detail": (N_("Persoonsgegevens bij een gebeurtenis"), False),
}


def about(kind: str) -> str:
    """Return what a kind of difference is about."""
    words, _ = ABOUT[kind]
    return str(gettext(words))


def mending(kind: str) -> str:
    """Return how a kind of difference is mended."""
    _, rebuilt = ABOUT[kind]
    if rebuilt:
        return str(
            gettext(
                "Laat de technisch beheerder „thuisroute rebuild” draaien:"
                " dat maakt deze waarden opnieuw uit wat is vastgelegd."
            )
        )
    if kind == "detail":
        return str(
            gettext(
                "De gegevens zijn buiten het programma om veranderd, of de zegelsleutel is een"
                " andere. Zet de juiste sleutel of een kopie van de gegevens terug."
            )
        )
    return str(
        gettext(
            "Dit is een fout in het programma of een wijziging buiten het programma om. Zoek eerst"
            " de oorzaak; herstel daarna met een correctie of een tegenboeking."
        )
    )
