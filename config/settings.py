"""Settings, from the environment only. Nothing set = the embedded default: SQLite, no Redis, all under var/.

`docs/operations.md` lists every variable. A mistake in one refuses to start in one sentence (config/environment.py).
"""
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from celery.schedules import crontab

from config.environment import Environment, check_secret_key, kept_secrets, parse_field_keys, refuse
from config.logs import configure

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- where things are, and the secrets -------------------------------------------------------------------------------
DEBUG = env.switch("DEBUG")
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
FILES_DIR = env.folder("FILES_DIR", VAR_DIR / "files")
REDIS_URL = env.redis("REDIS_URL")
HTTPS = env.switch("HTTPS")
# HTTPS ends at a reverse proxy, which also writes the address of the caller; without one neither header is believed.
BEHIND_PROXY = env.switch("BEHIND_PROXY", HTTPS)

_given = {name: env.text(name) for name in ("SECRET_KEY", "FIELD_KEYS")}
_kept = {} if all(_given.values()) else kept_secrets(VAR_DIR)
SECRET_KEY = check_secret_key(_given["SECRET_KEY"] or _kept["SECRET_KEY"], debug=DEBUG)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
FIELD_KEYS = parse_field_keys(_given["FIELD_KEYS"] or _kept["FIELD_KEYS"])

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*LOOPBACK, *env.words("ALLOWED_HOSTS", [])]
if HTTPS and ALLOWED_HOSTS == LOOPBACK:
    refuse("启用 HTTPS 时必须用 ALLOWED_HOSTS 写明网址中的域名。", "HTTPS=1 needs ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

# --- rooms -----------------------------------------------------------------------------------------------------------
ROOMS = [
    "config",
    "office",
    "reports",
    "ledgers",
    "planning",
    "supervision",
    "indicators",
    "teachers",
    "funding",
    "dropout",
    "evidence",
    "schools",
    "jobs",
    "files",
    "accounts",
]
INSTALLED_APPS = [
    *ROOMS,
    "axes",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.middleware.client_address",
    "config.middleware.request_log",
    "config.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.body_limit",
    "config.middleware.plain_text",
    "config.middleware.no_such_method",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *(["accounts.middleware.SessionSecurityMiddleware"] if find_spec("accounts.middleware") else []),
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "office.navigation.face",
            ]
        },
    }
]

# --- database, cache, queue ------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start, so a writer waits its turn instead of failing half-way. 64 MiB of
    # cache hold the indexes that a roster of 100,000 rows grows.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "junheng",
        "OPTIONS": {"serializer": "config.serialization.JSONSerializer"},
    }

