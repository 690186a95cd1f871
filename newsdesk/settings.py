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
    "newsdesk.serving.StaticFiles",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
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
    "corsheaders.middleware.CorsMiddleware",
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
                "newsdesk.api.notices.paused",
            ],
        },
    },
]

DATABASES = {
    # Kept from request to request by the web server's threads (newsdesk/asgi.py), and looked at
    # before each: PostgreSQL may have been started again meanwhile.
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or embedded.database_url(DATA),
        engine="newsdesk.postgres",
        conn_max_age=int(os.environ.get("NEWSDESK_CONNECTION_SECONDS", "300")),
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(DATA)
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "ingest"
CELERY_TASK_ROUTES = {
    "annotations.tasks.*": {"queue": "read"},
    "annotations.tasks.take_in_file": {"queue": "ingest"},
    "newsdesk.api.tasks.deliver": {"queue": "deliver"},
    "newsdesk.api.tasks.*_webhooks": {"queue": "deliver"},
    "newsdesk.api.tasks.*_deliveries": {"queue": "deliver"},
}
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
    "sweep-imports": {
        "task": "annotations.tasks.sweep_imports",
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
    "sweep-webhooks": {
        "task": "newsdesk.api.tasks.sweep_webhooks",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS * 5},
    },
    "forget-deliveries": {
        "task": "newsdesk.api.tasks.forget_deliveries",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
# 1 lets webhooks go to private and loopback addresses, and without TLS: for development only.
PRIVATE_WEBHOOKS = os.environ.get("NEWSDESK_PRIVATE_WEBHOOKS", "0") == "1"

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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "newsdesk.serving.HashedStorage"},
}
WHITENOISE_USE_FINDERS = True
# Files are served from where they stand until somebody collects them.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
# The largest file that is imported.
IMPORT_BYTES = int(os.environ.get("NEWSDESK_IMPORT_BYTES", "200000000"))
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
    "DEFAULT_THROTTLE_CLASSES": ["newsdesk.api.limits.Limit"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "newsdesk.api.negotiating.Negotiation",
    "DEFAULT_RENDERER_CLASSES": [
        "newsdesk.api.parsing.JSONRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "newsdesk.api.parsing.StorableJSONParser",
        "newsdesk.api.parsing.StorableJSONLDParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "newsdesk.api.schema.Schema",
    # A parameter of that name would be one of ours.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "newsdesk.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# How often a client may ask in a minute: each token, each person signed in; each address of
# strangers. 0 lets everything through.
REQUESTS_A_MINUTE = int(os.environ.get("NEWSDESK_REQUESTS_A_MINUTE", "30000"))
STRANGERS_REQUESTS_A_MINUTE = int(os.environ.get("NEWSDESK_STRANGERS_REQUESTS_A_MINUTE", "6000"))

# Pages of others may read what is published. No cookies and no tokens: what a stranger sees.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match", "prefer"]
CORS_EXPOSE_HEADERS = [
    "ETag", "Link", "Location", "Preference-Applied", "RateLimit", "RateLimit-Policy",
    "Retry-After",
]  # fmt: skip

SPECTACULAR_SETTINGS = {
    "TITLE": "Newsdesk",
    "DESCRIPTION": "Articles and their annotations, in the W3C Web Annotation format.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # What may be left out of an answer may be needed in a request.
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SourceKind": "annotations.models.source.SourceKind",
        "AnnotationKind": "annotations.models.annotation.Kind",
        "AnnotationStatus": "annotations.models.annotation.Status",
        "ZoneKind": "articles.models.Zone.Kind",
        "ArticleState": "articles.models.Article.State",
        "RunState": "annotations.models.run.RunState",
        "ClaimLinkKind": "annotations.models.claim.ClaimLinkKind",
        "WebhookState": "newsdesk.api.models.Webhook.State",
        "DeliveryState": "newsdesk.api.models.Delivery.State",
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
