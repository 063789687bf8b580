"""manage.py ledger_template LEDGER --output FILE.xlsx [--county CODE --school CODE --year Y]"""
from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand, year
from ledgers.services.queries import due_ledgers
from ledgers.templates_xlsx import Prefill, ledger_named, template
from schools.factset import SchoolRef, schools_on
from schools.models import County
from schools.periods import census_day, current_school_year


class Command(PortalCommand):
    """The file is the answer; with --json also what was written, and for which school."""

    help = "写出一份台账的空白模板（带下拉选项和填写说明）；给出县和学校时预填标识码、名称等。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("ledger")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--county")
        parser.add_argument("--school")
        parser.add_argument("--year", type=year)

    def handle(self, *, ledger: str, output: Path, county: str | None, school: str | None, year: int | None, **options) -> None:
        output = Path(output)
        try:
            declared = ledger_named(ledger)
        except LookupError as error:
            self.refuse(str(error.args[0]), WRONG_USAGE)
        if school and not county:
            self.refuse("给出 --school 时还要给出 --county。", WRONG_USAGE)
        year = int(year or current_school_year(timezone.localdate()))
        schools = self._schools(county, school, year) if county else []
        due = None
        if declared.carries and county:
            due = due_ledgers(County.objects.get(code=county), year, of_school=bool(school))
        try:
            output.write_bytes(template(declared, Prefill(year, schools, due)))
        except OSError:
            self.refuse(f"“{output}”写不进去。请核对目录是否存在、是否可写。", WRONG_USAGE)
        self.say(f"已写出《{declared.title}》空白模板：{output}")
        self.answer({"status": "done", "ledger": declared.code, "year": year, "schools": [s.code for s in schools], "output": str(output)})

    def _schools(self, county_code: str, school_code: str | None, year: int) -> list[SchoolRef]:
        county = County.objects.filter(code=county_code).first()
        if county is None:
            self.refuse(f"没有代码为“{county_code}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        known = list(schools_on(county, census_day(year)))
        if not school_code:
            return known
        found = [school for school in known if school.code == school_code]
        if not found:
            self.refuse(f"{county.name}没有标识码为“{school_code}”的学校。请核对标识码。", REFUSED)
        return found
