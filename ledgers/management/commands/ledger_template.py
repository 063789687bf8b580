"""manage.py ledger_template LEDGER --output FILE.xlsx [--county CODE --school CODE --year Y]"""
from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ledgers.services.queries import due_ledgers
from ledgers.templates_xlsx import Prefill, ledger_named, template
from schools.factset import SchoolRef, schools_on
from schools.models import County
from schools.periods import census_day, current_school_year


class Command(BaseCommand):
    help = "写出一份台账的空白模板（带下拉选项和填写说明）；给出县和学校时预填标识码、名称等。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("ledger")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--county")
        parser.add_argument("--school")
        parser.add_argument("--year", type=int)

    def handle(self, *, ledger: str, output: Path, county: str | None, school: str | None, year: int | None, **options) -> None:
        try:
            declared = ledger_named(ledger)
        except LookupError as error:
            raise CommandError(str(error), returncode=2) from None
        if school and not county:
            raise CommandError("给出 --school 时还要给出 --county。", returncode=2)
        year = year or current_school_year(timezone.localdate())
        schools = _schools(county, school, year) if county else []
        due = None
        if declared.carries and county:
            due = due_ledgers(County.objects.get(code=county), year, of_school=bool(school))
        try:
            output.write_bytes(template(declared, Prefill(year, schools, due)))
        except OSError as error:
            raise CommandError(f"“{output}”写不进去：{error.strerror}。请换一个可写的位置。", returncode=2) from None
        self.stderr.write(f"已写出《{declared.title}》空白模板：{output}")


def _schools(county_code: str, school_code: str | None, year: int) -> list[SchoolRef]:
    county = County.objects.filter(code=county_code).first()
    if county is None:
        raise CommandError(f"县代码“{county_code}”尚未登记，请先导入学校名录。", returncode=1)
    known = list(schools_on(county, census_day(year)))
    if not school_code:
        return known
    found = [school for school in known if school.code == school_code]
    if not found:
        raise CommandError(f"{county.name}没有标识码为“{school_code}”的学校。请核对标识码。", returncode=1)
    return found
