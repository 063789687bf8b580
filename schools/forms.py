"""Forms of the registers, people and rules."""

from __future__ import annotations

import datetime as dt
import re

from django import forms
from django.conf import settings

from . import codes
from .access import code_is_taken, townships_in
from .memberships import LEDGER_TITLES
from .models import Calendar, School
from .parameters import PARAMETERS, coded
from .roles import ROLES

COUNTY_ROLES = [("", "请选择"), *((r.code, r.title) for r in ROLES.values() if set(r.scopes) & {"county", "township", "school"})]
YES_NO = [("", "未填"), ("true", "是"), ("false", "否")]


def _listed(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in table.items()]


class CountyForm(forms.Form):
    """A county that is new to the portal."""

    code = forms.RegexField(
        label="行政区划代码", regex=r"^[0-9]{6}$", max_length=6, help_text="县级代码，6 位数字，例如 999901。",
        error_messages={"invalid": "行政区划代码是 6 位数字，例如 999901。"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=60, help_text="县(市、区)全称，页面和报表上都这样写。")


class RegisterUpload(forms.Form):
    """A register workbook."""

    file = forms.FileField(
        label="学校名录工作簿",
        help_text="含工作表“学校”，可另含“乡镇”（见右上角下载的名录）；重复导入只更新表中写明的内容。换码的学校，把原标识码写在“别名代码”里；"
        "更名、换码、改类型可另写“变更日期”和“变更依据”。",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.LEDGER_UPLOAD_BYTES:
            raise forms.ValidationError(f"文件超过 {settings.LEDGER_UPLOAD_BYTES // 2**20} MiB，请拆分后再导入。")
        return file


def _day(label: str, help_text: str = "", *, required: bool = True, initial=None) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, initial=initial)


class SchoolForm(forms.ModelForm):
    """What the register says of one school, since when it says so, and on which document."""

    type_code = forms.ChoiceField(label="办学类型", choices=_listed(codes.SCHOOL_TYPES))
    sponsor_code = forms.ChoiceField(label="举办者类型", choices=_listed(codes.SPONSORS))
    area_code = forms.ChoiceField(label="城乡类型", choices=_listed(codes.AREAS))
    changed_on = _day(
        "变更自", "名称、标识码、类型、举办者、城乡类型和乡镇从这一天起按新内容；改正登记错误，填该校启用的日期或有关学年的 9 月 1 日。",
        required=False,
    )  # fmt: skip
    document = forms.CharField(label="变更依据", required=False, max_length=200, help_text="文件名称和文号。")

    class Meta:
        model = School
        fields = ["name", "code", "kind", "type_code", "sponsor_code", "area_code", "township", "built_year", "is_boarding", "is_dense_centre",
                  "opened_on", "closed_on"]  # fmt: skip
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("opened_on", "closed_on")
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].label = "乡镇(街道)"
        self.fields["township"].queryset = townships_in(self.instance.county)
        self.fields["township"].empty_label = "（未填）"
        self.fields["built_year"].min_value, self.fields["built_year"].max_value = 1800, 2100
        self.fields["code"].help_text = "换码后仍认得原标识码。"

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if code_is_taken(self.instance, code):
            raise forms.ValidationError(f"标识码“{code}”已是本县另一所学校的，请核对。")
        return code

    def clean_built_year(self) -> int | None:
        year = self.cleaned_data["built_year"]
        if year is not None and not 1800 <= year <= 2100:
            raise forms.ValidationError(f"建校年份“{year}”应为四位年份，例如 1998。")
        return year

    def clean(self) -> dict:
        data = super().clean()
        opened, closed = data.get("opened_on"), data.get("closed_on")
        if opened and closed and closed <= opened:
            self.add_error("closed_on", f"停用日期 {closed} 应晚于启用日期 {opened}。")
        return data

    def values(self) -> dict:
        """What is to be set on the school."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class EventForm(forms.Form):
    """Something that happened to a school."""

    kind = forms.ChoiceField(label="事件", choices=[("close", "停办"), ("merge", "并入另一所学校"), ("split", "从另一所学校分立"), ("open", "设立")])
    on = _day("日期", "停办和合并：从这一天起不再统计。")
    other = forms.ModelChoiceField(label="另一所学校", queryset=School.objects.none(), required=False, empty_label="（没有）", help_text="合并：并入的学校；分立：原来的学校。")
    document = forms.CharField(label="依据文件", max_length=200, help_text="文件名称和文号。")
    note = forms.CharField(label="说明", required=False, max_length=300)

    def __init__(self, *args, schools=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if schools is not None:
            self.fields["other"].queryset = schools


class TownshipForm(forms.Form):
    """One township; without a name the line is left out."""

    name = forms.CharField(label="乡镇(街道)名称", max_length=60, required=False)
    code = forms.CharField(label="乡镇代码", max_length=12, required=False)
    centre_school = forms.ModelChoiceField(label="中心校", queryset=School.objects.none(), required=False, empty_label="（没有）")

    def __init__(self, *args, schools=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if schools is not None:
            self.fields["centre_school"].queryset = schools


def _dates(line: str) -> list[str]:
    found = re.findall(r"\d{4}-\d{1,2}-\d{1,2}", line)
    try:
        return [dt.datetime.strptime(text, "%Y-%m-%d").date().isoformat() for text in found]  # noqa: DTZ007
    except ValueError:
        raise forms.ValidationError(f"“{line}”里有不存在的日期，请核对。") from None


class CalendarForm(forms.Form):
    """The calendar as lines of text."""

    AREA = forms.Textarea(attrs={"rows": 4})
    terms = forms.CharField(label="学期", widget=AREA, help_text="每行一个学期：2026-09-01 2027-01-22")
    holidays = forms.CharField(
        label="放假", widget=AREA, required=False, help_text="每行一次：2026-10-01 2026-10-08 国庆节"
    )
    makeup_days = forms.CharField(label="调休上课日", widget=AREA, required=False, help_text="每行一天：2026-10-10")

    @staticmethod
    def initial_of(held: Calendar | None) -> dict[str, str]:
        if held is None:
            return {}
        return {
            "terms": "\n".join(" ".join(term) for term in held.terms),
            "holidays": "\n".join(" ".join(holiday) for holiday in held.holidays),
            "makeup_days": "\n".join(held.makeup_days),
        }

    def _spans(self, name: str) -> list[list[str]]:
        spans = []
        for line in self.cleaned_data[name].splitlines():
            if not line.strip():
                continue
            dates = _dates(line)
            if len(dates) != 2 or dates[0] > dates[1]:
                raise forms.ValidationError(f"“{line}”应写明起止两个日期，且起不晚于止，例如 2026-09-01 2027-01-22。")
            spans.append([*dates, re.sub(r"[\d-]+", "", line).strip()])
        return spans

    def clean_terms(self) -> list[list[str]]:
        return [span[:2] for span in self._spans("terms")]

    def clean_holidays(self) -> list[list[str]]:
        return self._spans("holidays")

    def clean_makeup_days(self) -> list[str]:
        return [day for line in self.cleaned_data["makeup_days"].splitlines() for day in _dates(line)]


class PersonForm(forms.Form):
    """A new user and a first role."""

    username = forms.RegexField(
        label="用户名",
        regex=r"^[A-Za-z0-9_.-]{3,40}$",
        error_messages={"invalid": "用户名用 3–40 个字母、数字、点、横线或下划线。"},
    )
    display_name = forms.CharField(label="姓名或称呼", max_length=40)
    role = forms.ChoiceField(label="角色", choices=COUNTY_ROLES)
    scope = forms.CharField(
        label="范围",
        max_length=80,
        widget=forms.TextInput(attrs={"list": "scopes", "autocomplete": "off"}),
        help_text="管哪里：输入学校或乡镇的名称，从列出的里面选。班主任在后面加“/班级”（例如 9999010001/三年级/2班），村级专干加“/村名”。",
    )
    ledgers = forms.MultipleChoiceField(
        label="限定台账", required=False, choices=lambda: list(LEDGER_TITLES.items()), widget=forms.CheckboxSelectMultiple,
        help_text="股室分工时勾选；不勾为全部。",
    )  # fmt: skip
    valid_to = forms.DateField(label="有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class MembershipForm(forms.Form):
    """One more role for a user."""

    role = forms.ChoiceField(label="角色", choices=COUNTY_ROLES)
    scope = forms.CharField(label="范围", max_length=80)


class RuleForm(forms.Form):
    """One local rule."""

    parameter = forms.ChoiceField(
        label="参数", choices=lambda: [(p.code, p.title) for p in PARAMETERS.values()]
    )
    value = forms.CharField(
        label="取值", max_length=400, help_text="分学段写作“小学:0.45,初中:0.40”；是否类写“是”或“否”，几项用顿号或逗号分开。"
    )
    scope = forms.CharField(
        label="适用学校",
        initial="全部",
        max_length=400,
        help_text="全部、乡村、公办，或学校标识码（逗号分隔）。",
    )
    document = forms.CharField(label="依据文件", max_length=200, help_text="名称和文号。")
    clause = forms.CharField(label="条款", required=False, max_length=100)
    valid_from = forms.DateField(label="自", widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_value(self) -> str:
        parameter = PARAMETERS.get(self.cleaned_data.get("parameter", ""))
        return (parameter.coded if parameter else coded)(self.cleaned_data["value"])

    def clean_scope(self) -> str:
        return coded(self.cleaned_data["scope"])


class SourceForm(forms.Form):
    """Which source of a fact stands."""

    fact = forms.CharField(max_length=40)
    source = forms.CharField(max_length=40, required=False)
