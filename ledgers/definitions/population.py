"""适龄儿童少年名单: every child of school age who lives in the county, as townships or the statistics office list them."""
from __future__ import annotations

from ..ledger import COUNTY
from .child_lists import child_list

POPULATION = child_list(
    "population", "适龄儿童少年名单", 150, "全县适龄儿童少年(义务教育年龄段)，由乡镇(街道)摸底汇总；用于与学籍、户籍比对和计算入学率。", scope=COUNTY,
    other_names=("适龄儿童名单", "适龄儿童少年台账", "人口基数"),
)  # fmt: skip
