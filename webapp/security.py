"""Headers of every answer, errors and static files included."""

from flask import Flask, Request, Response, request

_POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_POLICY)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
A_YEAR = 31_536_000


def headers(*, secure: bool) -> dict[str, str]:
    """Return the headers that every answer bears; `secure` where the site is HTTPS only."""
    if not secure:
        return ALWAYS
    return {**ALWAYS, "Strict-Transport-Security": f"max-age={A_YEAR}; includeSubDomains"}


def install(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of the application."""
    always = headers(secure=secure)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(always)
        # Whatever is not a file of the program may show a person.
        if not _is_static(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_static(received: Request) -> bool:
    return received.endpoint == "static"
