from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from schools import addresses


class SchoolsConfig(AppConfig):
    """County, township, school, registers, periods, datasets, parameters, membership and access."""

    name = "schools"
    verbose_name = "学校与数据集"

    def ready(self) -> None:
        # Each room declares what it counts in its own quantities.py (and, by subject, the files that more_quantities.py
        # names); loading them fills schools.quantity.QUANTITIES.
        autodiscover_modules("quantities", "more_quantities")
        addresses.register()
