# One image for web, worker, beat and the set-up of the database; docker-compose.yml says which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    NEWSDESK_HOST=0.0.0.0 \
    NEWSDESK_PORT=8000 \
    NEWSDESK_DATA=/data \
    NEWSDESK_STATIC_ROOT=/app/collected

WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data --create-home newsdesk

COPY requirements.txt .
# Only what stands above the headings of the embedded servers and of the tests.
RUN sed '/^# --- embedded servers/,$d' requirements.txt > /tmp/run-time.txt \
    && pip install -r /tmp/run-time.txt \
    && rm /tmp/run-time.txt

COPY manage.py pyproject.toml ./
COPY newsdesk newsdesk
COPY articles articles
COPY annotations annotations
COPY templates templates
COPY static static
COPY seeds seeds
# The key serves this one command and is kept nowhere.
RUN SECRET_KEY=only-while-building python manage.py collectstatic --noinput

USER newsdesk
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=2)"]
CMD ["python", "-m", "newsdesk.web"]
