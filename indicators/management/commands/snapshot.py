"""`manage.py snapshot`: compute one standard of one county and school year; JSON on stdout, words on stderr."""
from accounts.actor import Actor
from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand, year
from indicators import snapshots
from indicators.standards import STANDARDS
from schools.models import County


class Command(PortalCommand):
    """Exit 0 done, 1 refused by the data (freezing an incomplete result), 2 wrong usage."""

    help = "计算一个县一个学年的指标与结论；--freeze 定版。"

    def add_arguments(self, parser):
        parser.add_argument("--county", required=True, help="行政区划代码（6位）")
        parser.add_argument("--year", required=True, type=year, help="学年，2025 表示 2025-2026 学年")
        parser.add_argument("--standard", required=True, help="、".join(STANDARDS))
        parser.add_argument("--fiscal-year", type=year, default=None, help="财政年度，缺省为学年的上一年")
        parser.add_argument("--freeze", action="store_true", help="定版")

    def handle(self, *args, **options):
        county = County.objects.filter(code=options["county"]).first()
        if county is None:
            self.refuse(f"没有代码为“{options['county']}”的县，请核对行政区划代码，或先用 register 导入学校名录。", WRONG_USAGE)
        if options["standard"] not in STANDARDS:
            self.refuse(f"没有代码为“{options['standard']}”的标准，可用的有：{'、'.join(STANDARDS)}。", WRONG_USAGE)
        snapshot = snapshots.compute(county, options["standard"], int(options["year"]), options["fiscal_year"])
        refusal = ""
        if options["freeze"]:
            try:
                snapshot = snapshots.freeze(snapshot, Actor.operator())
            except snapshots.NotFrozen as error:
                refusal = str(error)
        if refusal:
            self.say(refusal)
        self.finish(snapshots.payload(snapshot), _summary(snapshot), REFUSED if refusal else 0)


def _summary(snapshot) -> str:
    words = {"pass": "达标", "fail": "不达标", "incomplete": "数据不全（暂算值）"}
    content = snapshot.payload
    state = "已定版" if snapshot.is_frozen else "未定版"
    return f"{content['county_name']} {content['year_label']} {content['title']}：{words[snapshot.verdict]}，{state}。"
