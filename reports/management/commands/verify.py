"""manage.py verify FILE.pdf [--json]: is this paper ours, unaltered, and of the newest frozen data?"""

from __future__ import annotations

from pathlib import Path

from accounts.commands import REFUSED, WRONG_USAGE, PortalCommand
from reports.services import verify

WORDS = {
    "genuine": "真实：与本平台生成的文件逐字节一致，且数据未被更新的定版取代。",
    "superseded": "真实但已被取代：此后有更新的定版，或这是一份草稿。",
    "altered": "已被改动：不是本平台生成时的原样。",
    "unknown": "未知：不是本平台生成的文件。",
}


class Command(PortalCommand):
    """Exit 0 only for genuine."""

    help = "验证一份报表文件；只有真实且未被取代时退出码为 0。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_) -> None:
        if not Path(file).is_file():
            self.refuse(f"找不到文件“{file}”。请核对路径。", WRONG_USAGE)
        result = verify(Path(file).read_bytes())
        self.finish(result, WORDS[result["status"]], 0 if result["status"] == "genuine" else REFUSED)
