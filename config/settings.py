"""What may differ between installations, read from the environment or from `.env`."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.keys import read_or_make

_PACKAGES = Path(__file__).resolve().parent.parent


def project_root() -> Path:
    """Return the checkout, or the working folder when installed from a wheel."""
    return _PACKAGES if (_PACKAGES / "pyproject.toml").is_file() else Path.cwd()


def _unprefixed(name: str) -> AliasChoices:
    return AliasChoices(name, name.upper())


class Settings(BaseSettings):
    """All settings; a field's description is also its comment in `example.env`."""

    model_config = SettingsConfigDict(
        env_prefix="THUISROUTE_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data: Path = Field(
        default=Path("data"),
        description="Folder for databases, keys and logs; relative to the project's root.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=8000, description="Port to listen on."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=2, description="Web processes; one for each core is plenty."
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="Requests at once per web process, and so its database connections."
    )
    proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        default=0, description="Trusted reverse proxies in front of the program."
    )
    request_limit_kb: Annotated[int, Field(ge=64)] = Field(
        default=4096,
        description="Largest form accepted, in kilobytes; a document may come beside it.",
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=_unprefixed("database_url"),
        description="PostgreSQL 15+ for the program's role; empty starts the embedded server.",
    )
    database_owner_url: SecretStr | None = Field(
        default=None,
        validation_alias=_unprefixed("database_owner_url"),
        description="The same database for its owner; read by `thuisroute migrate` only.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        validation_alias=_unprefixed("redis_url"),
        description="Redis or Valkey; empty starts the embedded server.",
    )

    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs cookies and forms; empty makes one in the data folder.",
    )
    seal_key: SecretStr | None = Field(
        default=None,
        description="Key of the hashes in events; never change it. Empty makes one, as above.",
    )
    secure_cookies: bool = Field(
        default=False,
        description="Cookies over HTTPS only; true wherever it is not local.",
    )
    session_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        default=10, description="Hours after which a session ends, used or not."
    )
    session_idle_minutes: Annotated[int, Field(ge=5, le=600)] = Field(
        default=60, description="Minutes without use after which a session ends."
    )
    second_factor: bool = Field(
        default=True, description="Demand a second factor of roles that see a BSN."
    )

    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="Address at which users open the program; mail and webhooks link to it.",
    )
    smtp_host: str = Field(
        default="", description="Mail server; empty: notices stand in the program only."
    )
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=587, description="Port of the mail server."
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How mail is encrypted on its way to the mail server."
    )
    smtp_user: str = Field(default="", description="Name at the mail server; empty: none asked.")
    smtp_password: SecretStr | None = Field(
        default=None, description="Password at the mail server."
    )
    mail_from: str = Field(default="", description="Sender of all mail, as name@example.org.")
    digest_hour: Annotated[int, Field(ge=0, le=23)] = Field(
        default=7, description="Hour of the day at which the daily mail leaves."
    )
    oin: str = Field(
        default="",
        pattern=r"^([0-9]{20})?$",
        description="Organisation number (OIN), the source that webhooks name; they need it.",
    )
    webhook_key: SecretStr | None = Field(
        default=None,
        description="The secrets of webhooks are derived from it; empty makes one, as above.",
    )
    webhook_networks: str = Field(
        default="",
        description="Private networks that webhooks may call, as 10.1.0.0/16,fd00::/8.",
    )
    webhook_http: bool = Field(
        default=False, description="Allow webhooks without TLS; for trying out only."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for /metrics; empty: only from the machine itself.",
    )

    locale: Literal["nl", "en"] = Field(default="nl", description="Language until a user chooses.")
    timezone: str = Field(
        default="Europe/Amsterdam", description="Time zone of business days and of the screens."
    )
    theme_css: str = Field(
        default="",
        description="Style sheet with tokens of one's own: a file, or a path on this site.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="`json` for a collector of logs."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged."
    )

    @model_validator(mode="after")
    def _resolve(self) -> Self:
        self.networks()
        # Wherever a command is given, it must find the same folder.
        object.__setattr__(self, "data", (project_root() / self.data.expanduser()).absolute())
        return self

    def signing_key(self) -> str:
        """Return the key for cookies and forms; raises OSError when it cannot be kept."""
        return _given_or_kept(self.secret_key, self.data / "secrets" / "signing-key")

    def sealing_key(self) -> bytes:
        """Return the key for the hashes in events; raises OSError as `signing_key` does."""
        return _given_or_kept(self.seal_key, self.data / "secrets" / "sealing-key").encode()

    def webhook_secret(self) -> bytes:
        """Return the key of the webhooks' secrets; raises OSError as `signing_key` does."""
        return _given_or_kept(self.webhook_key, self.data / "secrets" / "webhook-key").encode()

    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the private networks that webhooks may call."""
        return tuple(ip_network(each.strip()) for each in self.webhook_networks.split(",") if each)

    @property
    def site(self) -> str:
        """The address of the program in links, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server and a sender."""
        return bool(self.smtp_host and self.mail_from)

    @property
    def embedded_database(self) -> bool:
        """Whether the program starts PostgreSQL itself."""
        return self.database_url is None


def _given_or_kept(given: SecretStr | None, path: Path) -> str:
    return given.get_secret_value() if given is not None else read_or_make(path)


def load() -> Settings:
    """Read the environment over `.env` in the project's root; raises ValidationError."""
    return Settings(_env_file=project_root() / ".env")
