"""The second factor: time-based codes (TOTP, RFC 6238) of 30 seconds; each is accepted once."""

import io
import time

import pyotp
import segno

from models.vocabulary import Role

# Roles that see a BSN.
DEMANDED_OF = frozenset(
    {
        Role.CASE_MANAGER,
        Role.PLACEMENT_OFFICER,
        Role.MUNICIPAL_OFFICER,
        Role.COORDINATOR,
        Role.GUARDIAN,
    }
)
SECONDS = 30
# A clock that runs half a minute wrong still signs in.
TOLERATED_STEPS = (0, -1, 1)


def new_secret() -> str:
    """Return a new secret in base32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, email: str) -> str:
    """Return the address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Thuisroute")


def enrolment_image(uri: str) -> bytes:
    """Return the address of an enrolment as a QR code, as SVG; light behind it in any theme."""
    image = io.BytesIO()
    segno.make(uri, error="m").save(
        image,
        kind="svg",
        scale=5,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return image.getvalue()


def matching_step(secret: str, code: str) -> int | None:
    """Return the time step that a code stands for now, or None when it is wrong."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret), int(time.time()) // SECONDS
    for shift in TOLERATED_STEPS:
        if pyotp.utils.strings_equal(totp.generate_otp(now + shift), digits):
            return now + shift
    return None
