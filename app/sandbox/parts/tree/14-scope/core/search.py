"""Search in titles, within the user's organization."""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, text

FIND = text(
    "SELECT id, title, created_at FROM conversations"
    " WHERE organization_id = (SELECT organization_id FROM users WHERE id = :user_id)"
    " AND title ILIKE :like ORDER BY id DESC LIMIT :most"
)


def lines(connection: Connection, user_id: int, words: str, most: int) -> Iterator[str]:
    """One JSON object a line, as the rows come."""
    for row in connection.execute(FIND, {"user_id": user_id, "like": f"%{words}%", "most": most}):
        yield json.dumps(dict(row._mapping), default=str) + "\n"
