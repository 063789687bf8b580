"""First steps for each role, and the words of the trade."""

from __future__ import annotations

from office.navigation import address
from schools.models import County

WORDS = (
    ("疑点", "数据可能有误，也可能属实。说明一次原因后即可报送。"),
    ("错误", "必须改正的地方。改正前不能报送。"),
    ("暂算值", "还有学校的数据没有审核通过，用已审数据先算出的结果，不能作为结论。"),
    ("定版", "把一次结果固定下来，以后任何数据变动都不再影响它。"),
    ("不纳入评估学校", "按标准不参加校际比较的学校，例如不足 50 人的教学点；名单和原因列在结果旁边。"),
    ("差异系数", "各校数值按在校生数加权后的离散程度，越小越均衡。"),
    ("余项", "学校允许有一项未达标，但不得低于标准的 85%。"),
    ("退回修改", "审核人把台账退给学校，并写明原因和单元格。"),
)
# role → (sentence, url name, link word); names that need the county get its code.
STEPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "school_clerk": (
        ("在“我的任务”里看本校要报哪些台账。", "", ""),
        ("下载模板（已填好学校名称和代码），或直接用学校现有的工作簿。", "ledgers:mine", "去下载"),
        ("上传后按提示改正错误、说明疑点，再报送。", "", ""),
    ),
    "school_head": (
        ("学校报送后，在“待我办理”里审签。", "ledgers:inbox", "去审签"),
        ("在学校页看各项指标离标准还差多少。", "", ""),
    ),
    "centre_reviewer": (("在“待我办理”里初审本片学校的台账。", "ledgers:inbox", "去初审"),),
    "county_officer": (
        ("在“填报进度”里看哪些学校还没有报送。", "office:matrix", "看进度"),
        ("在“待我办理”里审核已报送的台账。", "ledgers:inbox", "去审核"),
        ("审核通过后结果自动重算，在“达标情况”里看谁没有达标、差在哪里。", "office:results", "看结果"),
    ),
    "county_lead": (
        ("核对学校名录：名称、标识码、办学类型。", "schools:registers", "看名录"),
        ("看填报进度，审核台账。", "office:matrix", "看进度"),
        ("数据齐全后定版，再生成上报表。", "office:reports", "看报表"),
    ),
    "class_teacher": (("每天首节课点名，无故缺勤的马上联系家长。", "dropout:home", "去点名"),),
    "town_officer": (("看本乡镇的案件和逾期事项，落实村长。", "dropout:home", "看案件"),),
    "village_officer": (("看本村的案件，记录劝返走访。", "dropout:home", "看案件"),),
    "inspector": (
        ("在“达标情况”里逐校逐项查看，点数值可一直查到原始单元格。", "office:results", "看结果"),
        ("在“报表”里下载带校验码的正式文件。", "office:reports", "看报表"),
    ),
    "department_filer": (("上传本部门负责的台账。", "ledgers:mine", "去上传"),),
    "system_admin": (
        ("增加县(市、区)，导入它的学校名录。", "schools:registers", "看名录"),
        ("建立用户并分配任职：先建县教育局负责人，再建各校填报员和校长。", "schools:users", "管用户"),
    ),
    "policy_admin": (("维护地方规则；国家标准的结果始终单独计算。", "schools:rulebooks", "看规则"),),
    "auditor": (("查询日志，核对审计链。", "office:audit", "看日志"),),
}  # fmt: skip


def first_steps(role: str, county: County | None) -> list[dict]:
    """What this role does first; links to rooms that are not installed are left out."""
    steps = []
    for text, name, link in STEPS.get(role, ()):
        args = [county.code] if name.startswith("office:") and county else []
        steps.append({"text": text, "url": address(name, *args) if name else None, "link": link})
    return steps
