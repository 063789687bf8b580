"""The rosters: every teacher of a school as a row of A3, with the column titles of the ledger."""
from __future__ import annotations

import math
import random
from dataclasses import dataclass

from .identities import People
from .layout import Unit
from .posts import extras, name_head

STAGE_WORDS = {"P": "小学", "J": "初中", "S": "高中"}
COUNTED_CONTRACTS = ("在编", "特岗", "县管校聘", "合同制")
_SUBJECTS = {
    "P": ("语文", "语文", "语文", "数学", "数学", "数学", "英语", "科学", "道德与法治", "信息科技", "综合实践", "劳动"),
    "J": ("语文", "语文", "数学", "数学", "英语", "英语", "物理", "化学", "生物", "历史", "地理", "道德与法治", "信息科技"),
    "S": ("语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "道德与法治", "信息科技"),
}
_CERTIFICATES = {"P": ("小学", 2), "J": ("初级中学", 3), "S": ("高级中学", 4)}
_TITLES = (("高级教师", 14), ("一级教师", 42), ("二级教师", 34), ("三级教师", 3), ("未评", 7))
_COLLEGES = ("清水师范学院", "清水教育学院", "江北师范大学", "江北大学", "清水幼儿师范高等专科学校")


@dataclass(frozen=True)
class Needs:
    """How many teachers of one stage a school has, and how many of them count for which indicator."""

    teachers: int
    pe_art: int
    backbone: int
    below_degree: int


def needs(unit: Unit, stage: str, pupils: int, rng: random.Random) -> Needs:
    """Enough teachers for each threshold, unless the school's story says otherwise."""
    ratio = rng.uniform(13.0, 15.6) if stage == "P" else rng.uniform(11.0, 12.8)
    least = 4 if unit.type_code == "218" else 9
    count = max(least, math.ceil(pupils / ratio))
    pe_art = 0 if unit.story == "no_pe_art" else math.ceil(pupils * 0.009 * rng.uniform(1.02, 1.8))
    backbone = math.ceil(pupils * 0.01 * rng.uniform(1.02, 2.3))
    return Needs(count, pe_art, backbone, int(count * rng.uniform(0.0, 0.12)))


class Rosters:
    """Writes rosters of one county; one random stream, each person once."""

    def __init__(self, area: str, year: int, rng: random.Random):
        self.people, self.year, self.rng = People(area, rng), year, rng

    def roster(self, unit: Unit, wanted: dict[str, Needs]) -> list[dict[str, object]]:
        """All rows of one school: teachers by stage, a few substitutes and visitors, other staff."""
        rows: list[dict[str, object]] = []
        for stage, need in wanted.items():
            rows += self._teachers(unit, stage, need)
        rng, stage = self.rng, next(iter(wanted))
        if unit.area in ("210", "220") and rng.random() < 0.3:
            rows.append(self._row(unit, stage, contract="代课/临聘", subject="语文", degree="大学专科", title="未评", backbone="无"))
        if unit.area not in ("111",) and rng.random() < 0.25:
            rows.append(self._row(unit, stage, contract="支教/交流在校", subject="音乐", degree="大学本科", title="一级教师", backbone="无"))
        for number in range(max(1, len(rows) // 18)):
            rows.append(self._other_staff(unit, stage, number))
        for number, row in enumerate(rows, 1):
            row["序号"] = number
            row.update(extras(unit, row, self.year))
        name_head(unit, rows, self.year)
        return rows

    def _teachers(self, unit: Unit, stage: str, need: Needs) -> list[dict[str, object]]:
        rng = self.rng
        arts = [("体育", "音乐", "美术", "体育", "艺术")[n % 5] for n in range(min(need.pe_art, need.teachers))]
        pool = _SUBJECTS[stage]
        subjects = arts + [pool[n % len(pool)] for n in range(need.teachers - len(arts))]
        top = {"P": "大学专科", "J": "大学本科", "S": "大学本科"}[stage]
        under = {"P": "高中阶段及以下", "J": "大学专科", "S": "大学专科"}[stage]
        degrees = [under] * need.below_degree
        while len(degrees) < need.teachers:
            degrees.append(rng.choices((top, "大学本科", "研究生-硕士"), (30, 62, 4))[0])
        rng.shuffle(degrees)
        honoured = set(rng.sample(range(need.teachers), min(need.backbone, need.teachers)))
        rows = []
        for n, subject in enumerate(subjects):
            level = rng.choices(("县级", "市级", "省级", "国家级"), (70, 22, 7, 1))[0] if n in honoured else "校级" if rng.random() < 0.06 else "无"
            title = rng.choices([t for t, _ in _TITLES], [w for _, w in _TITLES])[0]
            rows.append(self._row(unit, stage, contract=self._contract(unit), subject=subject, degree=degrees[n], title=title, backbone=level))
        if unit.story == "expired":
            for row in [r for r in rows if r["骨干级别"] not in ("无", "校级")][: max(1, need.backbone * 2 // 3)]:
                row["认定时间"], row["有效期"] = f"{self.year - 6}-07", f"{self.year - 1}-07"
        return rows

    def _contract(self, unit: Unit) -> str:
        if unit.sponsor == "10":
            return "合同制"
        return self.rng.choices(COUNTED_CONTRACTS, (88, 4, 5, 3))[0]

    def _row(self, unit: Unit, stage: str, *, contract: str, subject: str, degree: str, title: str, backbone: str) -> dict[str, object]:
        rng = self.rng
        name, sex, number, born = self.people.person(youngest=25, oldest=58, year=self.year)
        started = born.year + rng.randint(21, 24)
        arrived = max(unit.built, rng.randint(started, self.year)) if started < self.year else self.year
        word, kind = _CERTIFICATES[stage]
        given = rng.randint(max(2001, started), self.year) if started < self.year else self.year
        honoured = backbone not in ("无", "校级")
        return {
            "姓名": name, "性别": sex, "身份证号": number, "出生年月": f"{born:%Y-%m}", "民族": "汉族" if rng.random() < 0.95 else "回族",
            "政治面貌": rng.choices(("中共党员", "共青团员", "群众"), (34, 8, 58))[0], "参加工作时间": f"{started}-09", "到本校时间": f"{arrived}-09",
            "最高学历": degree, "毕业院校": rng.choice(_COLLEGES), "专业": "教育学" if subject in ("综合实践", "劳动") else subject,
            "教职工类别": "专任教师", "是否专任教师": "是", "任教学段": STAGE_WORDS[stage], "主要任教学科": subject, "周课时数": rng.randint(8, 16),
            "职称": title, "教师资格证种类": word, "教师资格证号": self.people.certificate(kind, given), "编制类型": contract, "在岗状态": "在岗",
            "骨干级别": backbone, "认定文号": f"清教〔{self.year - 2}〕{rng.randint(3, 60)}号" if honoured else "",
            "认定时间": f"{self.year - 2}-07" if honoured else "", "有效期": f"{self.year + 3}-07" if honoured else "",
            "五年培训学时": rng.choice((360, 366, 372, 380, 400)), "联系电话": f"199{rng.randint(0, 99999999):08d}", "备注": "",
        }

    def _other_staff(self, unit: Unit, stage: str, number: int) -> dict[str, object]:
        row = self._row(unit, stage, contract=self._contract(unit), subject="当年不任课", degree="大学专科", title="未评", backbone="无")
        row.update({"教职工类别": ("行政", "教辅", "工勤")[number % 3], "是否专任教师": "否", "周课时数": 0, "教师资格证种类": "无", "教师资格证号": ""})
        return row
