"""The engine factory: one dialect, PostgreSQL through psycopg."""

from sqlalchemy import Engine, create_engine


def make_engine(
    url: str, *, pool_size: int = 5, name: str = "thuisroute", filling: bool = False
) -> Engine:
    """Return an engine whose connections speak UTC and give up on a lock after ten seconds.

    `url` is a `postgresql://` URL; `pool_size` is the number of connections kept open. `filling` is
    for an empty database that could be made again: a crash may lose the last commits, never their
    order, and rows are looked up by index, whatever plans fitted the tables when they were empty.
    """
    options = "-c timezone=UTC -c lock_timeout=10s -c jit=off"
    if filling:
        options += " -c synchronous_commit=off -c enable_seqscan=off"
        options += " -c enable_hashjoin=off -c enable_mergejoin=off"
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
