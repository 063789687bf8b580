"""What a marked workbook carries of ours, and how it is known again when the clerk mends and sends that very file."""
from __future__ import annotations

from ..reading.remarks import OWN_COMMENT

HELP, TO_MEND, SUMMARY = "说明", "必改", "汇总"
OPENINGS = {HELP: "标注说明 · 均衡台账", TO_MEND: "必改清单 · 均衡台账", SUMMARY: "问题汇总 · 均衡台账"}
"""Sheet → the text of its cell A1: the sheet is told apart by it, whatever it is called."""
AUTHOR = "均衡台账"
COMMENT_OPENING = OWN_COMMENT
FORMER_COMMENT = "【原批注】"
COLOURS = {"error": "FFC6CE", "doubt": "FFEB9D", "notice": "DDEBF8"}
"""Level → fill. A hair beside Excel's own palette, so that a fill of ours is known from the clerk's."""


TEMPLATE_HELP = "填写说明"  # how the title of a template's help sheet ends; it lists every column and is no data


def is_own_sheet(first_cell: str) -> bool:
    """Whether a sheet that begins with this text is ours: made by a marking, or the help sheet of a template."""
    return first_cell in OPENINGS.values() or first_cell.endswith(TEMPLATE_HELP)


def is_own_comment(text: str) -> bool:
    """Whether a comment's text was written by a marking."""
    return text.startswith(COMMENT_OPENING)
