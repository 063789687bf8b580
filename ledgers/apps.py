from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Declared ledgers: reading, checking, filing, approval, provenance."""

    name = "ledgers"
    verbose_name = "台账"
