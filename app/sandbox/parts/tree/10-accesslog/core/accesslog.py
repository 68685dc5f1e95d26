"""One line a request: what, how long, for whom, and what it cost the pool."""

import logging

log = logging.getLogger("api.search")


def answered(path: str, code: int, ms: int, org: int, pool: str, held_ms: int) -> None:
    level = logging.ERROR if code >= 500 else logging.INFO
    log.log(level, "GET %s %d %dms org=%d pool=%s conn_held=%dms", path, code, ms, org, pool, held_ms)
