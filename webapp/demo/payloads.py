"""What each step of a household's road says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from config import reference
from models.vocabulary import (
    ContestGround,
    DwellingType,
    EducationLevel,
    EndReason,
    FunctionalNeed,
    HardCriterion,
    HousingKind,
    LanguageLevel,
    RefusalReason,
    ReleaseReason,
    Scenario,
    ScreeningAbsence,
    TitleKind,
)
from webapp.demo.acts import Act
from webapp.demo.chains import Leg
from webapp.demo.people import Household, Row

NOT_HELD = (
    "Overdracht telefonisch gedaan, geen gesprek gehouden.",
    "Gemeente had geen capaciteit voor een gesprek.",
    "Huishouden was al verhuisd voor de afspraak.",
)
LANDLORDS = ("Woningcorporatie", "Woonstichting", "Wonen", "Woonbedrijf", "Stichting Wonen")
FIELDS = ("techniek", "zorg", "economie", "onderwijs", "landbouw", "rechten", "informatica")
AMBITIONS = (
    "Wil zo snel mogelijk werken.",
    "Wil het eigen beroep weer uitoefenen.",
    "Wil studeren en daarna werken.",
    "Wil een eigen zaak beginnen.",
    "Wil eerst goed Nederlands leren.",
)
EDUCATION = (0.12, 0.20, 0.22, 0.20, 0.08, 0.14, 0.04)
TEMPORARY = (
    HousingKind.TEMPORARY_SCHEME,
    HousingKind.SELF_CATERING_ARRANGEMENT,
    HousingKind.MUNICIPAL_ARRANGEMENT,
)
TEMPORARY_SHARE = 0.12


@dataclass(slots=True)
class Road:
    """What the payloads of one household share."""

    household: Household
    random: Random
    other_municipality: str
    links_left: int = 1
    housing_kind: HousingKind = HousingKind.REGULAR_HOME
    small_scale: bool = True
    needs: list[str] = field(default_factory=list)
    booked_on: date | None = None
    adults_screened: int = 0


def act(road: Road, leg: Leg, day: int, moment: float) -> Act:
    """Return the act of a leg."""
    made = Act(day, moment, road.household, leg.step, {})
    if leg.step == "screen":
        made.member = road.household.adults()[road.adults_screened]
        road.adults_screened += 1
    made.payload = _PAYLOADS[leg.step](road, leg, date.fromordinal(day))
    return made


def _register(road: Road, _leg: Leg, _day: date) -> Row:
    household = road.household
    payload: Row = {
        "kind": household.kind,
        "permit_on": household.permit_on,
        "members_to_add": household.rows(born_on_the_way=False),
    }
    if household.expected_members:
        payload["expected_members"] = household.expected_members
        payload["expected_month"] = date(2017, 3, 1)
    return payload


def _screen(road: Road, _leg: Leg, day: date) -> Row:
    random = road.random
    payload: Row = {"held_on": day}
    if random.random() < 0.04:  # noqa: PLR2004 - a share
        return payload | {"absence": random.choice(tuple(ScreeningAbsence)[:3])}
    level = random.choices(tuple(EducationLevel), EDUCATION)[0]
    payload |= {
        "education_level": level,
        "dutch_level": random.choices(tuple(LanguageLevel)[:3], (0.7, 0.25, 0.05))[0],
        "ambitions": random.choice(AMBITIONS),
    }
    if level not in {EducationLevel.NONE, EducationLevel.PRIMARY}:
        payload["education_field"] = random.choice(FIELDS)
    if random.random() < 0.65:  # noqa: PLR2004 - a share
        job = random.choice(reference.occupations())
        payload["work_experience"] = [
            {"occupation": job.unit_group, "years": random.randint(1, 15)}
        ]
    if random.random() < 0.2:  # noqa: PLR2004 - a share
        payload["network_municipality"] = road.household.municipality or road.other_municipality
    if random.random() < 0.05:  # noqa: PLR2004 - a share
        need = random.choice(tuple(FunctionalNeed))
        road.needs.append(need)
        payload["functional_needs"] = [need]
    return payload


def _complete_screening(road: Road, _leg: Leg, _day: date) -> Row:
    random, household = road.random, road.household
    payload: Row = {"advised_regions": sorted(random.sample(range(1, 36), random.randint(1, 2)))}
    if road.links_left > 1:
        return payload
    if household.sponsor is not None:
        ground = HardCriterion.FAMILY_REUNIFICATION
        place = household.sponsor.municipality
    elif random.random() < 0.08:  # noqa: PLR2004 - a share
        grounds = (
            HardCriterion.FIRST_DEGREE_FAMILY,
            HardCriterion.SPECIALIST_TREATMENT,
            HardCriterion.EXISTING_EDUCATION,
            HardCriterion.EXISTING_WORK,
            HardCriterion.SAFETY,
        )
        # Who is linked to the other municipality in the end must not be kept from it.
        ground = random.choice(grounds if household.municipality else grounds[:-1])
        place = household.municipality or road.other_municipality
        if ground is HardCriterion.SAFETY:
            place = road.other_municipality
    else:
        return payload
    criterion = {"criterion": ground, "municipality": place, "evidence": "Stukken gezien."}
    return payload | {"hard_criteria": [criterion]}


def _link(road: Road, _leg: Leg, _day: date) -> Row:
    road.links_left -= 1
    final = road.links_left == 0 and road.household.municipality is not None
    return {"municipality": road.household.municipality if final else road.other_municipality}


def _take_up(road: Road, _leg: Leg, _day: date) -> Row:
    return {"scenario": road.random.choices(tuple(Scenario), (0.15, 0.6, 0.25))[0]}


def _ask_contest(road: Road, _leg: Leg, _day: date) -> Row:
    return {
        "ground": road.random.choice(tuple(ContestGround)),
        "explanation": "De gemeente ziet een reden om opnieuw te kijken.",
    }


def _judge_contest(_road: Road, leg: Leg, _day: date) -> Row:
    return {"judgment": leg.answer, "motivation": "Het dossier is opnieuw bekeken."}


def _release_link(road: Road, _leg: Leg, _day: date) -> Row:
    reasons = (ReleaseReason.NO_SUITABLE_HOUSING, ReleaseReason.LINKED_IN_ERROR)
    return {"reason": road.random.choice(reasons)}


def _offer_housing(road: Road, _leg: Leg, day: date) -> Row:
    random, household = road.random, road.household
    rooms = household.rooms(day) + random.choice((0, 0, 0, 1))
    small = rooms == 1
    types = (DwellingType.STUDIO, DwellingType.ROOM) if small else tuple(DwellingType)[2:]
    if random.random() < TEMPORARY_SHARE:
        road.housing_kind = random.choice(TEMPORARY)
    else:
        road.housing_kind = HousingKind.REGULAR_HOME
    landlord = f"{random.choice(LANDLORDS)} {chr(65 + random.randrange(26))}"
    return {
        "dwelling_type": random.choice(types),
        "housing_kind": road.housing_kind,
        "rooms": rooms,
        "rent": f"{random.randint(320, 480) + 40 * min(rooms, 6)}.{random.randrange(100):02}",
        "ground_floor": FunctionalNeed.GROUND_FLOOR in road.needs or random.random() < 0.3,  # noqa: PLR2004 - a share
        "wheelchair": FunctionalNeed.WHEELCHAIR in road.needs,
        "landlord": landlord,
        "available_from": day + timedelta(days=random.randint(3, 30)),
    }


def _withdraw_offer(_road: Road, _leg: Leg, _day: date) -> Row:
    return {"reason": "De vorige huurder vertrekt later dan verwacht."}


def _accept_offer(road: Road, _leg: Leg, day: date) -> Row:
    return {"viewing_on": day} if road.random.random() < 0.6 else {}  # noqa: PLR2004 - a share


def _refuse_offer(road: Road, _leg: Leg, _day: date) -> Row:
    return {
        "reason": road.random.choice(tuple(RefusalReason)),
        "explanation": "Het huishouden wil deze woning niet.",
        "warned": True,
        "children_weighed": any(member.is_child for member in road.household.members),
    }


def _judge_refusal(_road: Road, leg: Leg, _day: date) -> Row:
    return {"judgment": leg.answer, "motivation": "Reden en woning zijn tegen elkaar gewogen."}


def _sign_lease(road: Road, _leg: Leg, day: date) -> Row:
    title = TitleKind.LEASE
    if road.household.sponsor is not None:
        title = TitleKind.SPONSOR_DWELLING
    elif road.housing_kind is not HousingKind.REGULAR_HOME:
        title = TitleKind.USE_AGREEMENT
    planned = day + timedelta(days=road.random.randint(3, 14))
    return {"title_kind": title, "title_on": day, "move_planned_on": planned}


def _house(_road: Road, _leg: Leg, day: date) -> Row:
    return {"housed_on": day}


def _place_minor(road: Road, _leg: Leg, day: date) -> Row:
    placement = "small_scale_reception" if road.small_scale else "reception_unit"
    return {"placed_on": day, "placement": placement}


def _sign_off(road: Road, _leg: Leg, day: date) -> Row:
    return {"booked_on": road.booked_on or day}


def _close(road: Road, _leg: Leg, _day: date) -> Row:
    return {"handover_outcome": "not_held", "reason": road.random.choice(NOT_HELD)}


def _end(road: Road, _leg: Leg, day: date) -> Row:
    reasons = (
        EndReason.LEFT_UNKNOWN_DESTINATION,
        EndReason.WITHDRAWN,
        EndReason.PERMIT_REVOKED,
        EndReason.DECEASED,
    )
    return {"reason": road.random.choices(reasons, (0.55, 0.3, 0.1, 0.05))[0], "ended_on": day}


_PAYLOADS: dict[str, Callable[[Road, Leg, date], Row]] = {
    "register": _register,
    "screen": _screen,
    "complete_screening": _complete_screening,
    "link": _link,
    "take_up": _take_up,
    "ask_contest": _ask_contest,
    "judge_contest": _judge_contest,
    "release_link": _release_link,
    "offer_housing": _offer_housing,
    "withdraw_offer": _withdraw_offer,
    "accept_offer": _accept_offer,
    "refuse_offer": _refuse_offer,
    "judge_refusal": _judge_refusal,
    "sign_lease": _sign_lease,
    "house": _house,
    "place_minor": _place_minor,
    "sign_off": _sign_off,
    "close": _close,
    "end": _end,
}
