"""The two forms of a filing: sending a workbook, and returning one."""
from __future__ import annotations

import re

from django import forms

from accounts.actor import Actor
from ledgers.ledger import Ledger
from schools import access
from schools.models import County

_CELL = re.compile(r"^(?:(?P<sheet>[^!！]+)[!！])?(?P<cell>[A-Za-z]{1,3}\d{1,7})[\s:：,，]*(?P<reason>.*)$")


class ManyFiles(forms.ClearableFileInput):
    """A file field in which several files may be chosen."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files, each cleaned as one; the value is a list."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        return [super(FilesField, self).clean(one, initial) for one in (data if isinstance(data, list | tuple) and data else [data])]


class UploadForm(forms.Form):
    """One workbook. Works without JavaScript; the codes in the sheet decide when no school is chosen."""

    year = forms.TypedChoiceField(label="时期", coerce=int)
    school = forms.ChoiceField(label="学校", required=False)
    file = FilesField(
        label="工作簿", allow_empty_file=True, help_text="支持 .xlsx、.xls、.ods、.csv，可以一次选几个文件。直接上传现有的表即可，表头可与模板不同，系统会按名称对应。",
        error_messages={"required": "没有选择文件，请先选择填好的工作簿。"},
    )  # fmt: skip

    def __init__(self, *args, actor: Actor, county: County, ledger: Ledger, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        if "zero" in self.data and ledger.may_be_none:
            self.fields["file"].required = False
        label = "{0}-{1}学年" if ledger.clock == "school_year" else "{0}年度"
        self.fields["year"].choices = [(y, label.format(y, y + 1)) for y in range(year + 1, year - 6, -1)]
        if ledger.scope != "school":
            del self.fields["school"]
            return
        schools = list(access.schools_of(actor, county, "file", None if ledger.carries else ledger.code))
        choices = [(school.code, f"{school.name}（{school.code}）") for school in schools]
        if len(schools) != 1:
            choices.insert(0, ("", "由表中的学校标识码决定（可一次上传多所学校）"))
        self.fields["school"].choices = choices
        if len(schools) == 1:
            self.fields["school"].initial = schools[0].code


def parse_cells(text: str) -> list[dict[str, str]]:
    """One cell a line, "教师花名册!F7 学历与证书不符" → {"sheet", "cell", "reason"}; other lines are left out."""
    found = []
    for line in text.splitlines():
        if match := _CELL.match(line.strip()):
            found.append({"sheet": (match["sheet"] or "").strip(), "cell": match["cell"].upper(), "reason": match["reason"].strip()})
    return found
