FROM python:3.11-slim
WORKDIR /srv
COPY pyproject.toml poetry.lock ./
RUN pip install --no-cache-dir poetry==1.8.5 && poetry install --only main --no-root
COPY core core
COPY standalone standalone
USER 10001
CMD ["poetry", "run", "uvicorn", "standalone.app:app", "--host", "0.0.0.0", "--port", "8000"]
