"""Why a file cannot be read: one code, one title and one whole Chinese sentence each.

`REFUSALS` (code → title) feeds the catalogue of problems; `SENTENCES` holds what the clerk reads. A sentence says
what was found, what is wanted and what to do. `NOTICES` are remarks on a file that *was* read.
"""

_SAVE_AS = "请用 WPS 或 Excel 打开该文件，点“文件→另存为”，类型选“Excel 工作簿（*.xlsx）”，保存后重新上传。"
_MAKE_AGAIN = "请新建一个空白工作簿，把需要的内容“选择性粘贴→数值”进去，另存为 .xlsx 后重新上传。"

_CATALOGUE: dict[str, tuple[str, str]] = {
    # gate 1: size
    "empty-file": ("文件是空的", "收到的文件是空的（0 字节）。请确认文件已保存、网络没有中断，再重新上传。"),
    "file-too-large": (
        "文件太大",
        "文件有 {size}，超过 {limit} 的上限。请删去图片、空白行和与本台账无关的工作表，或分学校、分年级拆成几个文件后上传。",
    ),
    # gate 2: what the bytes are
    "not-a-workbook": ("不是电子表格", "这个文件的内容是{kind}，不是电子表格。请上传 .xlsx、.xls、.ods 或 .csv 格式的台账。"),
    "wps-et-file": ("WPS 专用格式", "这是 WPS 表格专用的 .et 格式，无法直接读取。" + _SAVE_AS),
    "encrypted-file": (
        "文件有密码",
        "文件设了打开密码，无法读取。请用 WPS 或 Excel 输入密码打开，点“文件→文档加密（信息→保护工作簿）”去掉密码，保存后重新上传。",
    ),
    "binary-workbook": ("二进制工作簿", "这是二进制格式（.xlsb）的工作簿，无法读取。" + _SAVE_AS),
    "old-workbook": ("版本太旧的工作簿", "这是 Excel 95 或更早版本的工作簿，无法读取。" + _SAVE_AS),
    "xml-spreadsheet": ("XML 表格", "这是“XML 表格 2003”或网页归档格式的文件，无法直接读取。" + _SAVE_AS),
    "unknown-encoding": (
        "文字编码无法识别",
        "文本文件的文字编码既不是 UTF-8 也不是 GB18030(GBK)，第 {line} 行附近无法识别。" + _SAVE_AS,
    ),
    # gate 3: the zip directory
    "broken-file": ("文件已损坏", "文件不完整或已损坏（{detail}）。请在 WPS 或 Excel 中确认能正常打开，另存为 .xlsx 后重新上传。"),
    "too-many-members": ("内部文件过多", "工作簿内部含有 {count} 个部件，超过 {limit} 个的上限，不像正常的台账。" + _MAKE_AGAIN),
    "repeated-member": ("内部文件重名", "工作簿内部有重复的部件“{name}”，可能被篡改过，内容以哪一份为准无法判断。" + _MAKE_AGAIN),
    "unsafe-member-name": ("内部路径异常", "工作簿内部有路径异常的部件“{name}”，可能被篡改过。" + _MAKE_AGAIN),
    "zip-bomb": ("解压后过大", "工作簿解压后有 {size}，超过 {limit} 的上限（常见原因是整列整行都设了格式）。" + _MAKE_AGAIN),
    "sizes-differ": ("内部大小不符", "工作簿部件“{name}”的实际大小或校验值与登记的不符，文件可能损坏或被篡改。" + _MAKE_AGAIN),
    # gate 4: content types
    "macro-file": ("含有宏", "文件含有宏（VBA 程序），为了安全不予读取。" + _SAVE_AS),
    "dde-link": ("含有 DDE 链接", "文件含有会调用其他程序的 DDE 链接，为了安全不予读取。" + _MAKE_AGAIN),
    "ole-object": (
        "含有嵌入对象",
        "文件里嵌入了其他文档或控件（OLE 对象“{name}”），为了安全不予读取。请在表格中选中并删除这些嵌入的图标或控件，保存后重新上传。",
    ),
    "strict-ooxml": (
        "Strict 格式工作簿",
        "这是“Strict Open XML”格式的工作簿，无法读取。请点“文件→另存为”，类型选普通的“Excel 工作簿（*.xlsx）”（名称里没有 Strict），保存后重新上传。",
    ),
    # gate 5: the XML itself
    "doctype-found": ("含有不允许的声明", "工作簿部件“{name}”里有 DOCTYPE 声明，正常的表格不会有，可能是攻击文件，不予读取。" + _MAKE_AGAIN),
    "xml-encoding": ("内部编码异常", "工作簿部件“{name}”用了不受支持的文字编码“{encoding}”。" + _SAVE_AS),
    "no-sheet": ("没有工作表", "文件里没有可见的工作表。请确认台账所在的工作表没有被隐藏，再重新上传。"),
    "no-content": ("没有内容", "文件能打开，但所有工作表都是空白的。请填写后重新上传；本期确无此类情况、上传页上有“零报告”的，请点“零报告”。"),
    "too-many-rows": (
        "行数过多",
        "工作表“{sheet}”有 {count} 行内容，超过 {limit} 行的上限。请按学校或年级拆成几个文件后分别上传。",
    ),
    "too-many-columns": ("列数过多", "工作表“{sheet}”用到了第 {count} 列，超过 {limit} 列的上限。请删除与本台账无关的列后重新上传。"),
    "too-many-cells": ("单元格过多", "工作表“{sheet}”的区域有 {count} 个单元格，超过 {limit} 个的上限。请删除无关的行和列，或拆成几个文件后上传。"),
    "far-cell": (
        "远处有孤立内容",
        "工作表“{sheet}”的 {cell} 单元格有内容，离表格主体太远。请按 Ctrl+End 找到它，删除多余的行列，保存后重新上传。",
    ),
    "huge-merge": ("合并区域过大", "工作表“{sheet}”的合并区域 {cell} 过大。请选中它，点“取消合并”，保存后重新上传。"),
    "too-many-merges": ("合并区域过多", "工作表“{sheet}”有 {count} 处合并单元格，超过 {limit} 处的上限。请取消合并后重新上传。"),
    "cell-too-long": (
        "一格文字过长",
        "工作表“{sheet}”的 {cell} 单元格有 {count} 个字，超过 {limit} 个字的上限。请检查是否误把整段材料或整张表粘进了一格，缩短后重新上传。",
    ),
    # gate 6: the reader
    "reader-failed": ("读取中止", "读取该文件时超出了内存或时间的限制，或文件内容过于异常，已中止。" + _MAKE_AGAIN),
    "reader-differs": (
        "读取结果不一致",
        "工作表“{sheet}”读出 {found} 行，而文件里登记了 {count} 行，为避免漏读不予采用。" + _SAVE_AS,
    ),
}

