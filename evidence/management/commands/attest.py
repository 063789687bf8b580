"""manage.py attest --county CODE --year Y --standard S FILE.json --as USER"""
from __future__ import annotations

import json as jsonlib
from pathlib import Path

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand, year
from accounts.models import User
from evidence.catalogue import CATALOGUES
from evidence.services import NotAttested, attest
from files.store import StorageError
from jobs import runner
from jobs.models import Job
from schools import access
from schools.models import County


class Command(PortalCommand):
    """The answer is always JSON."""

    always_json = True
    help = "录入佐证认定、一票否决、满意度调查、质量监测、评分和历年认定；同一条目以后录的为准，历史保留。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--year", required=True, type=year, help="学年，2025 表示 2025-2026 学年")
        parser.add_argument("--standard", required=True, help="标准代码")
        parser.add_argument("--as", dest="user", default="", help="以哪个用户的名义；缺省为系统操作员")

    def handle(self, *, file: Path, county: str, year: int, standard: str, user: str, **options) -> None:
        file, year = Path(file), int(year)
        found = County.objects.filter(code=county).first()
        if found is None:
            self.refuse(f"没有代码为“{county}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        content = self._content(file)
        if standard not in CATALOGUES:
            self.refuse(f"没有代码为“{standard}”的标准，可用的有：{'、'.join(CATALOGUES)}。", WRONG_USAGE)
        by = self._actor(user)
        try:
            done = attest(found, year, standard, content, by=by, files=lambda name: (file.parent / name).read_bytes())
        except NotAttested as error:
            self.refuse(error.problems[0]["message"], REFUSED, problems=error.problems)
        except (PermissionDenied, StorageError) as error:
            self.refuse(str(error), REFUSED, problems=[{"place": "", "code": "", "message": str(error)}])
        runner.drain(queue=Job.Queue.COMPUTE)
        found.refresh_from_db(fields=["data_version"])
        self.finish({
            "status": "done", "county": county, "year": year, "standard": standard, "dataset": done.dataset.pk,
            "data_version": found.data_version, "entries": dict(done.counts), "problems": [],
        })  # fmt: skip

    def _content(self, file: Path) -> object:
        try:
            # Numbers stay as they are written: 0.1 must not become a binary fraction on the way.
            return jsonlib.loads(file.read_text(encoding="utf-8-sig"), parse_float=str)
        except OSError:
            self.refuse(f"找不到文件“{file}”。请核对路径。", WRONG_USAGE)
        except ValueError as error:
            where = f"第 {error.lineno} 行" if isinstance(error, jsonlib.JSONDecodeError) else "文件编码"
            self.refuse(f"文件“{file.name}”不是 JSON（{where}有误），请用 UTF-8 保存并核对括号和引号。", WRONG_USAGE)

    def _actor(self, user: str) -> Actor:
        if not user:
            return Actor.operator()
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            self.refuse(f"没有用户名为“{user}”的用户。请核对用户名。", WRONG_USAGE)
        return access.actor_for_user(person)
