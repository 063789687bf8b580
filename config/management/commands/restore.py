"""manage.py restore DIR [--json]"""
from __future__ import annotations

from pathlib import Path

from accounts.actor import Actor
from accounts.commands import REFUSED, PortalCommand
from config.backups.restoring import NotRestored, restore


class Command(PortalCommand):
    """Only into an empty place: an empty or not yet migrated database, no files."""

    help = "把一份备份恢复到空的地方（空数据库、空文件目录）；逐行、逐个文件核对。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **options) -> None:
        try:
            done = restore(Path(folder), by=Actor.operator(), say=self.say)
        except NotRestored as error:
            self.refuse(str(error), REFUSED)
        if done["unreadable"]:
            self.say(f"有 {len(done['unreadable'])} 个文件打不开（备份前就已缺失或损坏），编号如 {done['unreadable'][0]}。")
        if done["audit"] != "intact":
            self.say("审计日志中有备份前就被改动的行，请运行 verify_audit 查看。")
        self.finish({"status": "done", **done}, f"已从 {folder} 恢复：{done['rows']} 行，{done['files']} 个文件。")
