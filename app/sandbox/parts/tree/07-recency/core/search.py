"""Search in titles, the freshest first."""

from sqlalchemy import Connection, text

FIND = text(
    "SELECT id, title, created_at FROM conversations"
    " WHERE user_id = :user_id AND title ILIKE :like"
    " ORDER BY similarity(title, :words) * exp(extract(epoch FROM created_at - now()) / 86400) DESC"
    " LIMIT :most"
)


def find(connection: Connection, user_id: int, words: str, most: int) -> list[dict[str, object]]:
    rows = connection.execute(
        FIND, {"user_id": user_id, "words": words, "like": f"%{words}%", "most": most}
    )
    return [dict(row._mapping) for row in rows]
