"""Tables, codes and constraints: what the database holds to be true."""

from models.alert import Alert
from models.audit import AuditEntry, ReadEntry
from models.base import Base
from models.bulk import BulkRow, BulkRun, SavedView
from models.case import Case
from models.delivery import ApiToken, Delivery, DeliveryAttempt, Webhook
from models.dispute import RealisationDispute
from models.document import Document, StoredFile
from models.engine import make_engine
from models.event import CaseEvent, EventDetail, Submission
from models.handover import Handover
from models.history_upload import HistoryUpload
from models.housing_offer import HousingOffer
from models.matching import (
    HousingSupply,
    LabourDemand,
    LanguageSupport,
    RoomPriceList,
    ScoreWeights,
    SpecialistCare,
)
from models.notice import Notice, NoticePreference
from models.organisation import (
    LabourMarketRegion,
    Municipality,
    MunicipalityExemption,
    MunicipalityPopulation,
    MunicipalityPredecessor,
    Organisation,
    Province,
    ReceptionCentre,
)
from models.outbox import Outbox
from models.person import Membership, Outcome, Person, Preparation, Realisation, Screening
from models.proposal import MatchingRun, Proposal
from models.publication import Publication, PublicationFile
from models.quota import (
    NationalQuota,
    QuotaBalance,
    QuotaEntry,
    QuotaRollup,
    StandingImport,
)
from models.rule import CountRule, Norm, ProgramFact
from models.score_model import ScoreModel, ScoreModelChoice
from models.stay import Stay
from models.supervision import Excusability, LadderCriterion, LadderDecision, LadderProposal
from models.task import Task
from models.transfer import QuotaTransfer, QuotaTransferAnswer
from models.user import CaseAccess, Grant, SignInSession, Substitution, User
from models.verification import Verification

__all__ = [
    "Alert",
    "ApiToken",
    "AuditEntry",
    "Base",
    "BulkRow",
    "BulkRun",
    "Case",
    "CaseAccess",
    "CaseEvent",
    "CountRule",
    "Delivery",
    "DeliveryAttempt",
    "Document",
    "EventDetail",
    "Excusability",
    "Grant",
    "Handover",
    "HistoryUpload",
    "HousingOffer",
    "HousingSupply",
    "LabourDemand",
    "LabourMarketRegion",
    "LadderCriterion",
    "LadderDecision",
    "LadderProposal",
    "LanguageSupport",
    "MatchingRun",
    "Membership",
    "Municipality",
    "MunicipalityExemption",
    "MunicipalityPopulation",
    "MunicipalityPredecessor",
    "NationalQuota",
    "Norm",
    "Notice",
    "NoticePreference",
    "Organisation",
    "Outbox",
    "Outcome",
    "Person",
    "Preparation",
    "ProgramFact",
    "Proposal",
    "Province",
    "Publication",
    "PublicationFile",
    "QuotaBalance",
    "QuotaEntry",
    "QuotaRollup",
    "QuotaTransfer",
    "QuotaTransferAnswer",
    "ReadEntry",
    "Realisation",
    "RealisationDispute",
    "ReceptionCentre",
    "RoomPriceList",
    "SavedView",
    "ScoreModel",
    "ScoreModelChoice",
    "ScoreWeights",
    "Screening",
    "SignInSession",
    "SpecialistCare",
    "StandingImport",
    "Stay",
    "StoredFile",
    "Submission",
    "Substitution",
    "Task",
    "User",
    "Verification",
    "Webhook",
    "make_engine",
]
