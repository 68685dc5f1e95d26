"""Brings in conversations that were held elsewhere; a Celery task a batch."""

from celery import shared_task

from core import conversations
from core.db import make_engine
from core.settings import from_environment

engine = make_engine(from_environment(), "context-worker")


@shared_task(bind=True, acks_late=True)
def import_batch(self, rows: list[dict[str, object]]) -> int:
    with engine.connect() as connection:
        for row in rows:
            conversations.add(connection, int(row["user_id"]), str(row["title"]))
    return len(rows)
