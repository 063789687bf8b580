"""Columns that several ledgers share: which school, serial number, remarks."""
from __future__ import annotations

from dataclasses import replace

from schools.codes import AREA_ALIASES, AREA_GROUPS, AREAS, SCHOOL_TYPES, SPONSOR_ALIASES, SPONSORS, TYPE_ALIASES

from ..columns import Ignored, RegisterCode, SchoolCode, SchoolName, SchoolYear, TownshipName

SCHOOL_CODE = SchoolCode(
    "学校(机构)标识码", "school_code", "9999010001", aliases=("标识码", "学校标识码", "机构标识码", "学校代码", "学校编码"), required="school",
    help="10 位学校(机构)标识码；只报一所学校且上传时已选定学校的，可以不填。",
)  # fmt: skip
SCHOOL_NAME = SchoolName(
    "学校名称", "school_name", "向阳小学", aliases=("学校全称", "单位名称", "学校", "任教学校", "所在学校", "学校(机构)名称"),
    help="与教育事业统计中的名称一致。",
)  # fmt: skip
SCHOOL_OF_STAFF = replace(SCHOOL_NAME, weak_aliases=("单位", "所在单位", "工作单位"))  # of lists of teachers, which have no units of measure
SCHOOL_TYPE = RegisterCode(
    "办学类型", "school_type", "小学", aliases=("学校类型", "学校类别", "学校办学类型"), identity="type", codes=SCHOOL_TYPES,
    words=TYPE_ALIASES, help="与学校名录核对，以名录为准。",
)  # fmt: skip
SPONSOR = RegisterCode(
    "举办者类型", "sponsor", "县级教育部门", aliases=("举办者", "办别", "办学性质"), identity="sponsor", codes=SPONSORS,
    words=SPONSOR_ALIASES, groups={"公办": tuple(code for code in SPONSORS if code != "10")}, help="与学校名录核对，以名录为准。",
)  # fmt: skip
AREA_TYPE = RegisterCode(
    "城乡类型", "area", "镇中心区", aliases=("城乡分类", "所在地城乡类型", "城乡类别"), identity="area", codes=AREAS,
    words=AREA_ALIASES, help="可只写城区、镇区、乡村；与学校名录核对。",
    groups={**AREA_GROUPS, "城市": AREA_GROUPS["城区"], "县镇": AREA_GROUPS["镇区"], "农村": AREA_GROUPS["乡村"]},
)  # fmt: skip
TOWNSHIP = TownshipName("乡镇(街道)", "township", "城关镇", aliases=("所在乡镇", "乡镇", "乡镇街道", "所属中心校", "所属乡镇"), help="与学校名录核对。")
SERIAL = Ignored("序号", "serial", aliases=("编号", "No", "NO.", "序"))
REMARKS = Ignored("备注", "remarks", aliases=("备注说明", "说明"))
YEAR = SchoolYear("学年", "year", "2025-2026学年", aliases=("年度", "填报学年", "统计年度"), help="与本次填报的学年核对。")
YEAR_BESIDE = Ignored("学年", "year", aliases=("年度", "填报学年", "统计年度"))  # where rows of several years are in their place
