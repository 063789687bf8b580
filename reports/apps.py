from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    """Declared reports: official papers as PDF, Excel, Word."""

    name = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        autodiscover_modules("handlers")
