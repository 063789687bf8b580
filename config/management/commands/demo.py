"""manage.py demo [--schools N] [--seed N] [--into DIR] [--again]: the demo county 999901, through the real pipeline."""
from __future__ import annotations

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from config.demo import generator, services


class Command(BaseCommand):
    help = "生成演示县清河县(999901)的工作簿，并按正常流程上传、检查、报送、审核、计算；在已有演示县的数据库上不做任何事。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--schools", type=int, default=generator.DEFAULT_SCHOOLS)
        parser.add_argument("--seed", type=int, default=generator.DEFAULT_SEED)
        parser.add_argument("--into", type=Path, default=None, help="工作簿写到哪里，默认 VAR_DIR/demo")
        parser.add_argument("--again", action="store_true", help="已有演示县时再走一遍（只补上缺的）")

    def handle(self, *, schools: int, seed: int, into: Path | None, again: bool, **_) -> None:
        into = into or Path(settings.VAR_DIR) / "demo"
        try:
            services.refuse_beside_real_data()
            if services.is_complete() and not again:
                self._end({"status": "present", "county": generator.COUNTY, "logins": str(Path(settings.VAR_DIR) / "demo.json")}, 0)
            self._say(f"正在写出 {schools} 所学校的工作簿到 {into}")
            written = generator.write(into, schools=schools, seed=seed)
            self._end(services.Demo(written, self._say).run(), 0)
        except ValueError as error:
            self._end({"status": "refused", "error": str(error)}, 2)
        except services.DemoRefused as error:
            self._end({"status": "refused", "error": str(error)}, 1)

    def _say(self, sentence: str) -> None:
        self.stderr.write(sentence)
        self.stderr.flush()

    def _end(self, result: dict, code: int) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False))
        if code:
            self.stderr.write(result["error"])
        sys.exit(code)
