"""manage.py backup DIR [--no-keys] [--json]"""
from __future__ import annotations

from pathlib import Path

from accounts.actor import Actor
from accounts.commands import REFUSED, PortalCommand
from config.backups import keys
from config.backups.making import NotMade, make


class Command(PortalCommand):
    """May be called while the portal runs. The folder must be new or empty."""

    help = "把数据库和文件备份到一个新目录；可以在运行中进行，可以恢复到另一种数据库。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--no-keys", action="store_true", help="备份里不放本机自动生成的密钥（须另外保存 VAR_DIR/secrets.json）")

    def handle(self, *, folder: Path, no_keys: bool, **options) -> None:
        try:
            manifest = make(Path(folder), with_keys=not no_keys, by=Actor.operator(), say=self.say)
        except NotMade as error:
            self.refuse(str(error), REFUSED)
        if manifest["keys"]["included"]:
            self.say(f"备份里有密钥文件 {keys.FILE}：请移到另外的地方妥善保存，不要和备份放在一起。")
        else:
            self.say("备份里没有密钥：请另外保存，没有密钥，备份里的身份证号和文件都打不开。")
        if damaged := manifest["files"]["damaged"]:
            self.say(f"有 {len(damaged)} 个文件在服务器上缺失，备份里也没有（编号如 {damaged[0]}），请尽快查明原因。")
        result = {
            "status": "done", "folder": str(folder), "made_at": manifest["made_at"], "engine": manifest["engine"],
            "tables": {label: table["rows"] for label, table in manifest["tables"].items()},
            "files": manifest["files"]["count"], "bytes": manifest["files"]["bytes"], "damaged": damaged, "keys": manifest["keys"]["included"],
            "signature": manifest["signature"],
        }  # fmt: skip
        self.finish(result, f"已备份到 {folder}。")
