"""Codes of organisations and of who works in them."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """Kinds of organisation that work with the program."""

    COA = "coa"
    COA_REGION = "coa_region"
    RECEPTION_CENTRE = "reception_centre"
    MUNICIPALITY = "municipality"
    PROVINCE = "province"
    MINISTRY = "ministry"
    GUARDIAN = "guardian"


class Role(StrEnum):
    """What a user may be in an organisation."""

    CASE_MANAGER = "case_manager"
    PLACEMENT_OFFICER = "placement_officer"
    MUNICIPAL_OFFICER = "municipal_officer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    QUOTA_OFFICER = "quota_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    FUNCTIONAL_MANAGER = "functional_manager"
    GUARDIAN = "guardian"
