"""What a person sees when a request fails: a sentence and the id to ask about."""

from uuid import uuid4

from fastapi import Request
from fastapi.responses import JSONResponse


async def failed(request: Request, problem: Exception) -> JSONResponse:
    ident = request.headers.get("x-request-id", str(uuid4()))
    return JSONResponse({"error": "The search failed.", "request": ident}, status_code=503)
