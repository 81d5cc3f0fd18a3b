"""Sends notices by mail: a reference and a link, in the language of the reader."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from types import TracebackType
from typing import Self

from babel.support import Translations

from config.settings import Settings
from models.vocabulary import DeliveryOutcome
from webapp.extraction import ROOT
from webapp.marking import N_
from workflows.notices.claiming import Mail
from workflows.notices.recording import Went

SECONDS = 10.0
PERMANENT = 500
_SUBJECT = N_("Thuisroute: melding over dossier %(reference)s")
_SUBJECT_SEVERAL = N_("Thuisroute: meldingen over %(number)s dossiers")
_GREETING = N_("Er staat een melding voor u klaar over:")
_ENDING = N_("U leest haar na aanmelden. Welke mail u krijgt, kiest u zelf:")


@dataclass(slots=True)
class MailServer:
    """A connection to the mail server, made at the first mail and used for those that follow."""

    settings: Settings
    tls: ssl.SSLContext | None = None
    _line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Use the connection for several mails."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye."""
        if self._line is not None:
            self._hang_up(self._line)

    def send(self, mail: Mail) -> Went:
        """Send one mail and tell how it went; the address never stands in what it tells."""
        if not self.settings.sends_mail:
            return Went(DeliveryOutcome.NOT_SET_UP)
        try:
            message = compose(self.settings, mail)
        except ValueError:
            # A line end or another control character, which would begin a header of its own.
            return Went(DeliveryOutcome.RECIPIENT_REFUSED, "address")
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            code = next(iter(refusal.recipients.values()))[0]
            final = code >= PERMANENT
            outcome = DeliveryOutcome.RECIPIENT_REFUSED if final else DeliveryOutcome.REFUSED
            return Went(outcome, f"SMTP {code}")
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            return _problem(error)
        return Went(DeliveryOutcome.DELIVERED)

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            self._line = self._connect()
        return self._line

    def _connect(self) -> smtplib.SMTP:
        chosen = self.settings
        context = self.tls or ssl.create_default_context()
        where = (chosen.smtp_host, chosen.smtp_port)
        if chosen.smtp_security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=SECONDS, context=context)
        else:
            line = smtplib.SMTP(*where, timeout=SECONDS)
        try:
            if chosen.smtp_security == "starttls":
                line.starttls(context=context)
            if chosen.smtp_user:
                password = chosen.smtp_password
                line.login(
                    chosen.smtp_user, "" if password is None else password.get_secret_value()
                )
        except BaseException:
            line.close()
            raise
        return line

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _hang_up(self, line: smtplib.SMTP) -> None:
        try:
            line.quit()
        except (smtplib.SMTPException, OSError):
            line.close()
        self._line = None


def compose(settings: Settings, mail: Mail) -> EmailMessage:
    """Return a mail with references and links only.

    Raises `ValueError` for an address that would add a header. `Message-ID` is the key by which a
    receiver knows a second copy.
    """
    words = _translations(mail.language).gettext
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    if "," in mail.address or not mail.address.isprintable():
        raise ValueError("address")
    message["To"] = mail.address
    message["Subject"] = _subject(words(_SUBJECT), words(_SUBJECT_SEVERAL), mail.cases)
    message["Message-ID"] = f"<{mail.envelope}@{_domain(settings.mail_from)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    links = [f"{case}\n{settings.site}/dossiers/{case}" for case in mail.cases]
    ending = f"{words(_ENDING)}\n{settings.site}/meldingen/instellingen"
    message.set_content("\n\n".join([words(_GREETING), *links, ending]) + "\n")
    return message


def _subject(one: str, several: str, cases: tuple[str, ...]) -> str:
    if len(cases) == 1:
        return one % {"reference": cases[0]}
    return several % {"number": len(cases)}


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip("> ") or "thuisroute.invalid"


@cache
def _translations(language: str) -> Translations:
    found = Translations.load(ROOT / "webapp" / "translations", [language])
    return found if isinstance(found, Translations) else Translations()


def _problem(error: Exception) -> Went:
    match error:
        case smtplib.SMTPResponseException():
            return Went(DeliveryOutcome.REFUSED, f"SMTP {error.smtp_code}")
        case ssl.SSLCertVerificationError():
            return Went(DeliveryOutcome.CERTIFICATE_REFUSED, error.verify_message)
        case TimeoutError():
            return Went(DeliveryOutcome.TIMED_OUT)
        case smtplib.SMTPServerDisconnected():
            return Went(DeliveryOutcome.UNREACHABLE, type(error).__name__)
        # What smtplib raises is an OSError too, and here the server said no.
        case smtplib.SMTPException():
            return Went(DeliveryOutcome.REFUSED, type(error).__name__)
        case _:
            return Went(DeliveryOutcome.UNREACHABLE, type(error).__name__)
