from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Facts of school and county money and their quantities."""

    name = "funding"
    verbose_name = "经费"
