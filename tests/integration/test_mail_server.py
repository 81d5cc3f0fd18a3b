"""Mail over a line that is encrypted and asks for a name, and over one that nobody trusts."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr

from models.vocabulary import DeliveryOutcome
from tests.receivers import free_port, mailbox
from tests.relay import relay_settings
from webapp.senders.mail import MailServer
from workflows.notices.claiming import Claimed, Mail
from workflows.notices.recording import Went

MAIL = Mail(
    envelope="a" * 16,
    parts=(Claimed(1, 1),),
    address="officer@example.org",
    language="nl",
    active=True,
    cases=("b" * 16,),
)


def admit(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    """Let in who knows the password."""
    known = LoginPassword(b"thuisroute", b"een lang wachtwoord")
    return AuthResult(success=given == known, handled=given == known)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def serving(authority: trustme.CA, host: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def sent(folder: Path, authority: trustme.CA, port: int, **changes: Any) -> Went:
    """Send a mail to localhost, trusting an authority."""
    given = {
        "smtp_host": "localhost",
        "smtp_port": port,
        "smtp_user": "thuisroute",
        "smtp_password": SecretStr("een lang wachtwoord"),
        "mail_from": "meldingen@thuisroute.example",
    }
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with MailServer(relay_settings(folder, **(given | changes)), context) as server:
        return server.send(MAIL)


def test_mail_goes_by_starttls_with_name_and_password(
    tmp_path: Path, authority: trustme.CA
) -> None:
    context = serving(authority)
    with mailbox(
        tls_context=context, require_starttls=True, authenticator=admit, auth_required=True
    ) as box:
        assert sent(tmp_path, authority, box.port) == Went(DeliveryOutcome.DELIVERED)
        wrong = {"smtp_password": SecretStr("geraden")}
        assert sent(tmp_path, authority, box.port, **wrong).outcome is DeliveryOutcome.REFUSED
    assert len(box.letters) == 1


def test_mail_goes_by_tls_from_the_first_byte(tmp_path: Path, authority: trustme.CA) -> None:
    with mailbox(ssl_context=serving(authority)) as box:
        went = sent(tmp_path, authority, box.port, smtp_security="tls", smtp_user="")
    assert went.outcome is DeliveryOutcome.DELIVERED
    assert len(box.letters) == 1


def test_a_mail_server_with_another_certificate_gets_nothing(
    tmp_path: Path, authority: trustme.CA
) -> None:
    with mailbox(tls_context=serving(trustme.CA()), require_starttls=True) as box:
        went = sent(tmp_path, authority, box.port)
    assert went.outcome is DeliveryOutcome.CERTIFICATE_REFUSED
    assert box.letters == []


def test_a_mail_server_without_tls_gets_nothing_unless_it_is_set_so(
    tmp_path: Path, authority: trustme.CA
) -> None:
    with mailbox() as box:
        assert sent(tmp_path, authority, box.port).outcome is DeliveryOutcome.REFUSED
        assert box.letters == []
        plain = {"smtp_security": "none", "smtp_user": ""}
        assert sent(tmp_path, authority, box.port, **plain).outcome is DeliveryOutcome.DELIVERED


def test_a_mail_server_that_is_away_is_said_so(tmp_path: Path, authority: trustme.CA) -> None:
    went = sent(tmp_path, authority, free_port())
    assert went.outcome is DeliveryOutcome.UNREACHABLE
    assert sent(tmp_path, authority, 1, smtp_host="").outcome is DeliveryOutcome.NOT_SET_UP
