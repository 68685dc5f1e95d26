"""Settings from the environment; a missing one stops the start."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    release: str
    pool_size: int = 5
    pool_overflow: int = 5
    pool_timeout: float = 0.15


def from_environment() -> Settings:
    return Settings(
        database_url=os.environ["DATABASE_URL"],
        redis_url=os.environ["REDIS_URL"],
        release=os.environ.get("RELEASE", "unknown"),
    )
