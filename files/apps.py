from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files, encrypted, one serving path."""

    name = "files"
    verbose_name = "文件"
