"""What a roster says of a post beside the indicators: registration, recruitment, rural years, head, allowances.

Drawn from the person's own number, so that the other draws of the county stay as they are.
"""
from __future__ import annotations

import random
from collections.abc import Mapping

from .layout import Unit

TITLES = ("教师资格定期注册", "定期注册有效期至", "招聘来源", "乡村学校任教年限", "行政职务", "任现职时间", "乡镇工作补贴标准", "农村教师补贴实发")
RURAL, TOWNS = ("210", "220"), ("121", "122", "123")
# A township that pays village teachers less than others do: nationally right, under a top-up of half too little.
SPARING = "青峰乡"
ESTABLISHED = ("在编", "县管校聘")


def extras(unit: Unit, row: Mapping[str, object], year: int) -> dict[str, object]:
    """The further cells of one roster row."""
    rng = random.Random(str(row["身份证号"]))
    started, arrived = (int(str(row[name])[:4]) for name in ("参加工作时间", "到本校时间"))
    registered = "" if row["教师资格证种类"] == "无" else rng.choices(("注册合格", "首次注册", "暂缓注册"), (92, 6, 2))[0]
    standard = 0 if unit.sponsor == "10" or unit.area not in (*RURAL, *TOWNS) else 200 + 20 * min(15, year - started)
    return {
        "教师资格定期注册": registered or "未注册", "定期注册有效期至": f"{year + rng.randint(1, 4)}-06" if registered and registered != "暂缓注册" else "",
        "招聘来源": _source(row, started, rng), "乡村学校任教年限": year - arrived if unit.area in RURAL else min(year - started, rng.choice((0, 0, 1, 3))),
        "行政职务": "无", "任现职时间": "", "乡镇工作补贴标准": standard, "农村教师补贴实发": _paid(unit, standard),
    }


def _source(row: Mapping[str, object], started: int, rng: random.Random) -> str:
    if row["编制类型"] == "特岗":
        return "特岗计划"
    if row["编制类型"] == "支教/交流在校":
        return "支教(三支一扶、西部计划)"
    if started < 2006:
        return rng.choices(("统一分配", "调入"), (85, 15))[0]
    return rng.choices(("公开招聘", "特岗计划", "公费师范生", "人才引进", "调入"), (62, 14, 9, 2, 13))[0]


def _paid(unit: Unit, standard: int) -> int:
    village = unit.area == "220" or unit.type_code == "218"
    return standard if not village else standard * 6 // 5 if unit.township == SPARING else standard * 3 // 2


def name_head(unit: Unit, rows: list[dict[str, object]], year: int) -> None:
    """The first full-time established teacher of a school of its own is its head."""
    if unit.kind != "本部":
        return
    head = next((row for row in rows if row["是否专任教师"] == "是" and row["编制类型"] in (*ESTABLISHED, "合同制")), None)
    if head:
        rng = random.Random(f"head/{head['身份证号']}")
        head["行政职务"], head["任现职时间"] = "校长", f"{max(int(str(head['到本校时间'])[:4]), year - rng.randint(1, 11))}-08"


def approved_posts(unit: Unit, rows: list[dict[str, object]]) -> int:
    """As many posts as are filled; two schools have some left while they employ others beside the quota."""
    filled = sum(row["编制类型"] in ESTABLISHED for row in rows)
    return filled + {"large_class": 3, "dense": 2}.get(unit.story, 0)
