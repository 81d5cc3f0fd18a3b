"""What a line of the trail says was done, and one of the read log for what was read, in words."""

from flask_babel import gettext

from webapp.labels import literal_label
from webapp.labels.happenings import HAPPENED
from webapp.marking import N_
from workflows.reading.trail import Log
from workflows.steps import BY_CODE

# Acts that are no step on a case.
ACTS: dict[str, str] = {
    "account_closed": N_("Account gesloten"),
    "account_opened": N_("Account geopend"),
    "alert": N_("Waarschuwing over een termijn gestuurd"),
    "api_token_added": N_("Sleutel voor een systeem gemaakt"),
    "api_token_revoked": N_("Sleutel voor een systeem ingetrokken"),
    "assign_quota": N_("Taakstelling verdeeld"),
    "cancel_bulk": N_("Handeling voor veel dossiers gestopt"),
    "cancel_matching": N_("Berekening van voorstellen gestopt"),
    "choose_mail": N_("Mail ingesteld"),
    "confirmed_transfer": N_("Uitruil bevestigd"),
    "decide_ladder": N_("Besluit over een trede genomen"),
    "declined_transfer": N_("Uitruil afgewezen"),
    "delete_view": N_("Weergave verwijderd"),
    "dispute_realisation": N_("Afmelding betwist"),
    "drop_scenario": N_("Scenario verwijderd"),
    "end_exemption": N_("Vrijstelling beëindigd"),
    "exempt": N_("Gemeente vrijgesteld"),
    "import_standings": N_("Geschiedenis overgenomen"),
    "keep_scenario": N_("Scenario bewaard"),
    "matching_data_stored": N_("Gegevens voor koppelen vastgelegd"),
    "merge_municipalities": N_("Gemeenten samengevoegd"),
    "count_rule_set": N_("Regel over meetellen vastgelegd"),
    "norm_set": N_("Norm vastgelegd"),
    "password_changed": N_("Wachtwoord gewijzigd"),
    "password_given": N_("Wachtwoord goed, code nog niet gegeven"),
    "password_reset": N_("Wachtwoord opnieuw ingesteld"),
    "post_lines": N_("Boekingsregels geboekt"),
    "propose_ladder": N_("Treden voorgesteld"),
    "propose_transfer": N_("Uitruil voorgesteld"),
    "publish": N_("Tabel gepubliceerd"),
    "reason_stated": N_("Reden voor inzage gegeven"),
    "rebuild": N_("Opgeslagen waarden opnieuw gemaakt"),
    "reckon_excusability": N_("Verschoonbaarheid berekend"),
    "resume_bulk": N_("Handeling voor veel dossiers hervat"),
    "reverse_line": N_("Boekingsregel teruggedraaid"),
    "revise_quota": N_("Taakstelling herzien"),
    "role_ended": N_("Rol beëindigd"),
    "role_granted": N_("Rol gegeven"),
    "save_view": N_("Weergave bewaard"),
    "score_model_chosen": N_("Model voor de score gekozen"),
    "score_model_fitted": N_("Model voor de score geschat"),
    "second_factor_enrolled": N_("Tweede stap bij aanmelden ingesteld"),
    "send_again": N_("Bezorging opnieuw geprobeerd"),
    "set_criterion": N_("Criterium voor een trede vastgelegd"),
    "settle_dispute": N_("Betwiste afmelding afgehandeld"),
    "signed_in": N_("Aangemeld"),
    "signed_out": N_("Uitgelogd"),
    "start_bulk": N_("Handeling voor veel dossiers gestart"),
    "start_matching": N_("Berekening van voorstellen gestart"),
    "store_populations": N_("Inwonertallen vastgelegd"),
    "substitute_arranged": N_("Vervanging geregeld"),
    "substitute_ended": N_("Vervanging beëindigd"),
    "task_done": N_("Taak afgerond"),
    "task_reopened": N_("Taak heropend"),
    "user_added": N_("Gebruiker toegevoegd"),
    "verification_begun": N_("Gegevenscontrole gevraagd"),
    "verify": N_("Gegevens gecontroleerd"),
    "webhook_added": N_("Webhook toegevoegd"),
    "webhook_secret_renewed": N_("Geheim van een webhook vernieuwd"),
    "webhook_started": N_("Webhook aangezet"),
    "webhook_stopped": N_("Webhook uitgezet"),
    "weights_added": N_("Gewichten vastgelegd"),
    "withdraw_transfer": N_("Voorstel voor uitruil ingetrokken"),
}
# For what personal data were read.
PURPOSES: dict[str, str] = {
    "audit": N_("Logboek doorzocht"),
    "audit_export": N_("Logboek opgeslagen als bestand"),
    "bulk": N_("Handeling voor veel dossiers"),
    "case:delen": N_("Dossier: delen"),
    "case:documenten": N_("Dossier: documenten"),
    "case:koppeling": N_("Dossier: koppeling"),
    "case:overdracht": N_("Dossier: overdracht"),
    "case:overzicht": N_("Dossier: overzicht"),
    "case:personen": N_("Dossier: personen"),
    "case:tijdlijn": N_("Dossier: tijdlijn"),
    "case:voorbereiding": N_("Dossier: voorbereiding"),
    "case:woning": N_("Dossier: woning"),
    "document": N_("Document geopend"),
    "handover": N_("Overdracht"),
    "inbox": N_("Pagina van de gemeente"),
    "linking": N_("Koppelen"),
    "outcomes": N_("Werk en studie"),
    "person": N_("Pagina van een persoon"),
    "queue": N_("Werkvoorraad"),
    "search": N_("Zoekresultaten"),
    "standing realised": N_("Personen achter gerealiseerd"),
    "standing realised_previous": N_("Personen achter gerealiseerd, vorig halfjaar"),
    "stated_reason": N_("Dossier van een andere locatie, na een reden"),
    "step": N_("Formulier van een handeling"),
    "tasks": N_("Taken"),
    "webhook": N_("Opgehaald door een systeem"),
}


def act_words(log: Log, act: str) -> str:
    """Return an act or a purpose in the visitor's language."""
    if log is Log.CHANGES:
        return str(gettext(HAPPENED.get(act) or ACTS.get(act, act)))
    return str(gettext(PURPOSES.get(act, act)))


def choices(log: Log) -> list[tuple[str, str]]:
    """Return each act or purpose that can be asked for with its words, by the alphabet."""
    codes = [*HAPPENED, *ACTS] if log is Log.CHANGES else list(PURPOSES)
    return sorted(((code, act_words(log, code)) for code in codes), key=lambda each: each[1])


def field_words(act: str, name: str) -> str:
    """Return a field as the form of its step calls it, a code by its word, or else its name."""
    step = BY_CODE.get(act)
    info = None if step is None else step.payload.model_fields.get(name)
    return literal_label(name) if info is None or not info.title else str(gettext(info.title))
