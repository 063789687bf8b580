"""The actions of the audit trail in words: what kind of thing, what was done to it."""
from __future__ import annotations

from dropout.states import MOVES
from ledgers.services.steps import AUDIT_VERBS
from ledgers.services.steps import VERBS as FILING_VERBS

NOUNS = {
    "session": "登录", "user": "用户", "membership": "任职", "password": "密码", "token": "接口令牌", "backup": "备份", "job": "后台任务",
    "county": "县(市、区)", "register": "学校名录", "school": "学校", "calendar": "校历", "workflow": "审核环节", "rule": "地方规则", "pack": "规则包",
    "source": "数据来源", "goal": "目标进度", "dataset": "数据集", "version": "台账", "answer": "疑问的回答", "evidence": "佐证", "snapshot": "结果",
    "paper": "报表", "case": "控辍案件", "absence": "缺勤", "roll": "点名", "child": "学生信息", "children": "学生登记", "clock": "到期提醒",
    "head": "责任人", "pledge": "责任书", "dropout_report": "控辍月报", "dropout_review": "核查汇总", "dropout_system": "控辍制度", "extract": "按日摘录",
    "lists": "名单比对", "finding": "比对结果", "flag": "预警", "flags": "预警", "tag": "学生类别", "pairing": "结对帮扶", "contact": "帮扶记录",
    "care": "关爱台账", "plan": "一人一案", "plans": "一人一案台账", "home_lesson": "送教上门", "resource_room": "资源教室", "gift": "关爱款物", "gifts": "关爱款物",
}  # fmt: skip
DONE = {
    "started": "登录", "ended": "结束", "expired": "超时退出", "refused": "被拒绝", "created": "建立", "disabled": "停用", "enabled": "启用", "unlocked": "解锁",
    "second_factor": "二次验证", "given": "给予", "changed": "更改", "reset": "重置", "revoked": "撤销", "made": "生成", "restored": "恢复", "failed": "失败",
    "opened": "查看完整信息", "applied": "导入", "townships_set": "设定乡镇", "event_recorded": "登记变更", "saved": "保存", "set": "设定", "withdrawn": "撤销",
    "chosen": "选定", "removed": "删去", "staged": "写入待审数据", "standing": "成为现行数据", "retired": "退出现行", "purged": "到期清除", "downloaded": "下载原件",
    "marked_downloaded": "下载标注副本", "remembered": "记住", "forgotten": "忘记", "attested": "认定", "document_added": "登记文件", "frozen": "定版",
    "paper_added": "添加文书", "explained": "说明原因", "called": "登记", "erased": "删除个人信息", "workbooks_redacted": "从工作簿中删去", "listed": "查看名单",
    "registered": "登记", "compared": "比对", "followed_merger": "随学校合并转出", "reminded": "发出", "assigned": "落实", "signed": "签订", "filed": "报送",
    "suggested": "列出常见名称", "matched": "完成", "case_opened": "立案", "cleared": "核实", "checked": "核查", "opened_case": "转为案件", "raised": "发出",
    "logged": "登记", "taken": "按台账登记", "recorded": "登记", "struck": "划去", "published": "公示", "visit": "劝返走访", "open": "立案",
}  # fmt: skip
EXACT = {"county.opened": "增加县(市、区)", "case.opened": "控辍案件：查看完整信息", "case.open": "控辍案件：立案"}
KINDS = {"user": "用户", "system": "系统", "operator": "命令行", "token": "接口"}
_FILING = {AUDIT_VERBS[verb]: words for verb, words in FILING_VERBS.items() if verb in AUDIT_VERBS}


def action_in_words(action: str) -> str:
    """“台账：县级审核” for "version.approved"; the code itself for what nobody named."""
    if action in EXACT:
        return EXACT[action]
    noun, _, done = action.partition(".")
    if noun == "version" and done in _FILING:
        words = _FILING[done]
    elif noun == "case" and done in MOVES:
        words = MOVES[done].title
    else:
        words = DONE.get(done)
    return f"{NOUNS[noun]}：{words}" if noun in NOUNS and words else action
