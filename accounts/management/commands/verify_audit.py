"""manage.py verify_audit [--json]: is every audit row what was written?"""

from __future__ import annotations

from accounts.auditing import first_altered
from accounts.commands import DONE, REFUSED, PortalCommand
from accounts.models import AuditEvent


class Command(PortalCommand):
    """Exit 0 when every row is intact, 1 when one is not; it names the first."""

    help = "逐行核对审计日志的内容散列；有被改动的，指出最早的一行。"

    def handle(self, **options) -> None:
        bad = first_altered()
        rows = AuditEvent.objects.count()
        if bad is None:
            self.finish({"status": "intact", "rows": rows, "first_altered": None}, f"审计日志共 {rows} 行，每一行都与写入时一致。")
            return
        found = {"id": bad.pk, "occurred_at": bad.occurred_at.isoformat(), "action": bad.action}
        sentence = f"审计日志第 {bad.pk} 行（{bad.action}）已被改动：内容与写入时的散列不符。请保留现场，并报告系统管理员。"
        self.say(sentence)
        self.finish({"status": "altered", "rows": rows, "first_altered": found}, "", REFUSED if bad else DONE)
