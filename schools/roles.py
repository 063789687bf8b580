"""The roles of the portal and what each may do, in one table (design: People and permission).

A verb is asked through schools.access only. Scopes are the kinds of Membership.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role: its Chinese title, the scope kinds it may be given in, its verbs, and whether it needs a second factor."""

    code: str
    title: str
    scopes: tuple[str, ...]
    verbs: frozenset[str]
    second_factor: bool = False


VERBS = {
    "view_results": "查看全县结果",
    "view_school": "查看学校",
    "view_filing": "查看填报",
    "file": "填报台账",
    "confirm": "校长审签",
    "review": "中心校初审",
    "approve": "县级审核",
    "lock": "锁定与解锁",
    "freeze": "定版",
    "make_report": "生成报表",
    "edit_register": "维护学校名录",
    "edit_rules": "维护地方规则",
    "manage_users": "管理用户",
    "view_audit": "查看日志",
    "view_personal": "查看个人信息",
    "download_original": "下载原始文件",
    "withdraw": "撤回",
    "remind": "催报",
    "attest": "认定佐证条目",
    "view_children": "查看学生(掩码)",
    "report_absence": "登记缺勤",
    "persuade": "劝返走访",
    "register_dropout": "登记辍学并书面报告",
    "issue_notice": "签发限期返校通知书",
    "settle_return": "登记复学和安置",
    "sign_school_line": "教育线签字",
    "sign_government_line": "政府线签字",
    "strike_off": "销号",
    "receive_transfer": "接收转入",
    "approve_leave": "批准缓学、休学和不再统计",
    "assign_heads": "落实责任人",
    "edit_systems": "维护控辍保学制度",
    "match_lists": "名单比对",
    "check_warning": "预警核查",
    "care": "记录关爱帮扶",
    "report_month": "报送控辍保学月报",
    "record_gifts": "登记和公示关爱款物",
    "erase_child": "删除学生个人信息",
}

_READ = {"view_results", "view_school", "make_report"}
_BUREAU = _READ | {"view_filing", "download_original", "remind", "attest"}
# 控辍保学. The school line: class teacher, clerk, head; the government line: village, township; the bureau joins both.
_CARER = {"view_children", "report_absence", "persuade", "care"}
_SCHOOL_LINE = _CARER | {"settle_return", "receive_transfer", "check_warning", "record_gifts"}
_BUREAU_DROPOUT = {
    "view_children", "persuade", "register_dropout", "approve_leave", "strike_off", "assign_heads", "edit_systems",
    "match_lists", "check_warning", "receive_transfer", "record_gifts",
}  # fmt: skip


def _role(code: str, title: str, scopes: tuple[str, ...], verbs: set[str], *, second_factor: bool = False) -> Role:
    unknown = verbs - set(VERBS)
    if unknown:
        raise ValueError(f"role {code} names unknown verbs {unknown}")
    return Role(code, title, scopes, frozenset(verbs), second_factor)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("system_admin", "系统管理员", ("portal",), {"manage_users", "edit_register"}, second_factor=True),
        _role("policy_admin", "政策管理员", ("portal", "county"), {"edit_rules", "view_results"}, second_factor=True),
        _role("auditor", "审计员", ("portal", "county"), {"view_audit"}, second_factor=True),
        _role(
            "county_lead",
            "县教育局负责人",
            ("county",),
            _BUREAU
            | _BUREAU_DROPOUT
            | {
                "approve",
                "lock",
                "freeze",
                "edit_register",
                "edit_rules",
                "withdraw",
                "file",
                "view_personal",
                "manage_users",
                "erase_child",
            },
            second_factor=True,
        ),
        _role(
            "county_officer",
            "县教育局经办人",
            ("county",),
            _BUREAU | _BUREAU_DROPOUT | {"approve", "file", "view_personal"},
            second_factor=True,
        ),
        _role("department_filer", "部门填报员", ("county",), {"file", "view_filing", "download_original"}),
        _role(
            "centre_reviewer",
            "中心校审核员",
            ("township", "school"),
            {"view_school", "view_filing", "review", "download_original", "make_report"}
            | {"view_children", "persuade", "check_warning"},
        ),
        _role(
            "town_officer",
            "乡镇控辍专干",
            ("township",),
            {"view_school", "view_children", "persuade", "issue_notice", "sign_government_line", "approve_leave"}
            | {"assign_heads", "view_personal"},
        ),
        _role("village_officer", "村级专干", ("township",), {"view_children", "persuade"}),
        _role(
            "school_head",
            "校长",
            ("school",),
            {"view_school", "view_filing", "confirm", "make_report", "download_original", "view_personal"}
            | _SCHOOL_LINE
            | {"register_dropout", "sign_school_line", "assign_heads", "report_month"},
        ),
        _role(
            "school_clerk",
            "学校填报员",
            ("school",),
            {"view_school", "view_filing", "file", "make_report", "download_original", "withdraw"} | _SCHOOL_LINE,
        ),
        _role("class_teacher", "班主任(帮扶教师)", ("school",), _CARER),
        _role("inspector", "督学", ("county",), _READ),
        _role("evaluator", "第三方评估员", ("county",), _READ),
        _role("supervisor", "省市督导员", ("prefix",), _READ),
    )
}
