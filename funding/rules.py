"""The rules of money that places may set: quotas with their documents and dates, floors, shares."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from schools.codes import is_rural
from schools.factset import SchoolRef
from schools.parameters import Parameter, ParameterSet, declare


@dataclass(frozen=True)
class Quota:
    """National base quotas from fiscal year `since` on, yuan a pupil and year, with the document they stand on."""

    since: int
    primary: int
    junior: int
    special: int
    boarding: int
    document: str

    def of(self, stage: str) -> int:
        return {"primary": self.primary, "junior": self.junior}[stage]


# A quota that holds from a spring term holds for that whole fiscal year.
QUOTAS = (
    Quota(2016, 600, 800, 6000, 200, "国发〔2015〕67号（中西部标准，自2016年春季学期）"),
    Quota(2020, 650, 850, 6000, 200, "国发〔2015〕67号及后续调整（全国统一）"),
    Quota(2023, 720, 940, 7000, 300, "国务院决定：自2023年春季学期起提高义务教育生均公用经费基准定额"),
)

PUBLIC_FUNDS_QUOTA = declare(Parameter(
    "public_funds_quota", "生均公用经费基准定额", "stage_integers", "primary:720,junior:940", QUOTAS[-1].document, unit="元",
    note="没有地方规定时，按各财政年度有效的国家基准定额计算：2016年600/800，2020年650/850，2023年起720/940。",
))  # fmt: skip
QUOTA_MULTIPLIER = declare(Parameter(
    "public_funds_multiplier", "生均公用经费定额的地方倍数", "fraction", "1", "国发〔2015〕67号；地方可以提高", unit="倍",
    note="例如高于省定标准10%填 1.1。",
))  # fmt: skip
SPECIAL_QUOTA = declare(Parameter(
    "special_quota", "特殊教育和随班就读生均公用经费定额", "integer", "7000", QUOTAS[-1].document, unit="元",
    note="没有地方规定时，2016年至2022年为6000元，2023年起为7000元。",
))  # fmt: skip
BOARDING_QUOTA = declare(Parameter(
    "boarding_quota", "寄宿生公用经费补助定额", "integer", "300", QUOTAS[-1].document, unit="元",
    note="没有地方规定时，2022年及以前为200元，2023年起为300元。",
))  # fmt: skip
HEATING_QUOTA = declare(Parameter(
    "heating_quota", "取暖费生均补助定额", "integer", "0", "国发〔2015〕67号：北方取暖地区由地方规定", unit="元",
    note="填 0 表示不计取暖费，此时学校收到的取暖费也不计入已拨公用经费。",
))  # fmt: skip
SMALL_SCHOOL_FLOOR = declare(Parameter(
    "small_school_floor", "小规模学校公用经费核定人数", "integer", "100", "教督〔2017〕6号 政府保障程度第6项", unit="人",
    note="学生不足此数的学校按此数核定公用经费。",
))  # fmt: skip
SMALL_SCHOOL_SCOPE = declare(Parameter(
    "small_school_scope", "小规模学校核定人数的适用范围", "choice", "all", "教督〔2017〕6号；国务院2018年文件限乡村小规模学校",
    choices=("all", "rural"), words=(("all", "全部学校"), ("rural", "乡村学校")), note="全部学校为从严口径。",
))  # fmt: skip
TRAINING_SHARE = declare(Parameter(
    "training_share", "教师培训经费占公用经费预算的比例", "fraction", "0.05", "教督〔2017〕6号 教育质量第4项", share=True,
))  # fmt: skip
TRAINING_WAGE_SHARE = declare(Parameter(
    "training_wage_share", "教师培训经费占教职工工资总额的比例", "fraction", "0", "地方规定（如工资总额的1.5%）", share=True, note="填 0 表示没有这项地方规定。",
))  # fmt: skip
TRAINING_MUST_RISE = declare(Parameter(
    "training_must_rise", "教师培训经费须逐年提高", "boolean", "false", "地方规定", note="是：县级教师培训经费须高于上年。",
))  # fmt: skip
EDUCATION_SHARE = declare(Parameter(
    "education_share", "教育支出占一般公共预算支出的最低比例", "fraction", "0", "省定要求", share=True, note="填 0 表示没有这项地方规定。",
))  # fmt: skip
RURAL_NEW_MONEY_SHARE = declare(Parameter(
    "rural_new_money_share", "新增教育经费用于农村的最低比例", "fraction", "0", "省定要求", share=True, note="填 0 表示没有这项地方规定。",
))  # fmt: skip
APPROPRIATION_LINE = declare(Parameter(
    "appropriation_line", "“三个增长”中教育财政拨款的口径", "choice", "budget", "教育法第五十六条；口径由地方规定",
    choices=("budget", "surcharge", "all"),
    words=(("budget", "预算内经费拨款"), ("surcharge", "预算内经费拨款和教育费附加"), ("all", "预算内经费拨款、教育费附加和政府性基金")),
))  # fmt: skip
SPECIAL_SCOPE = declare(Parameter(
    "special_school_scope", "特殊教育公用经费的统计范围", "choice", "special_schools", "教督〔2017〕6号 政府保障程度第7项",
    choices=("special_schools", "with_inclusive"), words=(("special_schools", "特殊教育学校"), ("with_inclusive", "特殊教育学校和随班就读")),
    note="部分地方另计随班就读学生及其经费。",
))  # fmt: skip


@dataclass(frozen=True)
class Amounts:
    """What one school is due for in one fiscal year, fen a pupil; `floor` is the least number of pupils counted."""

    stages: dict[str, Fraction]
    special: Fraction
    boarding: Fraction
    heating: Fraction
    floor: int


def quota_of(fiscal_year: int) -> Quota:
    """The national quota in force in a fiscal year; the earliest known one before it."""
    return max((q for q in QUOTAS if q.since <= fiscal_year), key=lambda q: q.since, default=QUOTAS[0])


def amounts_for(school: SchoolRef, fiscal_year: int, parameters: ParameterSet) -> Amounts:
    """The quotas of a school: a local rule where one is set for it, else the national quota of that year."""
    national = quota_of(fiscal_year)
    multiplier = parameters.get(QUOTA_MULTIPLIER.code, school=school)

    def value(parameter: Parameter, of_year: int, stage: str | None = None) -> Fraction:
        local = _is_local(parameters, parameter.code, school)
        return Fraction(100 * (parameters.get(parameter.code, stage, school) if local else of_year))

    stages = {stage: value(PUBLIC_FUNDS_QUOTA, national.of(stage), stage) * multiplier for stage in ("primary", "junior")}
    wanted = parameters.get(SMALL_SCHOOL_SCOPE.code, school=school) == "all" or is_rural(school.area_code)
    return Amounts(
        stages, value(SPECIAL_QUOTA, national.special), value(BOARDING_QUOTA, national.boarding),
        Fraction(100 * parameters.get(HEATING_QUOTA.code, school=school)),
        parameters.get(SMALL_SCHOOL_FLOOR.code, school=school) if wanted else 0,
    )  # fmt: skip


def _is_local(parameters: ParameterSet, code: str, school: SchoolRef) -> bool:
    parameters.get(code, school=school)  # asked, so that a snapshot prints the rule it stood on
    return any(setting.covers(school) for setting in parameters.settings.get(code, ()))
