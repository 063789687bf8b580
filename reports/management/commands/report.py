"""manage.py report REPORT --county CODE --year Y [--school CODE] [--format pdf|xlsx|docx] --output FILE"""

from __future__ import annotations

from pathlib import Path

from accounts.actor import Actor
from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand, year
from files import store
from reports.report import BadOrder, CannotMake
from reports.services import Order, produce
from schools.models import County, School


class Command(PortalCommand):
    """The file is the answer; with --json also its code, whether it is a draft, and the data it stands on."""

    help = "从快照生成一份报表；默认用最近一次定版，没有定版时用当前结果并印“草稿”。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("report")
        parser.add_argument("--county", required=True)
        parser.add_argument("--year", type=year, required=True)
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
        if found is None:
            self.refuse(f"没有代码为“{county}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        place = School.objects.filter(county=found, code=school).first() if school else None
        if school and place is None:
            self.refuse(f"{found.name}没有标识码为“{school}”的学校。请核对标识码。", REFUSED)
        order = Order(report=report, county=found, year=int(year), format=options["format"], school=place, standard=options["standard"],
                      ruleset=options["ruleset"], which=options["which"], month=options["month"], item=options["item"])  # fmt: skip
        try:
            paper = produce(order, by=Actor.operator())
        except BadOrder as reason:
            self.refuse(str(reason), WRONG_USAGE)
        except CannotMake as reason:
            self.refuse(str(reason), REFUSED)
        try:
            Path(output).write_bytes(store.read(paper.file))
        except OSError:
            self.refuse(f"“{output}”写不进去。请核对目录是否存在、是否可写。", WRONG_USAGE)
        self.say(f"已生成：{output}（校验码 {paper.code}）")
        self.answer({
            "status": "done", "report": paper.report, "county": county, "school": school or None, "year": int(year), "format": paper.format,
            "draft": paper.draft, "code": paper.code, "data_version": paper.data_version, "sha256": paper.sha256, "output": str(output),
        })  # fmt: skip
