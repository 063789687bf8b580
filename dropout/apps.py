from django.apps import AppConfig


class DropoutConfig(AppConfig):
    """At-risk children, their cases, the care for them, and their quantities."""

    name = "dropout"
    verbose_name = "控辍保学"
