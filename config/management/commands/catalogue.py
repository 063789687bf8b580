"""manage.py catalogue --json: everything the portal knows by declaration, for scripts outside (docs/contracts)."""
from __future__ import annotations

from typing import Any

from accounts.commands import PortalCommand
from indicators import standards
from ledgers import definitions, problems
from reports import definitions as papers
from schools.packs import PACKS
from schools.parameters import PARAMETERS
from schools.roles import ROLES, VERBS


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """{"ledgers", "standards", "reports", "problems", "parameters", "packs", "roles"}: one entry per declared thing."""
    return {
        "ledgers": definitions.describe(),
        "standards": standards.describe(),
        "reports": papers.describe(),
        "problems": [{"code": kind.code, "level": kind.level, "title": kind.title} for kind in problems.CATALOGUE.values()],
        "parameters": [
            {"code": p.code, "title": p.title, "type": p.type, "default": p.default, "clause": p.clause, "unit": p.unit,
             "choices": list(p.choices), "note": p.note, "structural": p.structural, "least": p.least, "most": p.most}
            for p in PARAMETERS.values()
        ],
        "packs": [_pack(pack) for pack in PACKS.values()],
        "roles": [
            {"code": role.code, "title": role.title, "scopes": list(role.scopes), "second_factor": role.second_factor,
             "verbs": [{"code": code, "title": title} for code, title in VERBS.items() if code in role.verbs]}
            for role in ROLES.values()
        ],
    }


def _pack(pack: Any) -> dict[str, Any]:
    return {
        "code": pack.code, "title": pack.title, "document": pack.document, "from": pack.valid_from.isoformat(),
        "rules": [{"parameter": rule.parameter, "value": rule.value, "clause": rule.clause, "scope": rule.scope} for rule in pack.rules],
    }


class Command(PortalCommand):
    """Read-only."""

    help = "列出全部台账及表头、标准及指标、报表、问题代码、参数、规则包和角色。"

    def handle(self, **_) -> None:
        found = catalogue()
        lines = []
        for name, entries in found.items():
            lines += [f"[{name}] {len(entries)}", *(f"  {entry['code']}  {entry['title']}" for entry in entries)]
        self.finish(found, "\n".join(lines))
