"""Words for organisations and roles."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.OrganisationKind: {
        "coa": N_("COA"),
        "coa_region": N_("COA-regio"),
        "reception_centre": N_("Opvanglocatie"),
        "municipality": N_("Gemeente"),
        "province": N_("Provincie"),
        "ministry": N_("Ministerie"),
        "guardian": N_("Voogdij"),
    },
    v.Role: {
        "case_manager": N_("Casemanager"),
        "placement_officer": N_("Regievoerder"),
        "municipal_officer": N_("Klantmanager gemeente"),
        "coordinator": N_("Coördinator"),
        "manager": N_("Manager"),
        "supervisor": N_("Toezichthouder"),
        "quota_officer": N_("Beheerder taakstelling"),
        "auditor": N_("Auditor"),
        "administrator": N_("Beheerder"),
        "functional_manager": N_("Functioneel beheerder"),
        "guardian": N_("Voogd"),
    },
}
