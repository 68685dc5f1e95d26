"""Reading and writing conversations."""

from sqlalchemy import Connection, text

INSERT = text(
    "INSERT INTO conversations (user_id, title, organization_id)"
    " SELECT id, :title, organization_id FROM users WHERE id = :user_id RETURNING id"
)


def add(connection: Connection, user_id: int, title: str) -> int:
    row = connection.execute(INSERT, {"user_id": user_id, "title": title}).one()
    connection.commit()
    return int(row.id)
