"""户籍适龄人口名单: the public security office's extract of the household register."""
from __future__ import annotations

from ..ledger import COUNTY
from .child_lists import child_list

HOUSEHOLD = child_list(
    "household", "户籍适龄人口名单", 151, "公安部门提供的本县户籍适龄儿童少年；用于与学籍比对(查户籍)。", scope=COUNTY, other_names=("户籍名单", "户籍人口名单", "公安户籍名单"),
)  # fmt: skip
