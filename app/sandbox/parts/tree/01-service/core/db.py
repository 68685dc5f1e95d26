"""One connection a request, from a small pool."""

import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, create_engine

from core.metrics import connection_held
from core.settings import Settings


def make_engine(settings: Settings, program: str) -> Engine:
    return create_engine(
        settings.database_url,
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=settings.pool_timeout,
        connect_args={"application_name": f"{program}/{settings.release[:7]}"},
    )


class Pool:
    """A dependency: what stands after the yield runs when FastAPI leaves the dependency."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> Iterator[Connection]:
        taken = time.monotonic()
        with self._engine.connect() as connection:
            yield connection
        connection_held.observe(time.monotonic() - taken)
