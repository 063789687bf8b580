"""`manage.py snapshot`: compute one standard of one county and school year; JSON on stdout, words on stderr."""
import json

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import Actor
from indicators import snapshots
from indicators.standards import STANDARDS
from schools.models import County


class Command(BaseCommand):
    """Exit 0 done, 1 refused by the data (freezing an incomplete result), 2 wrong usage."""

    help = "计算一个县一个学年的指标与结论；--freeze 定版。"

    def add_arguments(self, parser):
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--year", required=True, type=int, help="学年，2025 表示 2025-2026 学年")
        parser.add_argument("--standard", required=True, help="、".join(STANDARDS))
        parser.add_argument("--fiscal-year", type=int, default=None, help="财政年度，缺省为学年的上一年")
        parser.add_argument("--freeze", action="store_true", help="定版")
        parser.add_argument("--json", action="store_true", help="在标准输出写 JSON")

    def handle(self, *args, **options):
        if not 2000 <= options["year"] <= 2100:
            raise CommandError(f"--year 应为 2000 到 2100 之间的四位年份，写的是“{options['year']}”。", returncode=2)
        county = County.objects.filter(code=options["county"]).first()
        if county is None:
            raise CommandError(f"没有代码为“{options['county']}”的县，请核对行政区划代码。", returncode=2)
        try:
            snapshot = snapshots.compute(county, options["standard"], options["year"], options["fiscal_year"])
        except LookupError as error:
            raise CommandError(str(error.args[0]), returncode=2) from error
        refusal = ""
        if options["freeze"]:
            try:
                snapshot = snapshots.freeze(snapshot, Actor.operator())
            except snapshots.NotFrozen as error:
                refusal = str(error)
        if options["json"]:
            self.stdout.write(json.dumps(snapshots.payload(snapshot), ensure_ascii=False))
        else:
            self.stdout.write(_summary(snapshot))
        if refusal:
            raise CommandError(refusal, returncode=1)


def _summary(snapshot) -> str:
    words = {"pass": "达标", "fail": "不达标", "incomplete": "数据不全（暂算值）"}
    content = snapshot.payload
    state = "已定版" if snapshot.is_frozen else "未定版"
    return f"{content['county_name']} {content['year_label']} {content['title']}：{words[snapshot.verdict]}，{state}。"
