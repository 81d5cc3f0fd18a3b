"""Payloads: each field is declared once and yields form, validation, audit and sharing notice."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from workflows.rules.identifiers import IdentifierError, parse_bsn, parse_v_number

_ONE_LINE = r"^[^\x00-\x1f\x7f\u0080-\u009f\u2028\u2029\ufffe\uffff]*$"
_SEVERAL_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\ufffe\uffff]*$"


def _none_when_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_ONE_LINE),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=2000, pattern=_SEVERAL_LINES),
]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{16}$")]
Blank = BeforeValidator(_none_when_blank)
OptionalLine = Annotated[Line | None, Blank]
OptionalProse = Annotated[Prose | None, Blank]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^GM[0-9]{4}$")]
OccupationCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


def _v_number(value: str) -> str:
    try:
        return parse_v_number(value)
    except IdentifierError as error:
        raise ValueError("Een V-nummer heeft tien cijfers, zoals 9990000001.") from error


def _bsn(value: str) -> str:
    try:
        return parse_bsn(value)
    except IdentifierError as error:
        raise ValueError("Dit is geen geldig BSN. Controleer de negen cijfers.") from error


VNumber = Annotated[Line, AfterValidator(_v_number)]
Bsn = Annotated[Line, AfterValidator(_bsn)]
OptionalVNumber = Annotated[VNumber | None, Blank]
OptionalBsn = Annotated[Bsn | None, Blank]
OptionalDate = Annotated[date | None, Blank]
OptionalReference = Annotated[Reference | None, Blank]
OptionalMunicipality = Annotated[MunicipalityCode | None, Blank]


class Widget(StrEnum):
    """How a field is filled in on a page."""

    TEXT = "text"
    PROSE = "prose"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    GROUP = "group"
    MEMBER = "member"
    MEMBERS = "members"
    MUNICIPALITY = "municipality"
    OCCUPATION = "occupation"
    CENTRE = "centre"
    LABOUR_REGIONS = "labour_regions"
    USER = "user"
    CASE = "case"
    FILE = "file"
    DOCUMENT = "document"
    HIDDEN = "hidden"


class Audience(StrEnum):
    """Who may see a field beside the reception agency.

    The municipality sees its fields from the link on, the receiver's only once it accepted the
    handover.
    """

    AGENCY = "agency"
    MUNICIPALITY = "municipality"
    RECEIVER = "receiver"


def entry(  # noqa: PLR0913 - one declaration per field, each property by name
    label: str,
    widget: Widget,
    *,
    default: Any = PydanticUndefined,
    default_factory: Any = None,
    help_text: str = "",
    personal: bool = False,
    audience: Audience = Audience.AGENCY,
    purpose: str = "",
    **limits: Any,
) -> Any:
    """Declare a payload's field with its Dutch label, its widget, its audience and its purpose.

    `personal` values are kept in the erasable event detail, all others in the event's facts.
    """
    extra: dict[str, JsonValue] = {
        "widget": widget,
        "personal": personal,
        "audience": audience,
        "purpose": purpose,
    }
    if default_factory is not None:
        return Field(
            default_factory=default_factory,
            title=label,
            description=help_text,
            json_schema_extra=extra,
            **limits,
        )
    return Field(default, title=label, description=help_text, json_schema_extra=extra, **limits)


class Declaration(NamedTuple):
    """What `entry` said of a field beside its label and limits."""

    widget: Widget
    personal: bool
    audience: Audience
    purpose: str


def declared(info: FieldInfo) -> Declaration:
    """Return the declaration of a payload's field; TypeError for one made without `entry`."""
    extra = info.json_schema_extra
    if not isinstance(extra, Mapping):
        raise TypeError(f"a field is not declared with entry(): {info!r}")
    return Declaration(
        Widget(str(extra["widget"])),
        bool(extra["personal"]),
        Audience(str(extra["audience"])),
        str(extra["purpose"]),
    )


class Payload(BaseModel):
    """Base of all payloads: unknown fields are refused, values never change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)

    personal_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Note once which fields are personal; TypeError when one is not declared by `entry`."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.personal_fields = frozenset(
            name for name, info in cls.model_fields.items() if declared(info).personal
        )
        cls.plain_fields = frozenset(cls.model_fields) - cls.personal_fields

    def given(self, name: str, default: Any = None) -> Any:
        """Return a field that not every payload has, or the default.

        For the engine, which asks thousands of payloads for fields of a few: to miss one with
        `getattr` costs ten times as much.
        """
        return self.__dict__.get(name, default)
