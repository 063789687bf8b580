from django.apps import AppConfig


class TeachersConfig(AppConfig):
    """Facts of teachers and their quantities."""

    name = "teachers"
    verbose_name = "教师"
