"""Codes of documents."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document in a case is."""

    PERMIT_DECISION = "permit_decision"
    DIPLOMA = "diploma"
    CRITERION_EVIDENCE = "criterion_evidence"
    PREPARATION_RESULT = "preparation_result"
    HOUSING_OFFER = "housing_offer"
    REFUSAL = "refusal"
    LEASE = "lease"
    GUARDIANSHIP = "guardianship"
    OTHER = "other"


class MediaType(StrEnum):
    """Kinds of file that a document may be."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
