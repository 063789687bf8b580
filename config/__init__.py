"""Settings, addresses, Celery and project-wide commands. Nobody imports this room."""
from config.celery import app

__all__ = ["app"]
