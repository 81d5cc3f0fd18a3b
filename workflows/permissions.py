"""The permission table: each act, and the roles and relations that carry it."""

from enum import StrEnum

from models.vocabulary import Role


class Relation(StrEnum):
    """How an actor must stand to a case."""

    ANYWHERE = "anywhere"
    OWN_CENTRE = "own_centre"
    OWN_REGION = "own_region"
    REGION_WITHOUT_CENTRE = "region_without_centre"
    LINKED_MUNICIPALITY = "linked_municipality"
    HOUSED_HERE = "housed_here"
    WARD = "ward"
    OWN_MUNICIPALITY = "own_municipality"
    OWN_PROVINCE = "own_province"
    STATED_REASON = "stated_reason"
    SENDER = "sender"
    ADDRESSEE = "addressee"
    ADDRESSEE_IN_TALK = "addressee_in_talk"
    ADDRESSEE_IN_FORCE = "addressee_in_force"


class Permission(StrEnum):
    """What can be permitted; a step's permission is the step's code."""

    REGISTER = "register"
    SCREEN = "screen"
    COMPLETE_SCREENING = "complete_screening"
    LINK = "link"
    TAKE_UP = "take_up"
    ASK_CONTEST = "ask_contest"
    JUDGE_CONTEST = "judge_contest"
    RELEASE_LINK = "release_link"
    RECORD_PREPARATION = "record_preparation"
    OFFER_HOUSING = "offer_housing"
    WITHDRAW_OFFER = "withdraw_offer"
    ACCEPT_OFFER = "accept_offer"
    REFUSE_OFFER = "refuse_offer"
    JUDGE_REFUSAL = "judge_refusal"
    SIGN_LEASE = "sign_lease"
    HOUSE = "house"
    PLACE_MINOR = "place_minor"
    MOVE_ON = "move_on"
    SIGN_OFF = "sign_off"
    CLOSE = "close"
    END = "end"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESUME_ON_TIME = "resume_on_time"
    CORRECT = "correct"
    ADD_MEMBER = "add_member"
    REMOVE_MEMBER = "remove_member"
    SPLIT_HOUSEHOLD = "split_household"
    MERGE_HOUSEHOLD = "merge_household"
    ASSIGN = "assign"
    CHANGE_CENTRE = "change_centre"
    RECORD_STAY = "record_stay"
    RECORD_OUTCOME = "record_outcome"
    ADD_DOCUMENT = "add_document"
    REMOVE_DOCUMENT = "remove_document"
    PREPARE_HANDOVER = "prepare_handover"
    OFFER_HANDOVER = "offer_handover"
    OVERRIDE_HANDOVER = "override_handover"
    ASK_ABOUT_HANDOVER = "ask_about_handover"
    ANSWER_ABOUT_HANDOVER = "answer_about_handover"
    ACCEPT_HANDOVER = "accept_handover"
    REJECT_HANDOVER = "reject_handover"
    WITHDRAW_HANDOVER = "withdraw_handover"
    PLAN_INTERVIEW = "plan_interview"
    COMPLETE_HANDOVER = "complete_handover"
    EXPIRE_HANDOVER = "expire_handover"
    VIEW_HANDOVER = "view_handover"
    VIEW_HANDOVER_THREAD = "view_handover_thread"
    VIEW_SNAPSHOT = "view_snapshot"
    ARRANGE_SUBSTITUTE = "arrange_substitute"
    VIEW_CASE = "view_case"
    VIEW_COUNTS = "view_counts"
    STATE_REASON = "state_reason"
    VIEW_STANDING = "view_standing"
    ASSIGN_QUOTA = "assign_quota"
    IMPORT_STANDINGS = "import_standings"
    FOLLOW_MERGER = "follow_merger"
    MERGE_MUNICIPALITIES = "merge_municipalities"
    RECONCILE = "reconcile"
    DISPUTE_REALISATION = "dispute_realisation"
    SUPERVISE = "supervise"
    PROPOSE_TRANSFER = "propose_transfer"
    ANSWER_TRANSFER = "answer_transfer"
    MANAGE_USERS = "manage_users"
    KEEP_MATCHING_DATA = "keep_matching_data"
    REPORT_SUPPLY = "report_supply"
    VIEW_FAIRNESS = "view_fairness"
    VIEW_DEPARTURES = "view_departures"
    VIEW_SCORE_MODEL = "view_score_model"
    CHOOSE_SCORE_MODEL = "choose_score_model"
    READ_AUDIT = "read_audit"
    VIEW_NORMS = "view_norms"
    KEEP_NORMS = "keep_norms"
    VERIFY = "verify"
    MANAGE_DELIVERIES = "manage_deliveries"
    MANAGE_WEBHOOKS = "manage_webhooks"


Rule = tuple[Role, Relation]

