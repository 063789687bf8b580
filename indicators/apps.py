from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Declared standards, the engine, snapshots, verdicts."""

    name = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        # Loading the standards declares their parameters; loading the handler lets the outbox find it.
        from indicators import checks, handlers, history, standards  # noqa: F401
        from jobs.outbox import subscribe

        for topic in handlers.TOPICS:
            subscribe(topic, handlers.KIND)
