"""The field's standard terms as codes; docs/glossary.md gives each its Dutch word."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a household stands on its way home."""

    REGISTERED = "registered"
    SCREENED = "screened"
    LINKED = "linked"
    PREPARING = "preparing"
    OFFERED = "offered"
    REFUSED = "refused"
    MOVING = "moving"
    HOUSED = "housed"
    CLOSED = "closed"
    ENDED = "ended"


LIVE_STATES = tuple(state for state in CaseState if state not in {"closed", "ended"})


class CaseKind(StrEnum):
    """By which way a household came."""

    ASYLUM = "asylum"
    FAMILY_FOLLOW_ON = "family_follow_on"
    RESETTLEMENT = "resettlement"
    RELOCATION = "relocation"
    UNACCOMPANIED_MINOR = "unaccompanied_minor"


class HouseholdType(StrEnum):
    """Composition of a household, for reporting and supply."""

    SINGLE = "single"
    COUPLE = "couple"
    FAMILY = "family"
    SINGLE_PARENT = "single_parent"
    MINOR = "minor"


class MemberRole(StrEnum):
    """Place of a member in the household."""

    HEAD = "head"
    PARTNER = "partner"
    CHILD = "child"
    OTHER = "other"


class MembershipStart(StrEnum):
    """Why a membership began."""

    REGISTERED = "registered"
    BORN = "born"
    ARRIVED = "arrived"
    SPLIT_OFF = "split_off"
    MERGED = "merged"


class MembershipEnd(StrEnum):
    """Why a membership ended."""

    SPLIT_OFF = "split_off"
    MERGED = "merged"
    TURNED_18 = "turned_18"
    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    LEFT_UNKNOWN_DESTINATION = "left_unknown_destination"
    CASE_CLOSED = "case_closed"
    CASE_ENDED = "case_ended"


class EndReason(StrEnum):
    """Why a case ended without a home."""

    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"
    LEFT_UNKNOWN_DESTINATION = "left_unknown_destination"
    PERMIT_REVOKED = "permit_revoked"
    REFUSAL_UNJUSTIFIED = "refusal_unjustified"
    MERGED = "merged"


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


class Sex(StrEnum):
    """Sex as registered by the immigration service."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class EducationLevel(StrEnum):
    """Highest education, in the steps that Dutch screening uses."""

    NONE = "none"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    VOCATIONAL = "vocational"
    BACHELOR = "bachelor"
    MASTER = "master"


class LanguageLevel(StrEnum):
    """Level of Dutch in the European framework; A0 is before the first level."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"


class ScreeningAbsence(StrEnum):
    """Why no screening took place."""

    DECLINED = "declined"
    ILL = "ill"
    ABSENT = "absent"
    RESETTLED = "resettled"


class HardCriterion(StrEnum):
    """Grounds that bind the choice of municipality."""

    FIRST_DEGREE_FAMILY = "first_degree_family"
    FAMILY_REUNIFICATION = "family_reunification"
    SPECIALIST_TREATMENT = "specialist_treatment"
    EXISTING_EDUCATION = "existing_education"
    EXISTING_WORK = "existing_work"
    SAFETY = "safety"


class FunctionalNeed(StrEnum):
    """What a dwelling must offer; never why."""

    GROUND_FLOOR = "ground_floor"
    WHEELCHAIR = "wheelchair"
    NEAR_HOSPITAL = "near_hospital"
    NEAR_SPECIAL_SCHOOL = "near_special_school"
    QUIET = "quiet"


class Scenario(StrEnum):
    """How preparation and move follow each other."""

    QUICK_START = "quick_start"
    COMBINED = "combined"
    AFTER_MOVE = "after_move"


class LinkOverride(StrEnum):
    """Why a link may run ahead of the room of a municipality."""

    HARD_CRITERION = "hard_criterion"
    MUNICIPAL_CONSENT = "municipal_consent"


class ContestGround(StrEnum):
    """On what ground a municipality contests a link."""

    HARD_CRITERION_OVERLOOKED = "hard_criterion_overlooked"
    HOUSEHOLD_COMPOSITION_WRONG = "household_composition_wrong"
    SAFETY = "safety"


class ReleaseReason(StrEnum):
    """Why a link ends without housing."""

    CONTEST_UPHELD = "contest_upheld"
    HOUSEHOLD_CHANGED = "household_changed"
    NO_SUITABLE_HOUSING = "no_suitable_housing"
    SAFETY = "safety"
    SELF_HOUSED = "self_housed"
    LINKED_IN_ERROR = "linked_in_error"


