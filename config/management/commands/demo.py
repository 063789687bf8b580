"""manage.py demo [--schools N] [--seed N] [--into DIR] [--again]: the demo county 999901, through the real pipeline."""
from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accounts.commands import DONE, REFUSED, WRONG_USAGE, PortalCommand
from config.demo import generator, services


class Command(PortalCommand):
    """The answer is always JSON."""

    always_json = True
    help = "生成演示县清河县(999901)的工作簿，并按正常流程上传、检查、报送、审核、计算；在已有演示县的数据库上不做任何事。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--schools", type=int, default=generator.DEFAULT_SCHOOLS, help="学校所数")
        parser.add_argument("--seed", type=int, default=generator.DEFAULT_SEED, help="随机数种子")
        parser.add_argument("--into", type=Path, default=None, help="工作簿写到哪里，默认 VAR_DIR/demo")
        parser.add_argument("--again", action="store_true", help="已有演示县时再走一遍（只补上缺的）")

    def handle(self, *, schools: int, seed: int, into: Path | None, again: bool, **_) -> None:
        into = into or Path(settings.VAR_DIR) / "demo"
        try:
            services.refuse_beside_real_data()
            if services.is_complete() and not again:
                logins = str(Path(settings.VAR_DIR) / "demo.json")
                self.finish({"status": "present", "county": generator.COUNTY, "logins": logins}, code=DONE)
                return
            self.say(f"正在写出 {schools} 所学校的工作簿到 {into}")
            written = generator.write(into, schools=schools, seed=seed)
            self.finish(services.Demo(written, self.say).run())
        except ValueError as error:
            self.refuse(str(error), WRONG_USAGE)
        except services.DemoRefused as error:
            self.refuse(str(error), REFUSED)
