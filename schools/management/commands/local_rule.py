"""manage.py local_rule --county CODE (--pack P | --set PARAMETER=VALUE --document D --from DATE) --json"""

from __future__ import annotations

import datetime as dt
import json as jsonlib
import sys

from django.core.management.base import BaseCommand

from accounts.actor import Actor
from schools.models import County
from schools.rules import BadRule, apply_pack, set_local_rule


class Command(BaseCommand):
    help = "为一个县设定地方规则（参数取值或规则包）；全国口径的结果始终另行计算，不受影响。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--county", required=True)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--pack")
        what.add_argument("--set", dest="assignment")
        parser.add_argument("--document", default="")
        parser.add_argument("--clause", default="")
        parser.add_argument("--schools", default="all")
        parser.add_argument("--from", dest="valid_from", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--to", dest="valid_to", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, county: str, pack: str | None, assignment: str | None, json: bool, **options) -> None:
        found = County.objects.filter(code=county).first()
        if found is None:
            self._end({"status": "refused", "error": f"县代码“{county}”尚未登记，请先导入学校名录。"}, json, 1)
        by = Actor.operator()
        try:
            if pack:
                rules = apply_pack(found, pack, by=by)
            else:
                parameter, sign, value = assignment.partition("=")
                if not sign or options["valid_from"] is None:
                    self._end({"status": "refused", "error": "用法：--set 参数=取值 --document 文件 --from 日期。"}, json, 2)
                rules = [
                    set_local_rule(found, parameter=parameter.strip(), value=value.strip(), document=options["document"], clause=options["clause"],
                                   scope=options["schools"], valid_from=options["valid_from"], valid_to=options["valid_to"], by=by)
                ]  # fmt: skip
        except BadRule as error:
            self._end({"status": "refused", "error": str(error)}, json, 1)
        listed = [{"id": r.pk, "parameter": r.parameter, "value": r.value, "scope": r.scope, "from": r.valid_from.isoformat(),
                   "document": r.document} for r in rules]  # fmt: skip
        self._end({"status": "done", "county": county, "rules": listed}, json, 0)

    def _end(self, result: dict, as_json: bool, code: int) -> None:
        text = result.get("error") or f"已设定 {len(result['rules'])} 条规则。"
        if as_json:
            self.stdout.write(jsonlib.dumps(result, ensure_ascii=False))
        elif not code:
            self.stdout.write(text)
        if code:
            self.stderr.write(text)
            sys.exit(code)
