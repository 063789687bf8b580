"""manage.py register FILE.xlsx --county CODE --name NAME --json"""

from __future__ import annotations

import re
from pathlib import Path

from accounts.actor import Actor
from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand
from jobs import runner
from jobs.models import Job
from schools.register import RegisterProblem, UnknownParent, apply_register, read_register


class Command(PortalCommand):
    """Repeatable; with errors in the workbook nothing is written (exit 1)."""

    help = "导入县(市、区)的乡镇、学校、校区和教学点名录；可重复执行。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--name", default="", help="县(市、区)名称")

    def handle(self, *, file: Path, county: str, name: str, **options) -> None:
        file = Path(file)
        if not re.fullmatch(r"\d{6}", county):
            self.refuse(f"--county 应为六位行政区划代码，写的是“{county}”。", WRONG_USAGE)
        if not file.is_file():
            self.refuse(f"找不到文件“{file}”。请核对路径。", WRONG_USAGE)
        register = read_register(file.read_bytes(), file.name)
        counts: dict[str, int] = {}
        if not register.errors:
            try:
                counts = apply_register(register, county_code=county, county_name=name, by=Actor.operator())
                runner.drain(queue=Job.Queue.COMPUTE)  # in place: no worker is needed
            except UnknownParent as error:
                register.problems.append(RegisterProblem("error", "unknown-parent", "学校", "", str(error)))
        result = {
            "status": "refused" if register.errors else "done",
            "county": county,
            "schools": len(register.schools),
            **counts,
            "problems": [p.as_json() for p in register.problems],
        }
        done = "名录有误，未写入任何内容。" if register.errors else f"已登记学校 {len(register.schools)} 所。"
        self.finish(result, "\n".join([*(p.message for p in register.problems), done]), REFUSED if register.errors else 0)
