"""manage.py register FILE.xlsx --county CODE --name NAME --json"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts.actor import Actor
from schools.register import RegisterProblem, UnknownParent, apply_register, read_register


class Command(BaseCommand):
    help = "导入县(市、区)的乡镇、学校、校区和教学点名录；可重复执行。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file")
        parser.add_argument("--county", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: str, county: str, name: str, json: bool, **_) -> None:
        if not re.fullmatch(r"\d{6}", county) or not Path(file).is_file():
            self.stderr.write("用法：register 文件.xlsx --county 六位行政区划代码 --name 县名；文件必须存在。")
            sys.exit(2)
        register = read_register(file)
        counts: dict[str, int] = {}
        if not register.errors:
            try:
                counts = apply_register(register, county_code=county, county_name=name, by=Actor.operator())
            except UnknownParent as error:
                register.problems.append(RegisterProblem("error", "unknown-parent", "学校", "", str(error)))
        result = {
            "status": "refused" if register.errors else "done",
            "county": county,
            "schools": len(register.schools),
            **counts,
            "problems": [p.as_json() for p in register.problems],
        }
        self._print(result, json)
        sys.exit(1 if register.errors else 0)

    def _print(self, result: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for problem in result["problems"]:
            self.stdout.write(problem["message"])
        self.stdout.write(
            "名录有误，未写入任何内容。" if result["status"] == "refused" else f"已登记学校 {result['schools']} 所。"
        )
