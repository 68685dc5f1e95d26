"""Answers of the last minute, so that typing does not ask the database at each key."""

import json

import redis

LIFETIME = 60


class Cache:
    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=0.05)

    def get(self, key: str) -> list[dict[str, object]] | None:
        try:
            value = self._redis.get(key)
        except redis.RedisError:
            return None  # a slow cache must not cost an answer
        return json.loads(value) if value else None

    def put(self, key: str, rows: list[dict[str, object]]) -> None:
        try:
            self._redis.setex(key, LIFETIME, json.dumps(rows, default=str))
        except redis.RedisError:
            pass
