"""Codes of screening, preparation and what becomes of it."""

from enum import StrEnum


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


class OutcomeKind(StrEnum):
    """What an adult does some time after housing."""

    WORK = "work"
    STUDY = "study"
    WORK_AND_STUDY = "work_and_study"
    NEITHER = "neither"
