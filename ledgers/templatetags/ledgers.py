"""Tags of the filing pages."""
from __future__ import annotations

from django import template

from ledgers.definitions import RECEIVED

register = template.Library()

NEXT = {
    "none": "还没有上传。可直接上传学校现有的工作簿，或下载模板填写。", "withdrawn": "已撤回，目前没有现行数据。请重新上传。",
    "received": "已接收，正在排队检查。", "checking": "正在检查。", "refused": "文件没有接收，请按提示处理后重新上传。",
    "faulty": "请改正错误后重新上传。", "checked": "检查通过，请核对疑点并报送。", "submitted": "已报送，等待审核。",
    "head-confirmed": "校长已审签，等待审核。", "township-passed": "中心校已初审，等待县审核。", "approved": "已审核，数据已生效。",
    "returned": "已被退回，请按退回原因改正后重新上传。",
}  # fmt: skip
UNDER_REVIEW = ("submitted", "head-confirmed", "township-passed", "received", "checking")


@register.filter
def ledger_title(code: str) -> str:
    """The name of a ledger by its code."""
    return RECEIVED[code].title


@register.filter
def next_step(slot) -> str:
    """What to do next with a slot, in one sentence."""
    if slot.state == "checked" and not slot.doubts:
        return "检查通过，请报送。"
    if slot.state == "none" and RECEIVED[slot.ledger].forms:
        return "还没有上传。直接上传统计系统导出的工作簿即可，不必另填。"
    return NEXT[slot.state]


@register.filter
def rest(row, owed: set[str]) -> list:
    """The slots of a school that nobody asks for and nobody has filled."""
    return [slot for code, slot in row.slots.items() if code not in owed and not slot.number]


@register.filter
def can_upload(slot) -> bool:
    """Whether a new file may be sent for the slot now."""
    return not slot.locked and slot.state not in UNDER_REVIEW
