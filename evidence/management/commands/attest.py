"""manage.py attest --county CODE --year Y --standard S FILE.json --as USER"""
from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand

from accounts.actor import Actor
from accounts.models import User
from evidence.services import NotAttested, attest
from files.store import StorageError
from jobs import runner
from schools import access
from schools.models import County

COMPUTING = ("compute_snapshots",)


class Command(BaseCommand):
    """Only JSON on stdout; exit 0 done, 1 refused by the data (nothing changed), 2 wrong usage."""

    help = "录入佐证认定、一票否决、满意度调查、质量监测、评分和历年认定；同一条目以后录的为准，历史保留。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--year", required=True, type=int, help="学年，2025 表示 2025-2026 学年")
        parser.add_argument("--standard", required=True, help="标准代码")
        parser.add_argument("--as", dest="user", default="", help="以哪个用户的名义；缺省为系统操作员")
        parser.add_argument("--json", action="store_true", help="输出总是 JSON；此项只为与其他命令一致")

    def handle(self, *, file: Path, county: str, year: int, standard: str, user: str, **options) -> None:
        found = County.objects.filter(code=county).first()
        if found is None:
            self._end({"error": f"没有代码为“{county}”的县，请核对行政区划代码，或先用 register 导入学校名录。"}, 2)
        if not 1990 <= year <= 2100:
            self._end({"error": f"学年“{year}”应为四位数的年份，例如 2025。"}, 2)
        content = self._content(file)
        by = self._actor(user)
        try:
            done = attest(found, year, standard, content, by=by, files=lambda name: (file.parent / name).read_bytes())
        except LookupError as error:
            self._end({"error": str(error.args[0])}, 2)
        except NotAttested as error:
            self._end({"problems": error.problems, "error": error.problems[0]["message"]}, 1)
        except (PermissionDenied, StorageError) as error:
            self._end({"problems": [{"place": "", "code": "", "message": str(error)}], "error": str(error)}, 1)
        runner.drain(COMPUTING)
        found.refresh_from_db(fields=["data_version"])
        self._end({
            "status": "done", "county": county, "year": year, "standard": standard, "dataset": done.dataset.pk,
            "data_version": found.data_version, "entries": dict(done.counts), "problems": [],
        }, 0)  # fmt: skip

    def _content(self, file: Path) -> object:
        try:
            # Numbers stay as they are written: 0.1 must not become a binary fraction on the way.
            return jsonlib.loads(file.read_text(encoding="utf-8-sig"), parse_float=str)
        except OSError:
            self._end({"error": f"找不到文件“{file}”。请核对路径。"}, 2)
        except ValueError as error:
            where = f"第 {error.lineno} 行" if isinstance(error, jsonlib.JSONDecodeError) else "文件编码"
            self._end({"error": f"文件“{file.name}”不是 JSON（{where}有误），请用 UTF-8 保存并核对括号和引号。"}, 2)

    def _actor(self, user: str) -> Actor:
        if not user:
            return Actor.operator()
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            self._end({"error": f"没有用户名为“{user}”的用户。请核对用户名。"}, 2)
        return access.actor_for_user(person)

    def _end(self, result: dict, code: int) -> NoReturn | None:
        result = {"status": "refused"} | result if code else result
        self.stdout.write(jsonlib.dumps(result, ensure_ascii=False))
        if code:
            self.stderr.write(result["error"])
            sys.exit(code)
        return None
