"""The same search inside CODITECT's own application."""

from fastapi import FastAPI

from standalone.app import app as search

application = FastAPI(title="coditect-backend")
application.mount("/context", search)
