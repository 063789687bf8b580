"""在校学生名单: the pupils a school really sees, counted in its classrooms (查在校)."""
from __future__ import annotations

from dataclasses import replace

from ..columns import Column
from .child_columns import CLASS, GRADE
from .child_lists import LIST_COLUMNS, child_list
from .shared import SCHOOL_CODE, SCHOOL_NAME

COLUMNS: tuple[Column, ...] = (*LIST_COLUMNS[:2], SCHOOL_CODE, SCHOOL_NAME, replace(GRADE, required=False), CLASS, *LIST_COLUMNS[2:])

PRESENT = child_list(
    "present", "在校学生名单", 152, "开学或核查之日实际在校(含经批准请假)的学生，由各校逐班清点；用于与学籍比对(查在校)。", COLUMNS,
    other_names=("在校生名单", "实际在校学生名单"), one_school_each=True, two_schools="pupil-in-two-schools",
)  # fmt: skip
