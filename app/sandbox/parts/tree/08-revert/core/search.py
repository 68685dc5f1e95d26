"""Search in titles."""

from sqlalchemy import Connection, text

FIND = text(
    "SELECT id, title, created_at FROM conversations"
    " WHERE user_id = :user_id AND title ILIKE :like ORDER BY id DESC LIMIT :most"
)


def find(connection: Connection, user_id: int, words: str, most: int) -> list[dict[str, object]]:
    rows = connection.execute(FIND, {"user_id": user_id, "like": f"%{words}%", "most": most})
    return [dict(row._mapping) for row in rows]
