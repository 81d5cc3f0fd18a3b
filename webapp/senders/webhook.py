"""Calls a webhook: a CloudEvent of the NL GOV profile, signed, with an address to fetch the data.

CloudEvents 1.0.1 in structured JSON; NL GOV profile for CloudEvents (Logius): `source` is a URN
of the organisation's OIN, `dataref` leads to the data, and no attribute holds personal data. The
signature is that of Standard Webhooks 1.0.0: HMAC-SHA256 over id, timestamp and body.
"""

import base64
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from datetime import UTC
from http import HTTPStatus
from http.client import HTTPException

from models.vocabulary import DeliveryOutcome
from webapp.senders.address import AddressRefusedError
from webapp.senders.guarded import Guard, Line, TooLargeError, TooSlowError
from workflows.notices.claiming import Call
from workflows.notices.recording import Went

SYSTEM = "thuisroute"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with


@dataclass(frozen=True, slots=True)
class Sender:
    """Who calls: the organisation's number, the address of the program and the webhook key."""

    oin: str
    site: str
    key: bytes


def secret(key: bytes, webhook: str, version: int) -> bytes:
    """Return the secret of a webhook, which is kept nowhere (ADR 19)."""
    return hmac.digest(key, f"webhook {webhook} {version}".encode(), hashlib.sha256)


def shown(secret_of_webhook: bytes) -> str:
    """Return a secret as its receiver gets it."""
    return _SECRET_PREFIX + base64.b64encode(secret_of_webhook).decode()


def event_type(topic: str) -> str:
    """Return the type of a topic's events: `nl.thuisroute.housing-offered`."""
    return f"nl.{SYSTEM}.{topic.replace('_', '-')}"


def cloud_event(sender: Sender, call: Call) -> bytes:
    """Return the event: what happened and where to fetch the data, and nothing of a person."""
    event = {
        "specversion": "1.0",
        "id": call.envelope,
        "source": f"urn:nld:oin:{sender.oin}:systeem:{SYSTEM}",
        "type": event_type(call.topic),
        "time": call.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "dataref": f"{sender.site}/api/v1/gebeurtenissen/{call.envelope}",
    }
    return json.dumps(event, separators=(",", ":")).encode()


def signed(sender: Sender, call: Call, body: bytes, timestamp: int) -> dict[str, str]:
    """Return the headers: the key of the event, when it was signed, a signature per secret."""
    content = b".".join((call.envelope.encode(), str(timestamp).encode(), body))
    signatures = [
        "v1,"
        + base64.b64encode(
            hmac.digest(secret(sender.key, call.webhook, version), content, hashlib.sha256)
        ).decode()
        for version in call.versions
    ]
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": SYSTEM,
        "Accept-Encoding": "identity",
        "Webhook-Id": call.envelope,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(signatures),
    }


def send(guard: Guard, line: Line, sender: Sender, call: Call, timestamp: int) -> Went:
    """Call a webhook once and tell how it went."""
    body = cloud_event(sender, call)
    try:
        status = guard.post(line, call.url, body, signed(sender, call, body, timestamp))
    except (OSError, HTTPException, TooLargeError, TooSlowError, ValueError) as error:
        return problem(error)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Went(DeliveryOutcome.DELIVERED, f"HTTP {status}")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Went(DeliveryOutcome.REDIRECTED, f"HTTP {status}")
    return Went(DeliveryOutcome.REFUSED, f"HTTP {status}")


_PROBLEMS: tuple[tuple[type[BaseException], DeliveryOutcome], ...] = (
    (TooSlowError, DeliveryOutcome.TIMED_OUT),
    (TimeoutError, DeliveryOutcome.TIMED_OUT),
    (TooLargeError, DeliveryOutcome.ANSWER_TOO_LARGE),
    (AddressRefusedError, DeliveryOutcome.ADDRESS_REFUSED),
    (ssl.SSLCertVerificationError, DeliveryOutcome.CERTIFICATE_REFUSED),
    (OSError, DeliveryOutcome.UNREACHABLE),
    (HTTPException, DeliveryOutcome.REFUSED),
)


def problem(error: BaseException) -> Went:
    """Return what an error means for whoever reads the log of deliveries."""
    outcome = next(
        (each for kind, each in _PROBLEMS if isinstance(error, kind)), DeliveryOutcome.UNREACHABLE
    )
    if isinstance(error, ssl.SSLCertVerificationError):
        return Went(outcome, error.verify_message)
    return Went(outcome, type(error).__name__)
