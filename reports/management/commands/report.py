"""manage.py report REPORT --county CODE --year Y [--school CODE] [--format pdf|xlsx|docx] --output FILE"""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts.actor import Actor
from files import store
from reports.report import CannotMake
from reports.services import Order, produce
from schools.models import County, School


class Command(BaseCommand):
    help = "从快照生成一份报表；默认用最近一次定版，没有定版时用当前结果并印“草稿”。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("report")
        parser.add_argument("--county", required=True)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--school", default="")
        parser.add_argument("--format", default="pdf", choices=["pdf", "xlsx", "docx"])
        parser.add_argument("--standard", default="")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--frozen", dest="which", action="store_const", const="frozen", default="")
        which.add_argument("--current", dest="which", action="store_const", const="current")
        parser.add_argument("--ruleset", default="national", choices=["national", "local"])
        parser.add_argument("--month", default="")
        parser.add_argument("--item", default="")
        parser.add_argument("--output", required=True)

    def handle(self, *, report: str, county: str, year: int, school: str, output: str, **options) -> None:
        found = County.objects.filter(code=county).first()
        place = School.objects.filter(county=found, code=school).first() if found and school else None
        if found is None or (school and place is None):
            self._refuse(
                f"名录中没有{'县' if found is None else '学校'}“{county if found is None else school}”，请核对代码。"
            )
        order = Order(report=report, county=found, year=year, format=options["format"], school=place, standard=options["standard"],
                      ruleset=options["ruleset"], which=options["which"])  # fmt: skip
        try:
            paper = produce(order, by=Actor.operator())
        except CannotMake as reason:
            self._refuse(str(reason))
        try:
            Path(output).write_bytes(store.read(paper.file))
        except OSError as error:
            self.stderr.write(f"“{output}”写不进去：{error.strerror}。请换一个可写的位置。")
            sys.exit(2)
        self.stderr.write(f"已生成：{output}（校验码 {paper.code}）")

    def _refuse(self, message: str) -> None:
        self.stderr.write(message)
        sys.exit(1)
