"""Give the reasons with which an installation started in Dutch; who changed one keeps theirs."""

from alembic import op
from sqlalchemy import text

revision: str = "0030"
down_revision: str | None = "0029"

CARE = (
    "UPDATE specialist_care SET source = replace(source, :before, :after) WHERE source LIKE :like"
)
HOSPITALS = (
    "public list of specialist hospitals: ",
    "openbare lijst van gespecialiseerde ziekenhuizen: ",
)
ACADEMIC = ("academic hospitals AMC and VUmc", "academische ziekenhuizen AMC en VUmc")
REASONS = {
    "UPDATE municipality_exemption SET reason = :after WHERE reason = :before": {
        "central reception task: application centre Ter Apel": (
            "centrale opvangtaak: aanmeldcentrum Ter Apel"
        ),
        "central reception task: reception centre Zevenaar": (
            "centrale opvangtaak: opvangcentrum Zevenaar"
        ),
    },
    "UPDATE score_weights SET reason = :after WHERE reason = :before": {
        "First version, from the reference tables.": (
            "Eerste versie, uit de tabellen van het project."
        ),
    },
    "UPDATE ladder_criterion SET source = :after WHERE source = :before": {
        "assumption: a backlog at the end of a half-year is reason for a signal": (
            "aanname: een achterstand aan het einde van een halfjaar is reden voor een signaal"
        ),
        "assumption: a second half-year in a row is reason to ask for information": (
            "aanname: een tweede halfjaar op rij is reden om informatie te vragen"
        ),
        "assumption: a third half-year with five persons or more asks for agreements": (
            "aanname: een derde halfjaar op rij met vijf personen of meer vraagt om afspraken"
        ),
        "assumption: a fourth half-year in a row is reason to announce intervention": (
            "aanname: een vierde halfjaar op rij is reden om ingrijpen aan te kondigen"
        ),
        "assumption: a fifth half-year in a row is reason for a decision to substitute": (
            "aanname: een vijfde halfjaar op rij is reden voor een besluit tot indeplaatsstelling"
        ),
        "assumption: after the recovery term the decision is carried out": (
            "aanname: na de hersteltermijn wordt het besluit uitgevoerd"
        ),
    },
}


def upgrade() -> None:
    """Apply the change."""
    connection = op.get_bind()
    # The first weights are history, which nobody changes: here the words do, and no weight.
    op.execute("ALTER TABLE score_weights DISABLE TRIGGER USER")
    for statement, words in REASONS.items():
        for before, after in words.items():
            connection.execute(text(statement), {"before": before, "after": after})
    for before, after in (HOSPITALS, ACADEMIC):
        named = {"before": before, "after": after, "like": f"%{before}%"}
        connection.execute(text(CARE), named)
    op.execute("ALTER TABLE score_weights ENABLE TRIGGER USER")


def downgrade() -> None:
    """Leave the reasons: the version before reads them as well."""
