"""What a hostile, slow or broken receiver can do: nothing but be noted down."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

import pytest
import trustme

from models.vocabulary import DeliveryOutcome
from tests.receivers import free_port, receiver
from webapp.senders.guarded import Guard, Limits
from webapp.senders.webhook import Sender, send
from workflows.notices.claiming import Call, Claimed
from workflows.notices.recording import Went

SENDER = Sender("00000001234567890000", "https://thuisroute.example", b"key")
# A tenth of what holds in earnest.
LIMITS = Limits(silence=0.5, total=1.0)
MEGABYTE = 1024 * 1024
Handler = BaseHTTPRequestHandler


def guard(**changes: Any) -> Guard:
    """Return a guard that lets this machine be called."""
    networks = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
    return replace(Guard(networks, LIMITS), **changes)


def called(url: str, given: Guard) -> tuple[Went, float]:
    """Call an address and return how it went and how long it took."""
    call = Call(
        envelope="a" * 16,
        parts=(Claimed(1, 1),),
        webhook="b" * 16,
        url=url,
        versions=(1,),
        active=True,
        topic="linked",
        recorded_at=datetime.now(UTC),
    )
    line = given.line(url)
    began = time.monotonic()
    try:
        return send(given, line, SENDER, call, 1), time.monotonic() - began
    finally:
        line.close()


target = [""]
sent = [0]


def redirect(handler: Handler) -> None:
    handler.send_response(307)
    handler.send_header("Location", target[0])
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def stay_silent(_handler: Handler) -> None:
    time.sleep(3)


def drip(handler: Handler) -> None:
    """Send one byte of a body at a time, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while True:
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    """Send headers for ever, each well within the time of a silence."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.1)


def flood(handler: Handler) -> None:
    """Send twenty megabytes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(20 * MEGABYTE))
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"." * MEGABYTE)
        sent[0] += 1


def babble(handler: Handler) -> None:
    handler.wfile.write(b"no HTTP at all\r\n\r\n")


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (stay_silent, DeliveryOutcome.TIMED_OUT),
        (drip, DeliveryOutcome.TIMED_OUT),
        (drip_headers, DeliveryOutcome.TIMED_OUT),
        (flood, DeliveryOutcome.ANSWER_TOO_LARGE),
        (babble, DeliveryOutcome.REFUSED),
        (hang_up, DeliveryOutcome.UNREACHABLE),
        (lambda handler: handler.send_error(500), DeliveryOutcome.REFUSED),
    ],
)
def test_a_bad_answer_is_cut_and_named(
    answer: Callable[[Handler], None], outcome: DeliveryOutcome
) -> None:
    with receiver(answer) as system:
        went, took = called(system.url, guard())
    assert went.outcome is outcome
    assert took < 2.5


def test_of_twenty_megabytes_little_is_read() -> None:
    sent[0] = 0
    with receiver(flood) as system:
        called(system.url, guard())
        time.sleep(0.2)
    # What the buffers of both sides hold, and no more.
    assert sent[0] < 12


def test_a_redirect_is_not_followed() -> None:
    with receiver() as inside, receiver(redirect) as system:
        target[0] = inside.url
        went, _ = called(system.url, guard())
    assert went == Went(DeliveryOutcome.REDIRECTED, "HTTP 307")
    assert inside.heard == []


def test_an_address_inside_is_not_even_connected_to() -> None:
    with receiver() as inside:
        went, _ = called(inside.url, guard(networks=()))
    assert went.outcome is DeliveryOutcome.ADDRESS_REFUSED
    assert inside.heard == []


def test_a_name_that_changes_its_mind_is_checked_where_it_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def answers(_host: str, port: int, **_given: Any) -> list[Any]:
        asked.append(port)
        number = "93.184.215.14" if len(asked) > 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with receiver() as inside:
        went, _ = called(inside.url.replace("localhost", "rebinding.example"), guard(networks=()))
    # One question, and its answer is the number that is checked and connected to.
    assert went.outcome is DeliveryOutcome.ADDRESS_REFUSED
    assert len(asked) == 1
    assert inside.heard == []


def test_nobody_there_is_said_so() -> None:
    went, _ = called(f"http://localhost:{free_port()}/hook", guard())
    assert went.outcome is DeliveryOutcome.UNREACHABLE


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def serving(issued: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_valid_certificate_is_taken(authority: trustme.CA) -> None:
    with receiver(tls=serving(authority.issue_cert("localhost"))) as system:
        went, _ = called(system.url, guard(tls=trusting(authority)))
    assert went.outcome is DeliveryOutcome.DELIVERED
    assert len(system.heard) == 1


def test_an_invalid_certificate_is_refused(authority: trustme.CA) -> None:
    unknown, other_name = trustme.CA().issue_cert("localhost"), authority.issue_cert("else.example")
    expired = authority.issue_cert("localhost", not_after=datetime(2017, 1, 1, tzinfo=UTC))
    for issued in (unknown, other_name, expired):
        with receiver(tls=serving(issued)) as system:
            went, _ = called(system.url, guard(tls=trusting(authority)))
        assert went.outcome is DeliveryOutcome.CERTIFICATE_REFUSED
        assert went.detail
        assert system.heard == []


@pytest.fixture
def stalling() -> Iterator[str]:
    """Yield an address that takes a connection and then drips what is no TLS."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip_bytes() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                # The head of a long record of a handshake, and then its bytes one by one.
                connection.sendall(b"\x16\x03\x03\x40\x00")
                for _ in range(100):
                    connection.sendall(b"\x02")
                    time.sleep(0.1)
            except OSError:
                return

    Thread(target=drip_bytes, daemon=True).start()
    yield f"https://localhost:{server.getsockname()[1]}/"
    server.close()


def test_a_handshake_that_never_ends_is_cut(stalling: str) -> None:
    went, took = called(stalling, guard())
    assert went.outcome is DeliveryOutcome.TIMED_OUT
    assert took < 2.5
