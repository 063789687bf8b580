"""残联残疾儿童少年名单: the federation's list, the denominator of disabled enrolment and the measure of zero refusal."""
from __future__ import annotations

from dataclasses import replace

from ..columns import YesNo
from ..ledger import COUNTY, Table
from .child_columns import (
    BIRTH,
    GUARDIAN,
    ID_NUMBER,
    NAME,
    PERSON_FIELDS,
    PHONE,
    REGISTRATION,
    RELATION,
    SEX,
    disability,
)
from .child_lists import ChildList
from .disabled import Degree
from .shared import REMARKS, SERIAL, YEAR

COLUMNS = (
    SERIAL, YEAR, NAME, ID_NUMBER, REGISTRATION, replace(SEX, target=""), replace(BIRTH, target=""),
    disability("残疾类别", "kind", "智力残疾", "残疾类型", "障碍类型", "残疾种类", required=True),
    Degree("残疾等级", "degree", "三级", aliases=("等级", "残疾程度")),
    YesNo("有无残疾人证", "has_certificate", "是", aliases=("有无办证", "是否办证", "是否持证", "有无残疾证")),
    GUARDIAN, RELATION, PHONE, REMARKS,
)  # fmt: skip

DISABLED_LIST = ChildList(
    code="disabled_list",
    title="残疾儿童少年名单",
    order=154,
    tables=(Table("main", "残疾儿童少年名单", COLUMNS, target="dropout.DisabledRow", key=("person_key",), note="每名儿童一行。"),),
    person=("id_number", PERSON_FIELDS[:-1]),
    scope=COUNTY,
    other_names=("残联名单", "适龄残疾儿童名单", "残疾儿童名单"),
    note="县残联提供的适龄残疾儿童少年名单；残疾儿童少年入学率以它为分母，逐人核对有没有安置。",
)  # fmt: skip
