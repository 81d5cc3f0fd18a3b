"""The field's standard terms as codes; docs/glossary.md gives each its Dutch word."""

from models.vocabulary.cases import (
    LIVE_STATES,
    CaseKind,
    CaseState,
    EndReason,
    HouseholdType,
    MemberRole,
    MembershipEnd,
    MembershipStart,
    StayPlace,
    SuspensionReason,
    TaskKind,
    WaitingParty,
)
from models.vocabulary.documents import DocumentKind, MediaType
from models.vocabulary.handover import (
    HandoverOutcome,
    HandoverState,
)
from models.vocabulary.housing import (
    DwellingType,
    HousingKind,
    OfferStatus,
    RefusalJudgment,
    RefusalReason,
    TitleKind,
)
from models.vocabulary.linking import (
    ContestGround,
    LinkOverride,
    ProposalStatus,
    ReleaseReason,
)
from models.vocabulary.matching import HospitalKind, ScoreTerm, SupplyKind
from models.vocabulary.notices import (
    Channel,
    DeliveryOutcome,
    DeliveryStatus,
    NoticeKind,
    NoticeTiming,
)
from models.vocabulary.organisations import (
    OrganisationKind,
    Role,
)
from models.vocabulary.quota import (
    ApportionMethod,
    QuotaKind,
    RollupGrain,
)
from models.vocabulary.screening import (
    EducationLevel,
    FunctionalNeed,
    HardCriterion,
    LanguageLevel,
    OutcomeKind,
    PreparationModule,
    PreparationResult,
    Scenario,
    ScreeningAbsence,
    Sex,
)

__all__ = [
    "LIVE_STATES",
    "ApportionMethod",
    "CaseKind",
    "CaseState",
    "Channel",
    "ContestGround",
    "DeliveryOutcome",
    "DeliveryStatus",
    "DocumentKind",
    "DwellingType",
    "EducationLevel",
    "EndReason",
    "FunctionalNeed",
    "HandoverOutcome",
    "HandoverState",
    "HardCriterion",
    "HospitalKind",
    "HouseholdType",
    "HousingKind",
    "LanguageLevel",
    "LinkOverride",
    "MediaType",
    "MemberRole",
    "MembershipEnd",
    "MembershipStart",
    "NoticeKind",
    "NoticeTiming",
    "OfferStatus",
    "OrganisationKind",
    "OutcomeKind",
    "PreparationModule",
    "PreparationResult",
    "ProposalStatus",
    "QuotaKind",
    "RefusalJudgment",
    "RefusalReason",
    "ReleaseReason",
    "Role",
    "RollupGrain",
    "Scenario",
    "ScoreTerm",
    "ScreeningAbsence",
    "Sex",
    "StayPlace",
    "SupplyKind",
    "SuspensionReason",
    "TaskKind",
    "TitleKind",
    "WaitingParty",
]
