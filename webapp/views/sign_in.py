"""Signing in: password, second factor and its enrolment, signing out."""

import secrets

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from webapp import second_factor as codes
from webapp.auth import (
    SignedIn,
    end_cookie,
    needs_second_factor,
    settings,
    signed_in,
    start_session,
)
from webapp.clock import clock, moment
from webapp.db import transaction
from webapp.passwords import LONGEST, matches
from webapp.throttle import PER_ACCOUNT, PER_ADDRESS, PER_USER, account_key, limiter
from workflows.errors import NotFound
from workflows.sign_in import (
    accept_second_factor,
    find_account,
    revoke_session,
    set_second_factor,
)
from workflows.trail import record_audit
from workflows.users import load_actors

blueprint = Blueprint("sign_in", __name__)
LONGEST_EMAIL = 254


def _codes_of() -> str:
    """Count codes per user: who knows the password opens as many sessions as they like."""
    visitor: SignedIn = current_user
    return f"code {visitor.session.user_id}"


def _failed(response: Response) -> bool:
    return response.status_code == 401  # noqa: PLR2004 - HTTP's own number


@blueprint.get("/aanmelden")
def form() -> BaseResponse | str:
    """Show the sign-in page."""
    visitor = signed_in()
    if visitor is not None:
        return redirect("/" if visitor.complete else url_for("sign_in.second_factor"))
    return _page()


@blueprint.post("/aanmelden")
@limiter.limit(PER_ADDRESS)
@limiter.limit(PER_ACCOUNT, key_func=account_key, deduct_when=_failed)
def submit() -> BaseResponse:
    """Check a password; an unknown account answers the same, in the same time."""
    email = request.form.get("email", "")[:LONGEST_EMAIL].replace("\x00", "")
    password = request.form.get("password", "")
    with transaction() as connection:
        account = find_account(connection, email)
    stored = None if account is None else account.password_hash
    if not matches(stored, password[:LONGEST]) or account is None or len(password) > LONGEST:
        if account is not None:
            _note(account.user_id, "sign_in_failed")
        return make_response(_page(email=email, wrong=True), 401)
    with transaction() as connection:
        today = moment().today
        actor = load_actors(connection, [account.user_id], today).get(account.user_id)
        half_way = actor is not None and needs_second_factor(actor)
        record_audit(
            connection, moment(), account.user_id, "password_given" if half_way else "signed_in"
        )
    target = _target()
    answer = redirect(url_for("sign_in.second_factor", next=target) if half_way else target)
    _forget_visitor()
    start_session(answer, account.user_id, passed=False, half_way=half_way)
    return answer


@blueprint.get("/aanmelden/code")
def second_factor() -> BaseResponse | str:
    """Ask for the second factor, or lead to its enrolment."""
    visitor: SignedIn = current_user
    if visitor.complete:
        return redirect("/")
    if visitor.session.second_factor_secret is None:
        return redirect(url_for("sign_in.enrol", next=request.args.get("next")))
    return render_template("sign_in/code.html", wrong=False, next=_target())


@blueprint.post("/aanmelden/code")
@limiter.limit(PER_USER, key_func=_codes_of)
def check_second_factor() -> BaseResponse:
    """Check a code; each is accepted once."""
    visitor: SignedIn = current_user
    secret = visitor.session.second_factor_secret
    step = codes.matching_step(secret, request.form.get("code", "")) if secret else None
    if step is None or not _use_up(visitor, step):
        page = render_template("sign_in/code.html", wrong=True, next=_target())
        return make_response(page, 401)
    return _complete(visitor)


@blueprint.get("/aanmelden/instellen")
def enrol() -> BaseResponse | str:
    """Show the key for an authenticator app."""
    visitor: SignedIn = current_user
    if visitor.complete or visitor.session.second_factor_secret is not None:
        return redirect("/")
    session.setdefault("enrolment", codes.new_secret())
    return _enrolment_page(visitor, wrong=False)


@blueprint.get("/aanmelden/instellen/code.svg")
def enrolment_image() -> BaseResponse:
    """Give the key of an enrolment under way as a QR code, to whom it is shown and nobody else."""
    visitor: SignedIn = current_user
    secret = session.get("enrolment")
    if visitor.complete or visitor.session.second_factor_secret is not None or secret is None:
        raise NotFound
    image = codes.enrolment_image(codes.enrolment_uri(secret, visitor.session.email))
    return Response(image, mimetype="image/svg+xml")


@blueprint.post("/aanmelden/instellen")
@limiter.limit(PER_USER, key_func=_codes_of)
def check_enrolment() -> BaseResponse:
    """Keep the key once a code proves that the app has it."""
    visitor: SignedIn = current_user
    secret = session.get("enrolment")
    if visitor.complete or visitor.session.second_factor_secret is not None or secret is None:
        return redirect("/")
    step = codes.matching_step(secret, request.form.get("code", ""))
    if step is None:
        return make_response(_enrolment_page(visitor, wrong=True), 401)
    with transaction() as connection:
        if set_second_factor(connection, visitor.session.user_id, secret):
            record_audit(
                connection,
                moment(),
                visitor.session.user_id,
                "second_factor_enrolled",
                subject=visitor.session.reference,
            )
    _use_up(visitor, step)
    return _complete(visitor)


@blueprint.post("/afmelden")
def sign_out() -> BaseResponse:
    """End the session here and now."""
    visitor: SignedIn = current_user
    with transaction() as connection:
        revoke_session(connection, visitor.session.session_id)
        record_audit(connection, moment(), visitor.session.user_id, "signed_out")
    _forget_visitor()
    answer = redirect(url_for("sign_in.form"))
    end_cookie(answer)
    return answer


def _page(*, email: str = "", wrong: bool = False) -> str:
    off = clock().is_demo or not settings().second_factor
    return render_template(
        "sign_in/form.html", email=email, wrong=wrong, next=_target(), second_factor_off=off
    )


def _enrolment_page(visitor: SignedIn, *, wrong: bool) -> str:
    secret = session["enrolment"]
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template(
        "sign_in/enrol.html",
        key=groups,
        uri=codes.enrolment_uri(secret, visitor.session.email),
        wrong=wrong,
        next=_target(),
    )


def _target() -> str:
    """Return where to go afterwards: a path of this site only."""
    wanted = request.values.get("next", "/")
    safe = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if safe and "\\" not in wanted and wanted.isprintable() else "/"


def _use_up(visitor: SignedIn, step: int) -> bool:
    with transaction() as connection:
        return accept_second_factor(connection, visitor.session.user_id, step)


def _complete(visitor: SignedIn) -> BaseResponse:
    with transaction() as connection:
        revoke_session(connection, visitor.session.session_id)
        record_audit(connection, moment(), visitor.session.user_id, "signed_in")
    answer = redirect(_target())
    _forget_visitor()
    start_session(answer, visitor.session.user_id, passed=True, half_way=False)
    return answer


def _forget_visitor() -> None:
    """Leave nothing of one visitor in the browser's session for the next."""
    language = session.get("language")
    session.clear()
    session["visit"] = secrets.token_hex(8)
    if language is not None:
        session["language"] = language


def _note(user_id: int, action: str) -> None:
    with transaction() as connection:
        record_audit(connection, moment(), user_id, action)
