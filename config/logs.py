"""Logs: one JSON line an event, with ids and never with personal values (security.md, Personal data)."""
from __future__ import annotations

import re
from typing import Any

import structlog

# Identity numbers (18 or 15 digits), mobile numbers and bank cards never reach a log, whoever wrote the message.
PERSONAL = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15,19}|1[3-9][0-9]{9})(?![0-9])")
FORBIDDEN_KEYS = frozenset(
    {"password", "token", "name", "username", "id_number", "phone", "address", "body", "cookies"}
)


def _redact_text(text: str) -> str:
    return PERSONAL.sub("***", text)


def redact(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor: drop keys that carry persons, mask number-shaped persons in every text."""
    for key in list(event):
        if key in FORBIDDEN_KEYS:
            del event[key]
        elif isinstance(event[key], str) and key != "request_id":
            event[key] = _redact_text(event[key])
    return event


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def _own_fields_only(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return the LOGGING dictionary for Django, gunicorn and Celery alike."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [_own_fields_only, redact, renderer],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # django-axes writes names and addresses; the audit trail has them under its own protection.
            "axes": {"handlers": ["nowhere"], "propagate": False},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # The file queue has no host name, and kombu says so at every start.
            "kombu.connection": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
