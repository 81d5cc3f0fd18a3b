"""What is asked of a person who joins a household, and for whom each answer is."""

from datetime import date

from models.vocabulary import MemberRole, Sex
from workflows.payload import (
    Audience,
    Line,
    OptionalBsn,
    OptionalVNumber,
    Payload,
    Widget,
    entry,
)

IDENTITY = "Nodig om het huishouden te kennen en woonruimte te zoeken."


class NewMember(Payload):
    """A person who joins a household."""

    v_number: OptionalVNumber = entry(
        "V-nummer",
        Widget.TEXT,
        default=None,
        help_text="Tien cijfers. Alleen een pasgeborene heeft er nog geen.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    bsn: OptionalBsn = entry(
        "BSN",
        Widget.TEXT,
        default=None,
        help_text="Negen cijfers, als het al bekend is.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    given_names: Line = entry(
        "Voornamen",
        Widget.TEXT,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    family_name: Line = entry(
        "Achternaam",
        Widget.TEXT,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    birth_date: date = entry(
        "Geboortedatum",
        Widget.DATE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    sex: Sex = entry(
        "Geslacht",
        Widget.CHOICE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    nationality: str = entry(
        "Nationaliteit",
        Widget.TEXT,
        help_text="Landcode van drie letters, zoals SYR of ERI.",
        personal=True,
        pattern="^[A-Z]{3}$",
    )
    languages: list[Line] = entry(
        "Talen",
        Widget.TEXT,
        default_factory=list,
        help_text="Bijvoorbeeld: Arabisch, Engels.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig voor gesprekken met het huishouden.",
        max_length=10,
    )
    role: MemberRole = entry(
        "Plaats in het huishouden",
        Widget.CHOICE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
