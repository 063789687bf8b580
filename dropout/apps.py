from django.apps import AppConfig


class DropoutConfig(AppConfig):
    """At-risk children, their cases and quantities."""

    name = "dropout"
    verbose_name = "控辍保学"
