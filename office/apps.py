from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Pages and work that join rooms."""

    name = "office"
    verbose_name = "办公"
