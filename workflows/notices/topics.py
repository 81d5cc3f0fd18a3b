"""Every topic of a message: its kind, its words, and who of an organisation hears of it."""

from dataclasses import dataclass

from models.vocabulary import NoticeKind, Role

COORDINATION = frozenset({Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Topic:
    """What a message is about; `text` is its Dutch msgid, the same for every case.

    It goes to whoever may see the case, or to the one to whom it is assigned. `roles` narrows
    that to some roles and passes over the assignment. A farewell goes to an organisation that no
    longer sees the case: to whoever would see it if it did, without a link.
    """

    kind: NoticeKind
    text: str
    roles: frozenset[Role] | None = None
    farewell: bool = False


TOPICS: dict[str, Topic] = {
    "linked": Topic(NoticeKind.LINK, "Een huishouden is aan uw gemeente gekoppeld."),
    "link_upheld": Topic(NoticeKind.LINK, "De koppeling blijft staan."),
    "link_ended": Topic(NoticeKind.LINK, "De koppeling is beëindigd.", farewell=True),
    "contested": Topic(NoticeKind.LINK, "Een gemeente vraagt om een koppeling te herzien."),
    "taken_up": Topic(NoticeKind.LINK, "De gemeente heeft de koppeling opgepakt."),
    "minor_placed": Topic(NoticeKind.HOUSING, "De minderjarige is geplaatst."),
    "housing_offered": Topic(NoticeKind.HOUSING, "De gemeente biedt een woning aan."),
    "offer_withdrawn": Topic(NoticeKind.HOUSING, "De gemeente heeft het woningaanbod ingetrokken."),
    "offer_accepted": Topic(NoticeKind.HOUSING, "De woning is geaccepteerd."),
    "offer_refused": Topic(NoticeKind.HOUSING, "De woning is geweigerd."),
    "refusal_justified": Topic(NoticeKind.HOUSING, "De weigering is terecht."),
    "refusal_unjustified": Topic(NoticeKind.HOUSING, "De weigering is niet terecht."),
    "refusal_accepted_after_all": Topic(
        NoticeKind.HOUSING, "De woning is na de weigering toch geaccepteerd."
    ),
    "refusal_ended": Topic(
        NoticeKind.HOUSING, "De bemiddeling is na de weigering beëindigd.", farewell=True
    ),
    "lease_signed": Topic(NoticeKind.HOUSING, "Het huurcontract is getekend."),
    "housed": Topic(NoticeKind.HOUSING, "Het huishouden is verhuisd."),
    "moved_on": Topic(NoticeKind.HOUSING, "Het huishouden heeft een vaste woning."),
    "handover_offered": Topic(NoticeKind.HANDOVER, "Het COA biedt een overdracht aan."),
    "handover_question": Topic(
        NoticeKind.HANDOVER, "De gemeente heeft een vraag over de overdracht."
    ),
    "handover_answer": Topic(
        NoticeKind.HANDOVER, "Het COA heeft een vraag over de overdracht beantwoord."
    ),
    "handover_accepted": Topic(
        NoticeKind.HANDOVER, "De gemeente heeft de overdracht geaccepteerd."
    ),
    "handover_rejected": Topic(
        NoticeKind.HANDOVER, "De gemeente heeft de overdracht met een reden teruggestuurd."
    ),
    "handover_withdrawn": Topic(NoticeKind.HANDOVER, "Het COA heeft de overdracht ingetrokken."),
    "handover_ended": Topic(
        NoticeKind.HANDOVER,
        "De overdracht is gesloten omdat het dossier is veranderd.",
        farewell=True,
    ),
    "handover_expired": Topic(NoticeKind.HANDOVER, "De termijn van de overdracht is verlopen."),
    "interview_planned": Topic(NoticeKind.HANDOVER, "Er is een datum voor het overdrachtsgesprek."),
    "handover_completed": Topic(NoticeKind.HANDOVER, "De overdracht is afgerond."),
    "household_changed": Topic(NoticeKind.HOUSEHOLD, "Het huishouden is veranderd."),
    "centre_left": Topic(
        NoticeKind.HOUSEHOLD, "Het dossier ging naar een andere opvanglocatie.", farewell=True
    ),
    "centre_entered": Topic(NoticeKind.HOUSEHOLD, "Het dossier kwam van een andere opvanglocatie."),
    "document_added": Topic(NoticeKind.HOUSEHOLD, "Er is een document bij het dossier gekomen."),
    "signed_off": Topic(NoticeKind.HOUSEHOLD, "COA heeft leden van het huishouden afgemeld."),
    "term_near": Topic(NoticeKind.DEADLINE, "Een termijn loopt bijna af."),
    "term_passed": Topic(NoticeKind.DEADLINE, "Een termijn is voorbij.", roles=COORDINATION),
    "term_passed_long": Topic(
        NoticeKind.DEADLINE, "Een termijn is al een tijd voorbij.", roles=COORDINATION
    ),
    "unassigned_passed": Topic(
        NoticeKind.DEADLINE, "Een dossier is nog aan niemand toegewezen.", roles=COORDINATION
    ),
    "unassigned_passed_long": Topic(
        NoticeKind.DEADLINE,
        "Een dossier is al een tijd aan niemand toegewezen.",
        roles=COORDINATION,
    ),
    "handover_term_near": Topic(
        NoticeKind.HANDOVER, "De termijn van een overdracht loopt bijna af."
    ),
    "handover_term_passed": Topic(
        NoticeKind.HANDOVER, "De termijn van een overdracht is voorbij.", roles=COORDINATION
    ),
    "handover_term_passed_long": Topic(
        NoticeKind.HANDOVER,
        "De termijn van een overdracht is al een tijd voorbij.",
        roles=COORDINATION,
    ),
    "task_near": Topic(NoticeKind.TASK, "Een taak moet bijna klaar zijn."),
    "task_passed": Topic(NoticeKind.TASK, "Een taak is te laat.", roles=COORDINATION),
    "task_passed_long": Topic(
        NoticeKind.TASK, "Een taak is al een tijd te laat.", roles=COORDINATION
    ),
}
