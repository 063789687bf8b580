from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Explain a figure, what-if, least-cost plan."""

    name = "planning"
    verbose_name = "测算"
