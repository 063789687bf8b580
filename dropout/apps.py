from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DropoutConfig(AppConfig):
    """At-risk children, their cases, the care for them, and their quantities."""

    name = "dropout"
    verbose_name = "控辍保学"

    def ready(self) -> None:
        # Loading these declares their parameters; loading the handlers lets the queue find them.
        from dropout import duties, home_teaching, warning  # noqa: F401
        from dropout.services import aid, disabled  # noqa: F401

        autodiscover_modules("handlers")
