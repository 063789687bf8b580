"""manage.py import_ledger LEDGER FILE… --county CODE --year Y [--school CODE] [--as USER] [--commit] [--explain TEXT] --json"""
from __future__ import annotations

import sys
from pathlib import Path

from accounts.actor import Actor
from accounts.commands import WRONG_USAGE, PortalCommand, year
from accounts.models import User
from jobs import runner
from jobs.models import Job
from ledgers.importing import Import, run_import
from ledgers.services.errors import BadRequest
from ledgers.services.receiving import ledger_of
from schools import access
from schools.models import County, School

WORDS = {"clean": "没有问题", "doubts": "有疑点", "faulty": "有错误", "refused": "没有接收"}


class Command(PortalCommand):
    """Exit 0 done, 1 refused by the data (no facts changed), 2 wrong usage. Only JSON on stdout with --json."""

    refused = {"files": [], "problems": [], "repairs": []}
    help = "导入一份或几份台账：检查、列出问题；--commit 时一并代办报送和审核（几份文件要么全部生效，要么都不生效）。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("ledger", help="台账代码")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--year", required=True, type=year, help="2025 表示 2025-2026 学年；财政台账表示 2025 年度")
        parser.add_argument("--school", default="", help="学校标识码；缺省时由表中的标识码决定")
        parser.add_argument("--as", dest="user", default="", help="以哪个用户的名义；缺省为系统操作员")
        parser.add_argument("--commit", action="store_true", help="检查通过后一并报送、审核")
        parser.add_argument("--explain", default="", help="对全部疑点的说明")

    def handle(self, *, ledger: str, files: list[Path], county: str, year: int, school: str, user: str, commit: bool, explain: str, **options) -> None:
        found, by = self._usage(ledger, files, county, user)
        task = Import(county=found, ledger=ledger, year=int(year), by=by, commit=commit, explanation=explain, school=None)
        if school:
            chosen = School.objects.filter(county=found, code=school).first()
            if chosen is None:
                self._end(task.refuse("unknown-school", value=school, near=""), 1)
            task.school = chosen
        answer, code = run_import(task, files)
        if commit and not code:
            runner.drain(queue=Job.Queue.COMPUTE)  # in place: no worker is needed
        self._end(answer, code)

    def _usage(self, ledger: str, files: list[Path], county: str, user: str) -> tuple[County, Actor]:
        """The county and the actor; ends with exit 2 when the call itself is wrong."""
        found = County.objects.filter(code=county).first()
        if found is None:
            self.refuse(f"没有代码为“{county}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        try:
            ledger_of(ledger)
        except BadRequest as error:
            self.refuse(str(error), WRONG_USAGE)
        for path in files:
            if not path.is_file():
                self.refuse(f"找不到文件“{path}”。请核对路径。", WRONG_USAGE)
        if not user:
            return found, Actor.operator()
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            self.refuse(f"没有用户名为“{user}”的用户。请核对用户名。", WRONG_USAGE)
        return found, access.actor_for_user(person)

    def _end(self, payload: dict, code: int) -> None:
        counted = [
            f"{file['file']}：{WORDS.get(file['status'], file['status'])}。读入 {file['rows_read']} 行 = 接收 {file['accepted']} + 拒绝 {file['refused']} + 跳过 {file['skipped']}。"
            for file in payload["files"]
        ]
        self.answer(payload, "\n".join([*counted, *(f"  {problem['message']}" for problem in payload["problems"])]))
        if code:
            self.say(f"没有完成：{WORDS.get(payload['status'], payload['status'])}。")
            sys.exit(code)
