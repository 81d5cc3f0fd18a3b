"""The engine factory: one dialect, PostgreSQL through psycopg."""

from sqlalchemy import Engine, create_engine


def make_engine(
    url: str, *, pool_size: int = 5, name: str = "thuisroute", durable: bool = True
) -> Engine:
    """Return an engine whose connections speak UTC and give up on a lock after ten seconds.

    `url` is a `postgresql://` URL; `pool_size` is the number of connections kept open. Without
    `durable` a crash may lose the last commits, never their order: for what can be made again.
    """
    options = "-c timezone=UTC -c lock_timeout=10s -c jit=off"
    if not durable:
        options += " -c synchronous_commit=off"
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_reset_on_return="rollback",
        connect_args={
            "application_name": name,
            "options": options,
        },
    )