REFUSALS: dict[str, str] = {code: title for code, (title, _) in _CATALOGUE.items()}
SENTENCES: dict[str, str] = {code: sentence for code, (_, sentence) in _CATALOGUE.items()}

OWN_LISTS = "_选项"  # the hidden sheet with the drop-downs of our own templates: nobody has to be told of it
NOTICES: dict[str, str] = {
    "hidden-sheet-not-read": "隐藏的工作表没有读取",
    "other-sheet-not-read": "不是普通工作表，没有读取",
    "hidden-rows-read": "隐藏或筛选掉的行也已读取",
    "hidden-columns-read": "隐藏的列也已读取",
    "external-links-as-values": "外部链接按现有数值读取",
    "comment-found": "单元格有批注",
    "strikethrough-found": "单元格文字有删除线",
    "pictures-not-read": "图片没有读取",
    "sheet-protected": "工作表设有保护，仍可读取",
    "control-characters-removed": "删去了看不见的控制字符",
    "full-width-commas": "全角逗号分列的文本",
}


class Refusal(Exception):
    """A file that is not read, with the code of `REFUSALS` and the sentence for the person who sent it."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.title = REFUSALS[code]
        self.facts = {key: str(value) for key, value in facts.items()}
        self.message = SENTENCES[code].format(**self.facts)
        super().__init__(self.message)


def human_size(count: int) -> str:
    """Bytes in a person's unit, one decimal: 1536 → "1.5 KB"."""
    if count < 1024:
        return f"{count} 字节"
    if count < 1024 * 1024:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024 / 1024:.1f} MB"
