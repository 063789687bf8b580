"""The lists of a check as they are kept and given out: grouped by rule, the first rows in the database, the rest in a file.

A problem is a dict {"level", "code", "sheet", "cell", "row", "column", "field", "value", "message"}; a repair is
{"sheet", "cell", "old", "new"}. Values are masked where they are personal before they come here.
"""
from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence

from files import store
from files.models import StoredFile
from ledgers.models import Version

KEPT_IN_ROW = 200
LEVELS = ("error", "doubt", "notice")
_FIELDS = ("level", "code", "sheet", "cell", "row", "column", "field", "value", "message")


def group_problems(problems: Sequence[dict]) -> list[dict]:
    """By level, rule and column, the most important first: errors before doubts before notices, what concerns a whole sheet
    before what concerns cells, then by number.

    Each {"key", "level", "code", "field", "column", "sheet", "count", "print", "first"}; `print` changes with what was found,
    so that an explanation carries over only to the very same doubt.
    """
    groups: dict[str, dict] = {}
    seen: dict[str, list[str]] = {}
    for problem in problems:
        key = "/".join(str(problem[name] or "") for name in ("level", "code", "sheet", "field"))
        group = groups.setdefault(key, {
            "key": hashlib.sha256(key.encode()).hexdigest()[:16], "level": problem["level"], "code": problem["code"],
            "sheet": problem["sheet"], "field": problem["field"], "column": problem["column"], "count": 0, "first": problem,
        })  # fmt: skip
        group["count"] += 1
        if group["column"] != problem["column"]:
            group["column"] = ""  # several columns under one rule: none of them names it
        seen.setdefault(key, []).append(f"{problem['value']}|{problem['message']}")
    for key, group in groups.items():
        group["print"] = hashlib.sha256("\n".join(sorted(seen[key])).encode()).hexdigest()[:16]
    return sorted(groups.values(), key=lambda g: (LEVELS.index(g["level"]), bool(g["first"]["cell"]), -g["count"], g["code"]))


def carried_explanations(groups: Sequence[dict], former: Version | None) -> dict:
    """Explanations of the version before that still fit: the same doubt about the same values."""
    if former is None:
        return {}
    prints = {group["key"]: group["print"] for group in former.groups}
    return {
        group["key"]: former.explanations[group["key"]]
        for group in groups
        if group["key"] in former.explanations and prints.get(group["key"]) == group["print"]
    }


def counts_of(problems: Iterable[dict]) -> dict[str, int]:
    """{"errors", "doubts", "notices"} of a list."""
    counts = dict.fromkeys(LEVELS, 0)
    for problem in problems:
        counts[problem["level"]] += 1
    return {"errors": counts["error"], "doubts": counts["doubt"], "notices": counts["notice"]}


def kept(problems: Sequence[dict], repairs: Sequence[dict], *, county: str) -> dict:
    """The fields of a Version that hold these lists: counts, groups, first rows, and the whole in a file when longer."""
    report: StoredFile | None = None
    if len(problems) > KEPT_IN_ROW or len(repairs) > KEPT_IN_ROW:
        text = json.dumps({"problems": list(problems), "repairs": list(repairs)}, ensure_ascii=False, separators=(",", ":"))
        report = store.save(gzip.compress(text.encode(), 5), name="check.json.gz", county=county, purpose="check-report")
    return {
        **counts_of(problems), "repair_count": len(repairs), "groups": group_problems(problems), "report": report,
        "problems": list(problems[:KEPT_IN_ROW]), "repairs": list(repairs[:KEPT_IN_ROW]),
    }  # fmt: skip


def whole_lists(version: Version) -> tuple[list[dict], list[dict]]:
    """All problems and repairs of a version."""
    if version.report is None:
        return version.problems, version.repairs
    lists = json.loads(gzip.decompress(store.read(version.report)))
    return lists["problems"], lists["repairs"]


def payload(versions: Sequence[Version], extra: Sequence[dict] = ()) -> dict:
    """The contract's JSON for the versions that carry files (contracts: import_ledger). `extra` problems come first.

    The status is the worst of the files': refused, faulty, doubts, clean; a file still being checked counts as "checking".
    """
    files, problems, repairs = [], list(extra), []
    for version in versions:
        found, mended = whole_lists(version)
        problems += [{"file": version.file_name, **{name: problem[name] for name in _FIELDS}} for problem in found]
        repairs += [{"file": version.file_name, **repair} for repair in mended]
        files.append(_file(version))
    order = ("refused", "faulty", "checking", "doubts", "clean")
    found_status = {file["status"] for file in files} | ({"faulty"} if extra else set())
    status = next((name for name in order if name in found_status), "clean")
    return {"status": status, "files": files, "problems": problems, "repairs": repairs}


def _file(version: Version) -> dict:
    listed = version.parts.select_related("filing__school").order_by("filing__school__code", "id")
    parts = list({part.filing_id: part for part in listed}.values()) or [version]  # a mended part stands for the one it replaced
    filings = []
    for part in parts:
        school = part.filing.school.code if part.filing.school else None
        filings.append({"school": school, "id": part.filing_id, "version": part.number})
        if part.filing.ledger != version.filing.ledger:  # a package: which ledger the part belongs to
            filings[-1]["ledger"] = part.filing.ledger
    return {
        "file": version.file_name, "status": version.status or "checking", "rows_read": version.rows_read,
        "accepted": version.accepted, "refused": version.refused, "skipped": version.skipped, "filings": filings,
    }  # fmt: skip
