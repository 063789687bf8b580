"""The addresses of the portal. A room answers where this table says, once it has a `urls.py`."""
from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config import health, schema

# Named here so that the module is loaded, which is all it takes to register the scheme.
TOKEN_SCHEME = schema.TokenScheme

PLACES = {
    "accounts": "accounts/",
    "jobs": "jobs/",
    "files": "files/",
    "schools": "schools/",
    "teachers": "teachers/",
    "funding": "funding/",
    "dropout": "dropout/",
    "evidence": "evidence/",
    "indicators": "indicators/",
    "ledgers": "ledgers/",
    "planning": "planning/",
    "supervision": "supervision/",
    "reports": "",
    "office": "",
}

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("config.api")),
    *[path(place, include(f"{room}.urls")) for room, place in PLACES.items() if find_spec(f"{room}.urls")],
]

handler400 = "config.faults.bad_request"
handler403 = "config.faults.forbidden"
handler404 = "config.faults.not_found"
handler500 = "config.faults.server_error"
