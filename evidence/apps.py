from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Attested items, surveys, monitoring, vetoes."""

    name = "evidence"
    verbose_name = "佐证材料"
