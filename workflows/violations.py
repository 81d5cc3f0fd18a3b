"""Turns a constraint that the database refused into words for a person."""

from sqlalchemy.exc import IntegrityError

from workflows.errors import Refused

_WORDS = {
    "uq_person_v_number": (
        "v_number_taken",
        "Dit V-nummer is zojuist door iemand anders geregistreerd.",
    ),
    "uq_person_bsn": ("bsn_taken", "Dit BSN hoort al bij een andere persoon."),
    "uq_household_membership_live": (
        "person_in_live_case",
        "Een van deze personen staat al in een lopend dossier.",
    ),
    "uq_household_membership_head": (
        "two_heads",
        "Een huishouden heeft precies een hoofdpersoon.",
    ),
    "uq_document_file_id": (
        "file_used",
        "Dit bestand staat al bij een dossier. Kies het bestand opnieuw.",
    ),
    "pk_realisation": ("already_signed_off", "Deze persoon is al afgemeld."),
    "uq_realisation_dispute_open": ("disputed", "Deze afmelding wordt al betwist."),
    "uq_quota_entry_reverses": ("already_reversed", "Deze regel is al eerder teruggedraaid."),
}


def refusal_for(error: IntegrityError) -> Refused:
    """Return the refusal that a constraint stands for, or a general one that names it."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None) or ""
    code, message = _WORDS.get(
        name,
        ("constraint", "Deze gegevens spreken elkaar tegen ({rule}). Er is niets opgeslagen."),
    )
    return Refused(code, message, values={"rule": name})