_COA: tuple[Rule, ...] = (
    (Role.CASE_MANAGER, Relation.OWN_CENTRE),
    (Role.PLACEMENT_OFFICER, Relation.REGION_WITHOUT_CENTRE),
)
_PLACEMENT: tuple[Rule, ...] = ((Role.PLACEMENT_OFFICER, Relation.OWN_REGION),)
_MUNICIPALITY: tuple[Rule, ...] = ((Role.MUNICIPAL_OFFICER, Relation.LINKED_MUNICIPALITY),)
_EITHER = _COA + _MUNICIPALITY
_COORDINATION: tuple[Rule, ...] = (
    (Role.COORDINATOR, Relation.OWN_CENTRE),
    (Role.COORDINATOR, Relation.OWN_REGION),
    (Role.COORDINATOR, Relation.LINKED_MUNICIPALITY),
)
_FOR_MUNICIPALITY: tuple[Rule, ...] = (
    (Role.MUNICIPAL_OFFICER, Relation.OWN_MUNICIPALITY),
    (Role.COORDINATOR, Relation.OWN_MUNICIPALITY),
)
_COUNTS: tuple[Rule, ...] = (
    (Role.MANAGER, Relation.ANYWHERE),
    (Role.COORDINATOR, Relation.OWN_CENTRE),
    (Role.COORDINATOR, Relation.OWN_REGION),
    (Role.COORDINATOR, Relation.LINKED_MUNICIPALITY),
    (Role.PLACEMENT_OFFICER, Relation.OWN_REGION),
)

_AGENCY_COORDINATION: tuple[Rule, ...] = (
    (Role.COORDINATOR, Relation.OWN_CENTRE),
    (Role.COORDINATOR, Relation.OWN_REGION),
)

