"""Remarks on an .xlsx that a reader of values would not see: hidden things, comments, struck-out text, pictures."""
from __future__ import annotations

import re

from .package import Package, Sheet
from .refusals import NOTICES, OWN_LISTS
from .workbook import Notice
from .xmlparts import cell_text

_COMMENT = re.compile(r'<comment\b[^>]*?\bref="([A-Z]+\d+)"[^>]*>(.*?)</comment>', re.DOTALL)
_RUN = re.compile(r"<t\b[^>]*>([^<]*)</t>")
OWN_COMMENT = "均衡台账检查："  # what the comments of a marked workbook begin with: no remark of the clerk's
_SHOWN = 60
AT_MOST = 200


def notice(code: str, sheet: str, cell: str, sentence: str) -> Notice:
    return Notice(code, sheet, cell, f"{NOTICES[code]}：{sentence}")


def package_notices(package: Package, formats: list) -> list[Notice]:
    """All remarks of one package; `formats` are the cell formats of its styles."""
    found = []
    if package.external_links:
        found.append(notice("external-links-as-values", "", "", "公式引用了别的文件，按文件里保存的现有数值读取，请核对。"))
    if package.cell_images:
        found.append(notice("pictures-not-read", "", "", "WPS 嵌在单元格里的图片没有读取。"))
    struck = [index for index, shape in enumerate(formats) if shape.struck]
    for sheet in package.sheets:
        found += _sheet_notices(package, sheet, struck)
    return found


def _sheet_notices(package: Package, sheet: Sheet, struck: list[int]) -> list[Notice]:
    name, facts = sheet.name, sheet.facts
    if sheet.hidden and name == OWN_LISTS:
        return []
    if sheet.hidden:
        return [notice("hidden-sheet-not-read", name, "", f"“{name}”是隐藏的；如其中有要上报的内容，请取消隐藏后重新上传。")]
    if sheet.xml is None:
        return [notice("other-sheet-not-read", name, "", f"“{name}”是图表或对话框。")]
    found = []
    if facts.hidden_rows:
        found.append(notice("hidden-rows-read", name, "", f"工作表“{name}”有 {facts.hidden_rows} 行隐藏或被筛选掉，仍按有效内容读取。"))
    if facts.hidden_columns:
        found.append(notice("hidden-columns-read", name, "", f"工作表“{name}”有隐藏的列，仍按有效内容读取。"))
    if facts.protected:
        found.append(notice("sheet-protected", name, "", f"工作表“{name}”设有编辑保护，不影响读取。"))
    pictures = package.pictures.get(sheet.part, 0)
    if pictures:
        found.append(notice("pictures-not-read", name, "", f"工作表“{name}”里的 {pictures} 张图片没有读取。"))
    found += _comments(package.comments.get(sheet.part, b""), name)
    return found + _struck_cells(sheet, struck)


def _comments(content: bytes, name: str) -> list[Notice]:
    found = []
    for cell, inside in _COMMENT.findall(content.decode("utf-8", "replace")):
        text = cell_text("".join(_RUN.findall(inside))).replace("\n", " ").strip()
        if not text.startswith(OWN_COMMENT):
            found.append(notice("comment-found", name, cell, f"工作表“{name}”{cell} 的批注写着“{text[:_SHOWN]}”，批注不作为数据。"))
        if len(found) == AT_MOST:
            break
    return found


def _struck_cells(sheet: Sheet, struck: list[int]) -> list[Notice]:
    if not struck:
        return []
    styles = b"|".join(b"%d" % index for index in struck)
    pattern = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*?\ss="(?:' + styles + rb')"[^>/]*>')
    found = []
    for match in pattern.finditer(sheet.xml):
        cell = match[1].decode()
        sentence = f"工作表“{sheet.name}”{cell} 的文字画了删除线，仍按有效内容读取；如已作废请删除该行。"
        found.append(notice("strikethrough-found", sheet.name, cell, sentence))
        if len(found) == AT_MOST:
            break
    return found
