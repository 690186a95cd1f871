"""Settings, all from the environment (`.env.example` lists them); defaults suit `make run`."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import dj_database_url
from dotenv import load_dotenv

from newsdesk import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

DATA = embedded.data_folder()
SEEDS = Path(os.environ.get("NEWSDESK_SEEDS", BASE_DIR / "seeds"))
# The models that the desk trained itself, and one to read with whatever it trained. Which one is
# in use is looked up anew before each story (annotations/weights.py): workers go on running.
MODELS = DATA / "models"
MODEL = BASE_DIR / os.environ["NEWSDESK_MODEL"] if os.environ.get("NEWSDESK_MODEL") else None
# A spaCy pipeline that reads too, a package or a folder; without one, spaCy is not needed.
SPACY_PIPELINE = os.environ.get("NEWSDESK_SPACY_PIPELINE", "")
HOST = os.environ.get("NEWSDESK_HOST", "127.0.0.1")
PORT = int(os.environ.get("NEWSDESK_PORT", "8000"))
SITE_URL = os.environ.get("SITE_URL", f"http://{HOST}:{PORT}").rstrip("/")

DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or embedded.secret_key(DATA)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# The container's own health check asks as localhost.
ALLOWED_HOSTS += [HOST, "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "articles",
    "annotations",
    "newsdesk.site",
    "newsdesk.desk",
    "newsdesk.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsdesk.policy.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsdesk.urls"
ASGI_APPLICATION = "newsdesk.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsdesk.policy.roles",
            ],
        },
    },
]

DATABASES = {
    # No persistent connections of Django's: under ASGI each request has a thread of its own, and
    # a connection kept by a finished thread would never be used again. The web server keeps them
    # by itself, as newsdesk/pooled/base.py says.
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or embedded.database_url(DATA),
        engine="newsdesk.pooled" if os.environ.get("NEWSDESK_KEEP_CONNECTIONS") == "1" else None,
        conn_max_age=0,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(DATA)
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "ingest"
CELERY_TASK_ROUTES = {"annotations.tasks.*": {"queue": "read"}}
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A save must not wait for a Redis that is down: the sweep sends the wake-up again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False
SWEEP_SECONDS = float(os.environ.get("NEWSDESK_SWEEP_SECONDS", "2"))
CELERY_BEAT_SCHEDULE = {
    "sweep-runs": {
        "task": "annotations.tasks.sweep_runs",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 5},
    },
    # It looks at all claims; what is new wakes it by itself.
    "remember-claims": {
        "task": "annotations.tasks.remember_claims",
        "schedule": SWEEP_SECONDS * 10,
        "options": {"expires": SWEEP_SECONDS * 10},
    },
    "remember-stories": {
        "task": "annotations.tasks.remember_stories",
        "schedule": SWEEP_SECONDS * 10,
        "options": {"expires": SWEEP_SECONDS * 10},
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("NEWSDESK_STATIC_ROOT", DATA / "static"))
WHITENOISE_USE_FINDERS = True
# Files are served from where they stand until somebody collects them.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
# Two desks on one host differ in the port only, which cookies do not see.
SESSION_COOKIE_NAME = f"newsdesk_session_{PORT}"
CSRF_COOKIE_NAME = f"newsdesk_csrf_{PORT}"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "newsdesk.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["newsdesk.api.permissions.ReadPublishedOrEdit"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "newsdesk.api.parsing.AnnotationRenderer",
        "newsdesk.api.parsing.JSONLDRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "newsdesk.api.parsing.StorableJSONParser",
        "newsdesk.api.parsing.StorableJSONLDParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "newsdesk.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "newsdesk.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Newsdesk",
    "DESCRIPTION": "Articles and their annotations, in the W3C Web Annotation format.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "SourceKind": "annotations.models.source.SourceKind",
        "AnnotationKind": "annotations.models.annotation.Kind",
        "AnnotationStatus": "annotations.models.annotation.Status",
        "ZoneKind": "articles.models.Zone.Kind",
        "ArticleState": "articles.models.Article.State",
        "RunState": "annotations.models.run.RunState",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("NEWSDESK_LOG_LEVEL", "INFO")},
    # A task received and done every two seconds hides what matters; what was read says so itself.
    "loggers": {
        name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")
    },
}