class PreparationModule(StrEnum):
    """Modules of preparation for integration."""

    DUTCH_LESSONS = "dutch_lessons"
    SOCIETY_KNOWLEDGE = "society_knowledge"
    LABOUR_ORIENTATION = "labour_orientation"
    GUIDANCE_TO_EDUCATION = "guidance_to_education"
    GUIDANCE_TO_WORK = "guidance_to_work"
    VOLUNTARY_WORK = "voluntary_work"


class PreparationResult(StrEnum):
    """How a module goes."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    STOPPED = "stopped"


class DwellingType(StrEnum):
    """Types of dwelling that municipalities offer."""

    ROOM = "room"
    STUDIO = "studio"
    FLAT = "flat"
    HOUSE = "house"


class HousingKind(StrEnum):
    """Kinds of housing; the count rules say which count as realised."""

    REGULAR_HOME = "regular_home"
    TEMPORARY_SCHEME = "temporary_scheme"
    SELF_CATERING_ARRANGEMENT = "self_catering_arrangement"
    MUNICIPAL_ARRANGEMENT = "municipal_arrangement"
    TRANSIT_LOCATION = "transit_location"
    HOSTING_SCHEME = "hosting_scheme"
    RECEPTION_HOTEL = "reception_hotel"
    SMALL_SCALE_RECEPTION = "small_scale_reception"
    RECEPTION_UNIT = "reception_unit"


class TitleKind(StrEnum):
    """By what right a household lives in a dwelling."""

    LEASE = "lease"
    SPONSOR_DWELLING = "sponsor_dwelling"
    GUARDIAN_PLACEMENT = "guardian_placement"
    USE_AGREEMENT = "use_agreement"
    SELF_HOUSED = "self_housed"


class RefusalReason(StrEnum):
    """Why a household refuses an offer."""

    TOO_SMALL = "too_small"
    LOCATION = "location"
    CONDITION = "condition"
    RENT = "rent"
    MEDICAL = "medical"
    FAMILY = "family"
    SAFETY = "safety"
    OTHER = "other"


class RefusalJudgment(StrEnum):
    """What the placement officer decides about a refusal."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    ACCEPTED_AFTER_ALL = "accepted_after_all"
    ENDED = "ended"


class OfferStatus(StrEnum):
    """What became of an offered dwelling."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SuspensionReason(StrEnum):
    """Why the clock of a case stands still."""

    ILLNESS = "illness"
    CHILDBIRTH = "childbirth"
    FAMILY_ARRIVAL = "family_arrival"
    DETENTION = "detention"
    DOCUMENTS = "documents"


class StayPlace(StrEnum):
    """Where a permit holder stays while waiting."""

    CENTRE = "centre"
    HOSTING_SCHEME = "hosting_scheme"
    ELSEWHERE = "elsewhere"


class HandoverOutcome(StrEnum):
    """How the handover of a closed case went."""

    COMPLETED = "completed"
    NOT_HELD = "not_held"


class OutcomeKind(StrEnum):
    """What an adult does some time after housing."""

    WORK = "work"
    STUDY = "study"
    WORK_AND_STUDY = "work_and_study"
    NEITHER = "neither"


class QuotaKind(StrEnum):
    """Kinds of ledger line."""

    OPENING = "opening"
    QUOTA = "quota"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    REALISED = "realised"
    RESERVED = "reserved"
    RELEASED = "released"


class ApportionMethod(StrEnum):
    """How a national quota is divided over municipalities."""

    STATUTE_CEILING = "statute_ceiling"
    PUBLISHED_HALF_UP = "published_half_up"
    GIVEN = "given"


class RollupGrain(StrEnum):
    """Lengths of time over which ledger lines are added up."""

    HALF_YEAR = "half_year"
    MONTH = "month"
    DAY = "day"


class WaitingParty(StrEnum):
    """Who is to act next on a case."""

    CENTRE = "centre"
    REGION = "region"
    MUNICIPALITY = "municipality"


class ProposalStatus(StrEnum):
    """What became of a proposed link."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DEPARTED = "departed"
    INVALID = "invalid"


class HandoverState(StrEnum):
    """Where a warm handover stands."""

    DRAFT = "draft"
    OFFERED = "offered"
    QUESTION = "question"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class TaskKind(StrEnum):
    """Work that a rule, not a person, put on the list."""

    ROOM_EXCEEDED = "room_exceeded"
    TURNS_18 = "turns_18"
    HOUSEHOLD_CHANGED = "household_changed"


class OutboxStatus(StrEnum):
    """Where a message to the outside stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
