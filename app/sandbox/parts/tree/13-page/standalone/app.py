"""The service on Kubernetes."""

from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import Connection

from core import conversations, search
from core.db import Pool, make_engine
from core.settings import from_environment

settings = from_environment()
app = FastAPI(title="context-intelligence", version=settings.release)
pool = Pool(make_engine(settings, "context-web"))
Database = Annotated[Connection, Depends(pool)]


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok", "release": settings.release}


@app.get("/search")
def search_conversations(
    database: Database, user: int, q: str, most: int = 50
) -> list[dict[str, object]]:
    return search.find(database, user, q, most)


@app.post("/conversations", status_code=201)
def add_conversation(database: Database, user: int, title: str) -> dict[str, int]:
    return {"id": conversations.add(database, user, title)}
