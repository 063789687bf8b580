from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Project-wide commands (demo, backup, restore, catalogue)."""

    name = "config"
    verbose_name = "项目"
