from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that outlives a request, and the outbox."""

    name = "jobs"
    verbose_name = "后台任务"
