"""/api/v1/: every room that has an `api.py` contributes its urls; the permission is the pages' own."""
from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

app_name = "api"
ROOMS = [room for room in settings.ROOMS if room != "config" and find_spec(f"{room}.api")]
urlpatterns = [path("", include(f"{room}.api")) for room in ROOMS]
