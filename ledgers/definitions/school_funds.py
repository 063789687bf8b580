"""A6 学校经费台账: one row per school and fiscal year, or a vertical form; yuan unless header or corner says otherwise."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from funding.rules import TRAINING_SHARE

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import MONEY, Measure, Whole
from ..ledger import FISCAL_YEAR, Ledger, Table
from ..problems import Problem
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR


def money(header: str, field: str, example: str, *aliases: str, **more) -> Measure:
    return Measure(header, field, example, aliases=aliases, unit="元", units=MONEY, **more)


INCOME = (
    money("财政拨款合计", "appropriation", "1480000", "财政拨款", "财政拨款收入", "财政补助收入", "财政拨款小计", required=True),
    money("人员经费", "staff_funds", "1200000", "人员经费拨款", "财政拨款/人员经费"),
    money("公用经费(基准定额)", "base_funds", "250000", "公用经费", "公用经费拨款", "公用经费定额", "拨付定额公用经费", "定额公用经费", "财政拨款/公用经费",
          required=True, help="按生均公用经费基准定额拨付的部分。"),
    money("寄宿生公用经费", "boarding_funds", "0", "寄宿生公用经费补助", "寄宿生补助公用经费", "寄宿制学校公用经费"),
    money("特教/随班就读公用经费", "special_funds", "0", "特殊教育公用经费", "特教公用经费", "随班就读公用经费", "特教随班就读公用经费"),
    money("取暖费", "heating_funds", "0", "取暖经费", "取暖费补助"),
    money("专项经费", "project_funds", "30000", "专项", "项目经费", "专项拨款"),
    money("上级补助收入", "higher_grants", "20000", "上级补助"),
    money("事业收入", "business_income", "0"),
    money("其他收入", "other_income", "0"),
    money("捐赠收入", "donations", "0", "捐赠"),
    money("收入合计", "income_total", "1500000", "总收入", "收入总计", "本年收入合计"),
)  # fmt: skip
SPENDING = (
    money("工资福利支出", "wages", "1200000", "工资福利"),
    money("商品和服务支出", "goods", "260000", "商品和服务", "商品服务支出"),
    money("办公费", "office_cost", "60000"),
    money("印刷费", "printing_cost", "10000"),
    money("水电费", "utility_cost", "50000", "水费电费"),
    money("邮电费", "post_cost", "5000"),
    money("差旅费", "travel_cost", "15000"),
    money("维修费", "repair_cost", "60000", "维修(护)费", "维修维护费"),
    money("培训费", "training_cost", "20000", "培训费支出", "教师培训费支出"),
    money("专用材料费", "material_cost", "20000", "材料费"),
    money("劳务费", "labour_cost", "10000"),
    money("对个人和家庭的补助", "family_aid", "20000", "对个人和家庭补助", "资助支出"),
    money("资本性支出", "capital", "20000"),
    money("支出合计", "spending_total", "1500000", "总支出", "支出总计", "本年支出合计", required=True),
)  # fmt: skip
BUDGET = (
    money("公用经费预算总额", "public_funds_budget", "280000", "年度公用经费预算总额", "公用经费预算", "公用经费预算数", required=True),
    money("教师培训经费预算", "training_budget", "20000", "培训经费预算", "培训费预算", "教师培训费预算", "教师培训经费预算总额", required=True,
          help="不低于公用经费预算总额的 5%。"),
)  # fmt: skip
HEADS = (
    Whole("小学学生数", "primary_pupils", "347", aliases=("小学在校生数", "小学生数", "小学拨款学生数"), unit="人", help="核定经费的学生数；没有当年 9 月 1 日班级情况表时使用。"),
    Whole("初中学生数", "junior_pupils", "", aliases=("初中在校生数", "初中生数", "初中拨款学生数"), unit="人"),
    Whole("寄宿生数", "boarders", "0", aliases=("寄宿学生数", "住校生数"), unit="人"),
    Whole("随班就读学生数", "special_pupils", "0", aliases=("随班就读和特教学生数", "特教学生数", "随班就读人数"), unit="人"),
    money("生均公用经费", "per_pupil", "", "生均公用经费支出", "生均定额公用经费", target="", in_template=False, help="由系统计算，填了只作核对。"),
)  # fmt: skip
FUNDS_COLUMNS = (SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, *INCOME, *SPENDING, *BUDGET, *HEADS, REMARKS)

# whole, its parts, what the parts are called; `exact`: nothing else belongs to the whole.
SUMS = (
    ("appropriation", ("staff_funds", "base_funds", "boarding_funds", "special_funds", "heating_funds", "project_funds"), "财政拨款各项", True),
    ("income_total", ("appropriation", "higher_grants", "business_income", "other_income", "donations"), "各项收入", True),
    ("goods", ("office_cost", "printing_cost", "utility_cost", "post_cost", "travel_cost", "repair_cost", "training_cost", "material_cost", "labour_cost"),
     "商品和服务支出各项", False),
    ("spending_total", ("wages", "goods", "family_aid", "capital"), "各项支出", True),
)  # fmt: skip
YUAN = 100
PER_PUPIL_BAND = (100_00, 20_000_00)  # fen of public funds for each pupil


@dataclass(frozen=True)
class SchoolFundsLedger(Ledger):
    """Parts make their total; a wrong unit is asked about; the training share is told at once."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        for i in frame.usable():
            for whole, parts, what, exact in SUMS:
                self._check_sum(frame, i, whole, parts, what, exact)
            self._check_training(frame, context, i)
            self._check_per_pupil(frame, i)
        yield from ()

    @staticmethod
    def _check_sum(frame: Frame, i: int, whole: str, parts: tuple[str, ...], what: str, exact: bool) -> None:
        """Where any part beside the first is told, the parts given make the whole (or, not exact, do not exceed it)."""
        total = frame.get(whole)[i]
        given = [v for name in parts if (v := frame.get(name)[i]) is not None]
        if total is None or not given or (exact and len(given) == 1 and given[0] <= total and len(parts) > 1):
            return
        if (sum(given) != total) if exact else (sum(given) > total):
            column = frame.table.column(whole)
            frame.problem("parts-differ-from-total", i, whole, what=what, found=frame.shown(whole, sum(given)), whole=column.header, wanted=frame.shown(whole, total))

    @staticmethod
    def _check_training(frame: Frame, context: Context, i: int) -> None:
        budget, training = frame.get("public_funds_budget")[i], frame.get("training_budget")[i]
        least = context.parameters.get(TRAINING_SHARE.code, school=frame.schools[i])
        if budget and training is not None and training < least * budget:
            found = f"{float(Fraction(100 * training, budget)):.2f}"
            frame.problem("training-below-share", i, "training_budget", what="教师培训经费预算", found=found, wanted=f"{float(100 * least):g}")
        if budget is not None and training is not None and training > budget:
            frame.problem("part-above-whole", i, "training_budget", what="教师培训经费预算", whole="公用经费预算总额", wanted=frame.shown("public_funds_budget", budget))

    @staticmethod
    def _check_per_pupil(frame: Frame, i: int) -> None:
        """Funds for each pupil: within a plausible band, and as typed beside it where it was typed."""
        pupils = sum(v for name in ("primary_pupils", "junior_pupils") if (v := frame.get(name)[i]) is not None)
        funds = frame.get("base_funds")[i]
        if pupils and funds and not PER_PUPIL_BAND[0] * pupils <= funds <= PER_PUPIL_BAND[1] * pupils:
            found = f"每生 {float(Fraction(funds, 100 * pupils)):.2f} 元"
            frame.problem("unit-doubtful", i, "base_funds", what="生均公用经费", found=found, low="100 元", high="20000 元")
        said = frame.get("per_pupil")[i]
        if pupils and funds is not None and said is not None and abs(said * pupils - funds) > YUAN * pupils:
            wanted = f"{float(Fraction(funds, 100 * pupils)):.2f} 元"
            frame.problem("differs-from-computed", i, "per_pupil", what="生均公用经费", wanted=wanted)


SCHOOL_FUNDS = SchoolFundsLedger(
    code="school_funds",
    title="学校经费台账",
    order=60,
    clock=FISCAL_YEAR,
    tables=(Table("main", "学校经费", FUNDS_COLUMNS, target="funding.SchoolFunds", single=True, turned=True, note="每校一行；也可用“项目—金额”的竖表。"),),
    note="按财政年度（1 月至 12 月）填报的决算和预算，单位为元；表头或表角写明万元的按万元读取。",
)
