"""How a year stands in an address: four digits of a time that ledgers can be of; any other address does not exist.

Registered when the app is ready, so every room's addresses may say <year:year>.
"""

from __future__ import annotations

from django.urls import register_converter


class YearConverter:
    """<year:year>: 2000 to 2100, as an int."""

    regex = "20[0-9]{2}|2100"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def register() -> None:
    """Make <year:…> known to Django."""
    register_converter(YearConverter, "year")
