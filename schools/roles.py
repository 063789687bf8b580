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
}

_READ = {"view_results", "view_school", "make_report"}
_BUREAU = _READ | {"view_filing", "download_original", "remind", "attest"}


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
            },
            second_factor=True,
        ),
        _role(
            "county_officer",
            "县教育局经办人",
            ("county",),
            _BUREAU | {"approve", "file", "view_personal"},
            second_factor=True,
        ),
        _role("department_filer", "部门填报员", ("county",), {"file", "view_filing", "download_original"}),
        _role(
            "centre_reviewer",
            "中心校审核员",
            ("township", "school"),
            {"view_school", "view_filing", "review", "download_original", "make_report"},
        ),
        _role("town_officer", "乡镇控辍专干", ("township",), {"view_school"}),
        _role("village_officer", "村级专干", ("township",), set()),
        _role(
            "school_head",
            "校长",
            ("school",),
            {"view_school", "view_filing", "confirm", "make_report", "download_original", "view_personal"},
        ),
        _role(
            "school_clerk",
            "学校填报员",
            ("school",),
            {"view_school", "view_filing", "file", "make_report", "download_original", "withdraw"},
        ),
        _role("class_teacher", "班主任(帮扶教师)", ("school",), set()),
        _role("inspector", "督学", ("county",), _READ),
        _role("evaluator", "第三方评估员", ("county",), _READ),
        _role("supervisor", "省市督导员", ("prefix",), _READ),
    )
}