# Commands and tests do the work in place and send no hints to the queue (manage.py, tests/conftest.py).
JOBS_INLINE = env.switch("JOBS_INLINE")
# A worker that died is taken for dead when its lease runs out; a hint unheard so long is sent again.
JOBS_LEASE_SECONDS = env.number("JOBS_LEASE_SECONDS", 75)
JOBS_HINT_AGAIN_SECONDS = env.number("JOBS_HINT_AGAIN_SECONDS", 60)
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "global_keyprefix": "junheng:",
        "visibility_timeout": 3600,
        # A hint is tried once: the sweeper repairs a lost one, and no request waits for a broker that is down.
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
else:
    _queue = env.folder("QUEUE_DIR", VAR_DIR / "queue")
    (_queue / "control").mkdir(mode=0o700, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_EVENT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "check"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
QUEUES = ("check", "compute", "paper")
# A beat message that waited longer than its own interval is stale: the next one does the same work.
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "jobs.tasks.sweep", "schedule": 15, "options": {"queue": "check", "expires": 15}},
    "collect-orphan-files": {
        "task": "files.tasks.collect_orphans",
        "schedule": timedelta(hours=1),
        "options": {"queue": "compute", "expires": 3600},
    },
    "forget-jobs": {
        "task": "jobs.tasks.forget",
        "schedule": timedelta(days=1),
        "options": {"queue": "compute", "expires": 3600},
    },
    "forget-sessions": {
        "task": "accounts.tasks.forget_sessions",
        "schedule": timedelta(days=1),
        "options": {"queue": "compute", "expires": 3600},
    },
    "purge-retired-facts": {
        "task": "ledgers.tasks.purge_retired",
        "schedule": crontab(hour=3, minute=40),
        "options": {"queue": "compute", "expires": 3600},
    },
    # Monday before school, so that the week begins with what has to be looked into.
    "raise-warnings": {
        "task": "dropout.tasks.raise_warnings",
        "schedule": crontab(day_of_week=1, hour=5, minute=10),
        "options": {"queue": "compute", "expires": 86400},
    },
}
# Early in the morning what fell due overnight, then each hour what the first lessons brought; a run repeats safely.
CELERY_BEAT_SCHEDULE["dropout-clock"] = {
    "task": "dropout.tasks.start_clocks",
    "schedule": crontab(minute=10, hour="5,8-18"),
    "options": {"queue": "check", "expires": 3000},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_POLICY = env.text("PASSWORD_POLICY", "dengbao")
if PASSWORD_POLICY not in ("dengbao", "asvs"):
    refuse("PASSWORD_POLICY 应为 dengbao(等保)或 asvs。", "PASSWORD_POLICY must be dengbao or asvs")
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.validators.PolicyValidator"}]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_HANDLER = "accounts.locking.LockHandler"
AXES_LOCKOUT_CALLABLE = "accounts.locking.same_answer"
AXES_FAILURE_LIMIT = 5
ACCOUNT_FAILURE_LIMIT = 20
# A lock ends half an hour after the failure that made it, however often it is tried meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- the web ---------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# Rates of security.md, Web; rooms use the names.
RATES = {"login": "10/min", "upload": "30/hour", "export": "20/hour", "user": "300/min", "anon": "60/min"}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.faults.Pages",
    "EXCEPTION_HANDLER": "config.faults.answer",
    "NON_FIELD_ERRORS_KEY": "detail",
    "PAGE_SIZE": 100,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": RATES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "均衡台账",
    "DESCRIPTION": "县域义务教育均衡台账的程序接口：上传台账、查看填报与任务、读取快照和报告。权限与网页相同。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- limits (contracts.md §2) ----------------------------------------------------------------------------------------
MIB = 2**20
LEDGER_UPLOAD_BYTES = env.number("LEDGER_UPLOAD_MIB", 20) * MIB
LEDGER_UPLOAD_FILES = env.number("LEDGER_UPLOAD_FILES", 20)
EVIDENCE_UPLOAD_BYTES = env.number("EVIDENCE_UPLOAD_MIB", 20) * MIB
EVIDENCE_FILES_PER_ITEM = env.number("EVIDENCE_FILES_PER_ITEM", 5)
PHOTO_UPLOAD_BYTES = env.number("PHOTO_UPLOAD_MIB", 8) * MIB
# The form around the file: field names, separators, the CSRF token.
BODY_BYTES = max(LEDGER_UPLOAD_BYTES, EVIDENCE_UPLOAD_BYTES) + MIB
LEDGER_ROW_LIMIT = env.number("LEDGER_ROW_LIMIT", 200_000)
LEDGER_INFLATED_BYTES = env.number("LEDGER_INFLATED_MIB", 200) * MIB
LEDGER_MEMBER_BYTES = env.number("LEDGER_MEMBER_MIB", 120) * MIB
# Facts replaced so long ago go, unless a kept result stands on them (ledgers/services/retention.py).
RETIRED_DATA_DAYS = env.number("RETIRED_DATA_DAYS", 3 * 365)
LEDGER_MEMORY_BYTES = env.number("LEDGER_MEMORY_MIB", 1536) * MIB
LEDGER_CPU_SECONDS = env.number("LEDGER_CPU_SECONDS", 30)
LEDGER_WALL_SECONDS = env.number("LEDGER_WALL_SECONDS", 60)
PDF_MEMORY_BYTES = env.number("PDF_MEMORY_MIB", 768) * MIB
PDF_WALL_SECONDS = env.number("PDF_WALL_SECONDS", 60)
PDF_PAGES = env.number("PDF_PAGES", 300)
FILE_UPLOAD_TEMP_DIR = str(env.folder("UPLOAD_TEMP_DIR", VAR_DIR / "tmp"))
FILE_UPLOAD_PERMISSIONS = 0o600

# --- words, times, static files, logs --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Collected once in the image build and only read there; otherwise collected at every start.
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static.CompressedManifestStorage"
        if env.switch("STATIC_COMPRESS")
        else "config.static.ManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = True

LOGGING = configure(env.text("LOG_LEVEL", "INFO"))
