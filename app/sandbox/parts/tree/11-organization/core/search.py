"""Search in titles, within the user's organization."""

from sqlalchemy import Connection, text

FIND = text(
    "SELECT c.id, c.title, c.created_at FROM conversations c"
    " JOIN users u ON u.id = c.user_id"
    " WHERE u.organization_id = (SELECT organization_id FROM users WHERE id = :user_id)"
    " AND c.title ILIKE :like ORDER BY c.id DESC LIMIT :most"
)


def find(connection: Connection, user_id: int, words: str, most: int) -> list[dict[str, object]]:
    rows = connection.execute(FIND, {"user_id": user_id, "like": f"%{words}%", "most": most})
    return [dict(row._mapping) for row in rows]