# A report holds no group of fewer than ten households, so it is the same for all who read it.
_REPORTS: tuple[Rule, ...] = (
    (Role.PLACEMENT_OFFICER, Relation.ANYWHERE),
    (Role.MANAGER, Relation.ANYWHERE),
    (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
    (Role.AUDITOR, Relation.ANYWHERE),
)

# The side of the sender: who works on the case now, and whose organisation sent the handover.
_SENDING: tuple[Rule, ...] = (
    *_COA,
    *_PLACEMENT,
    *_AGENCY_COORDINATION,
    (Role.CASE_MANAGER, Relation.SENDER),
    (Role.PLACEMENT_OFFICER, Relation.SENDER),
    (Role.COORDINATOR, Relation.SENDER),
)


def _receiving(relation: Relation) -> tuple[Rule, ...]:
    return ((Role.MUNICIPAL_OFFICER, relation), (Role.COORDINATOR, relation))


RULES: dict[Permission, tuple[Rule, ...]] = {
    Permission.REGISTER: _COA,
    Permission.SCREEN: _COA,
    Permission.COMPLETE_SCREENING: _COA,
    Permission.LINK: _PLACEMENT,
    Permission.TAKE_UP: _MUNICIPALITY,
    Permission.ASK_CONTEST: _MUNICIPALITY,
    Permission.JUDGE_CONTEST: _PLACEMENT,
    Permission.RELEASE_LINK: _PLACEMENT,
    Permission.RECORD_PREPARATION: _COA,
    Permission.OFFER_HOUSING: _MUNICIPALITY,
    Permission.WITHDRAW_OFFER: _MUNICIPALITY,
    Permission.ACCEPT_OFFER: _COA,
    Permission.REFUSE_OFFER: _COA,
    Permission.JUDGE_REFUSAL: _PLACEMENT,
    Permission.SIGN_LEASE: _MUNICIPALITY,
    Permission.HOUSE: _EITHER,
    Permission.PLACE_MINOR: _COA,
    Permission.MOVE_ON: (
        *_MUNICIPALITY,
        *_COA,
        (Role.MUNICIPAL_OFFICER, Relation.HOUSED_HERE),
    ),
    Permission.SIGN_OFF: _COA,
    Permission.CLOSE: _COA,
    Permission.END: _COA + _PLACEMENT,
    Permission.SUSPEND: _EITHER + _PLACEMENT,
    Permission.RESUME: _EITHER + _PLACEMENT,
    # Taken by the program itself, in the name of those who keep it running.
    Permission.RESUME_ON_TIME: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    Permission.CORRECT: _COA,
    Permission.ADD_MEMBER: _COA,
    Permission.REMOVE_MEMBER: _COA,
    Permission.SPLIT_HOUSEHOLD: _COA,
    Permission.MERGE_HOUSEHOLD: _COA,
    Permission.ASSIGN: _EITHER + _PLACEMENT + _COORDINATION,
    Permission.CHANGE_CENTRE: _COA + _PLACEMENT,
    Permission.RECORD_STAY: _COA,
    Permission.RECORD_OUTCOME: (
        *_MUNICIPALITY,
        (Role.MUNICIPAL_OFFICER, Relation.HOUSED_HERE),
    ),
    Permission.ADD_DOCUMENT: _EITHER + _PLACEMENT,
    Permission.REMOVE_DOCUMENT: _EITHER + _PLACEMENT,
    Permission.PREPARE_HANDOVER: _COA,
    Permission.OFFER_HANDOVER: _COA + _AGENCY_COORDINATION,
    Permission.OVERRIDE_HANDOVER: _AGENCY_COORDINATION,
    Permission.ASK_ABOUT_HANDOVER: _MUNICIPALITY,
    Permission.ANSWER_ABOUT_HANDOVER: _COA,
    Permission.ACCEPT_HANDOVER: _MUNICIPALITY,
    Permission.REJECT_HANDOVER: _MUNICIPALITY,
    Permission.WITHDRAW_HANDOVER: _COA,
    Permission.PLAN_INTERVIEW: _EITHER,
    Permission.COMPLETE_HANDOVER: _MUNICIPALITY,
    # Taken by the program itself, in the name of those who keep it running.
    Permission.EXPIRE_HANDOVER: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    # These hold of a handover: its trail and preview, its thread, and what was handed over.
    Permission.VIEW_HANDOVER: _SENDING + _receiving(Relation.ADDRESSEE),
    Permission.VIEW_HANDOVER_THREAD: _SENDING + _receiving(Relation.ADDRESSEE_IN_TALK),
    Permission.VIEW_SNAPSHOT: _SENDING + _receiving(Relation.ADDRESSEE_IN_FORCE),
    Permission.ARRANGE_SUBSTITUTE: tuple(
        (role, Relation.ANYWHERE)
        for role in (
            Role.CASE_MANAGER,
            Role.PLACEMENT_OFFICER,
            Role.MUNICIPAL_OFFICER,
            Role.COORDINATOR,
            Role.GUARDIAN,
            Role.ADMINISTRATOR,
        )
    ),
    Permission.VIEW_CASE: (
        *_COA,
        *_PLACEMENT,
        *_MUNICIPALITY,
        (Role.MUNICIPAL_OFFICER, Relation.HOUSED_HERE),
        *_COORDINATION,
        (Role.GUARDIAN, Relation.WARD),
        (Role.CASE_MANAGER, Relation.STATED_REASON),
    ),
    Permission.VIEW_COUNTS: _COUNTS,
    # Why an officer of the agency linked elsewhere is no affair of the municipality.
    Permission.VIEW_DEPARTURES: (
        (Role.MANAGER, Relation.ANYWHERE),
        *_AGENCY_COORDINATION,
        *_PLACEMENT,
    ),
    Permission.STATE_REASON: ((Role.CASE_MANAGER, Relation.ANYWHERE),),
    Permission.VIEW_STANDING: tuple((role, Relation.ANYWHERE) for role in Role),
    Permission.ASSIGN_QUOTA: ((Role.QUOTA_OFFICER, Relation.ANYWHERE),),
    Permission.IMPORT_STANDINGS: (
        (Role.QUOTA_OFFICER, Relation.ANYWHERE),
        (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
    ),
    Permission.KEEP_MATCHING_DATA: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    Permission.FOLLOW_MERGER: ((Role.QUOTA_OFFICER, Relation.ANYWHERE),),
    Permission.MERGE_MUNICIPALITIES: ((Role.QUOTA_OFFICER, Relation.ANYWHERE),),
    Permission.RECONCILE: (
        *_COA,
        *_PLACEMENT,
        (Role.COORDINATOR, Relation.OWN_CENTRE),
        (Role.COORDINATOR, Relation.OWN_REGION),
        *_FOR_MUNICIPALITY,
    ),
    Permission.DISPUTE_REALISATION: _FOR_MUNICIPALITY,
    Permission.SUPERVISE: ((Role.SUPERVISOR, Relation.OWN_PROVINCE),),
    Permission.REPORT_SUPPLY: _FOR_MUNICIPALITY,
    Permission.VIEW_FAIRNESS: _REPORTS,
    Permission.VIEW_SCORE_MODEL: _REPORTS,
    Permission.CHOOSE_SCORE_MODEL: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    Permission.PROPOSE_TRANSFER: (
        (Role.QUOTA_OFFICER, Relation.ANYWHERE),
        *_FOR_MUNICIPALITY,
    ),
    Permission.ANSWER_TRANSFER: _FOR_MUNICIPALITY,
    Permission.MANAGE_USERS: ((Role.ADMINISTRATOR, Relation.ANYWHERE),),
    Permission.READ_AUDIT: (
        (Role.AUDITOR, Relation.ANYWHERE),
        (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
    ),
    Permission.VIEW_NORMS: (
        (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
        (Role.AUDITOR, Relation.ANYWHERE),
        (Role.ADMINISTRATOR, Relation.ANYWHERE),
    ),
    Permission.KEEP_NORMS: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    Permission.VERIFY: (
        (Role.AUDITOR, Relation.ANYWHERE),
        (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
    ),
    Permission.MANAGE_DELIVERIES: ((Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),),
    Permission.MANAGE_WEBHOOKS: (
        (Role.FUNCTIONAL_MANAGER, Relation.ANYWHERE),
        (Role.ADMINISTRATOR, Relation.ANYWHERE),
    ),
}
