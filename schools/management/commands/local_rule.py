"""manage.py local_rule --county CODE (--pack P | --set PARAMETER=VALUE --document D --from DATE) --json"""

from __future__ import annotations

from accounts.actor import Actor
from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand, date
from jobs import runner
from jobs.models import Job
from schools.models import County, LocalRule
from schools.rules import BadRule, UnknownName, apply_pack, set_local_rule


class Command(PortalCommand):
    """The same rule said again is the same row."""

    help = "为一个县设定地方规则（参数取值或规则包）；全国口径的结果始终另行计算，不受影响。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--pack", help="规则包代码")
        what.add_argument("--set", dest="assignment", metavar="PARAMETER=VALUE")
        parser.add_argument("--document", default="", help="依据文件")
        parser.add_argument("--clause", default="", help="条款")
        parser.add_argument("--schools", default="all", help="all、rural、public 或学校标识码，逗号分隔")
        parser.add_argument("--from", dest="valid_from", type=date, default=None)
        parser.add_argument("--to", dest="valid_to", type=date, default=None)

    def handle(self, *, county: str, **options) -> None:
        found = County.objects.filter(code=county).first()
        if found is None:
            self.refuse(f"没有代码为“{county}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        try:
            rules = self._set(found, **options)
        except UnknownName as error:
            self.refuse(str(error), WRONG_USAGE)
        except BadRule as error:
            self.refuse(str(error), REFUSED)
        runner.drain(queue=Job.Queue.COMPUTE)  # in place: no worker is needed
        listed = [{"id": r.pk, "parameter": r.parameter, "value": r.value, "scope": r.scope, "from": r.valid_from.isoformat(),
                   "to": r.valid_to.isoformat() if r.valid_to else None, "document": r.document, "clause": r.clause} for r in rules]  # fmt: skip
        self.finish({"status": "done", "county": county, "rules": listed}, f"已设定 {len(rules)} 条规则。")

    def _set(self, county: County, *, pack: str | None, assignment: str | None, **options) -> list[LocalRule]:
        by = Actor.operator()
        if pack:
            return apply_pack(county, pack, by=by)
        parameter, sign, value = assignment.partition("=")
        if not sign or options["valid_from"] is None or not options["document"].strip():
            self.refuse("用法：--set 参数=取值 --document 文件 --from 日期。", WRONG_USAGE)
        return [
            set_local_rule(county, parameter=parameter.strip(), value=value.strip(), document=options["document"], clause=options["clause"],
                           scope=options["schools"], valid_from=options["valid_from"], valid_to=options["valid_to"], by=by)
        ]  # fmt: skip
