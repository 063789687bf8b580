"""The Celery application; its settings come from Django's (prefix CELERY_)."""
import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# kombu's own transport of this name loses messages on a busy machine (config/folder_queue.py says how).
TRANSPORT_ALIASES["filesystem"] = "config.folder_queue:Transport"

app = Celery("junheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
