"""The dwellings that were offered to a household, as an audience may see them."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, select

from models import HousingOffer, Municipality
from workflows.payload import Audience, Payload
from workflows.reading.case import CaseView
from workflows.reading.sharing import sees
from workflows.steps.accept_offer import AcceptOffer
from workflows.steps.judge_refusal import JudgeRefusal
from workflows.steps.refuse_offer import RefuseOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A dwelling that was offered."""

    id: int
    municipality_name: str
    offered_on: date
    available_from: date
    dwelling_type: str
    housing_kind: str
    rooms: int
    rent_cents: int
    ground_floor: bool
    wheelchair: bool
    landlord: str
    fits_expected: bool
    status: str
    viewing_on: date | None
    refusal_reason: str | None
    judgment: str | None


def offers_of(connection: Connection, case: CaseView) -> list[OfferView]:
    """Return the offers of a case, the newest first; a municipality sees its own only."""
    names = [field.name for field in fields(OfferView) if field.name != "municipality_name"]
    condition = HousingOffer.case_id == case.id
    if case.audience is not Audience.AGENCY:
        condition = and_(condition, HousingOffer.municipality_code == case.municipality_code)
    rows = connection.execute(
        select(
            *[getattr(HousingOffer, name) for name in names],
            Municipality.name.label("municipality_name"),
        )
        .join(Municipality, Municipality.code == HousingOffer.municipality_code)
        .where(condition)
        .order_by(HousingOffer.id.desc())
    ).mappings()
    return [_offer_seen_by(case.audience, OfferView(**row)) for row in rows]


def _offer_seen_by(audience: Audience, offer: OfferView) -> OfferView:
    declared: tuple[tuple[str, type[Payload], str], ...] = (
        ("viewing_on", AcceptOffer, "viewing_on"),
        ("refusal_reason", RefuseOffer, "reason"),
        ("judgment", JudgeRefusal, "judgment"),
    )
    hidden: dict[str, Any] = {
        name: None for name, payload, field in declared if not sees(audience, payload, field)
    }
    return replace(offer, **hidden) if hidden else offer
