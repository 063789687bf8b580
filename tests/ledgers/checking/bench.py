"""How long the check of a 100,000 × 15 roster takes, reading not counted: `python -m tests.ledgers.checking.bench`."""
from __future__ import annotations

import os
import random
import time

NAMES = "王李张刘陈杨黄赵吴周", "芳伟敏静丽强磊洋艳勇", "一二文军杰娟涛明超秀"
HEAD = ("姓名", "性别", "身份证号", "出生年月", "参加工作时间", "最高学历", "教职工类别", "是否专任教师", "任教学段", "主要任教学科", "周课时数", "职称",
        "教师资格证种类", "编制类型", "骨干级别")  # fmt: skip


def big_grid(count: int):
    """A clean roster of `count` rows as the reader gives it."""
    from ledgers.cleaning import id_check_digit
    from ledgers.reading.workbook import Grid

    pick = random.Random(7)
    rows, kinds = [list(HEAD)], [" " * len(HEAD)]
    for i in range(count):
        birth = f"{pick.randint(1968, 2000)}{pick.randint(1, 12):02}{pick.randint(1, 28):02}"
        first = f"{999901 - i % 101}{birth}{i // 101 % 1000:03}"
        number = first + id_check_digit(first)
        rows.append([
            "".join(pick.choice(letters) for letters in NAMES), "男" if int(number[16]) % 2 else "女", number, f"{birth[:4]}-{birth[4:6]}",
            f"{int(birth[:4]) + 22}-08", pick.choice(("本科", "大专", "硕士")), "专任教师", "是", "小学", pick.choice(("语文", "数学", "体育", "音乐")),
            str(pick.randint(8, 18)), pick.choice(("一级教师", "小学高级", "二级教师")), "小学", "在编", pick.choice(("无", "县级", "市级")),
        ])  # fmt: skip
        kinds.append(" " * 10 + "n" + " " * 4)
    return Grid("教师花名册", rows=rows, kinds=kinds, counted_rows=count + 1)


def seconds(count: int = 100_000, faulty: bool = False) -> tuple[float, int]:
    """(processor seconds of one check, rows accepted)."""
    from ledgers.checking import check
    from ledgers.definitions import LEDGERS
    from ledgers.reading.workbook import Workbook

    from .helpers import context

    grid = big_grid(count)
    if faulty:
        for row in grid.rows[1:]:
            row[5] = "大本X"
    workbook = Workbook("xlsx", sheets=[grid])
    start = time.process_time()
    outcome = check(LEDGERS["teachers"], workbook, context())
    return time.process_time() - start, outcome.report.accepted


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print("clean", seconds(), "one fault in every row", seconds(faulty=True))  # noqa: T201
