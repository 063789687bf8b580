"""manage.py verify FILE.pdf [--json]: is this paper ours, unaltered, and of the newest frozen data?"""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from reports.services import verify

WORDS = {
    "genuine": "真实：与本平台生成的文件逐字节一致，且数据未被更新的定版取代。",
    "superseded": "真实但已被取代：此后有更新的定版，或这是一份草稿。",
    "altered": "已被改动：不是本平台生成时的原样。",
    "unknown": "未知：不是本平台生成的文件。",
}


class Command(BaseCommand):
    help = "验证一份报表文件；只有真实且未被取代时退出码为 0。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: str, json: bool, **_) -> None:
        if not Path(file).is_file():
            self.stderr.write(f"没有找到文件“{file}”。")
            sys.exit(2)
        result = verify(Path(file).read_bytes())
        self.stdout.write(jsonlib.dumps(result, ensure_ascii=False) if json else WORDS[result["status"]])
        if result["status"] != "genuine":
            sys.exit(1)
