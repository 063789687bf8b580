from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Tasks, inspection rounds, findings, rectification."""

    name = "supervision"
    verbose_name = "督导"
