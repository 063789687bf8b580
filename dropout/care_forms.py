"""Forms of the care pages. They work on a phone and without JavaScript; dates are real date inputs."""
from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation

from django import forms

from .groups import CATEGORIES, OPEN_GROUPS
from .models import CaseReason, ContactWay, Disability, HelpMode
from .services.disabled import PLACEMENTS


def new_entry_key() -> str:
    """The mark of one entry: the same form sent twice over a poor line is one row."""
    return uuid.uuid4().hex


def date_field(label: str, **options) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def entry_field() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, max_length=40, initial=new_entry_key)


BLANK = [("", "请选择")]


class ReasonForm(forms.Form):
    """Why somebody opens a child's data."""

    reason = forms.CharField(
        label="查看事由", max_length=200, help_text="例如：联系监护人约定家访。事由、查看人和时间一起留存，可以追查。"
    )


class TagForm(forms.Form):
    """Put a child into a group."""

    category = forms.ChoiceField(label="类别", choices=BLANK + [(c.code, c.title) for c in CATEGORIES.values()])
    basis = forms.CharField(label="认定依据", max_length=120, required=False, help_text="文件、证件或名单的名称，不写证件号码。")
    since = date_field("认定日期")


class PairingForm(forms.Form):
    """A helper for one of the child's groups."""

    group = forms.ChoiceField(label="帮扶类别")
    helper = forms.ChoiceField(label="帮扶教师", required=False, help_text="本校有账号的教职工；不在列表中的，在下面填写姓名。")
    helper_name = forms.CharField(label="或填写教师姓名", max_length=40, required=False)
    helper_id_number = forms.CharField(
        label="教师身份证号", max_length=18, required=False, help_text="填写后与教师名册核对，同一位教师在几所学校帮扶只算一人；号码本身不保存。"
    )
    subject = forms.CharField(label="学科", max_length=20, required=False)
    mode = forms.ChoiceField(label="结对方式", choices=HelpMode.choices, initial=HelpMode.ONE_TO_MANY)
    measures = forms.CharField(label="帮扶措施", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    since = date_field("结对日期")

    def __init__(self, *args, groups: list[tuple[str, str]], helpers: dict[int, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = groups
        self.fields["helper"].choices = [("", "（不在列表中）"), *((str(pk), name) for pk, name in helpers.items())]


class ContactForm(forms.Form):
    """One contact."""

    on = date_field("日期")
    way = forms.ChoiceField(label="方式", choices=BLANK + list(ContactWay.choices))
    content = forms.CharField(
        label="内容", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="加密保存，再看时须写明事由。"
    )
    effect = forms.CharField(label="效果", max_length=60, required=False)
    entry_key = entry_field()


class PlanForm(forms.Form):
    """一人一案."""

    placement = forms.ChoiceField(label="安置方式", choices=BLANK + [(p.value, p.label) for p in PLACEMENTS])
    school = forms.ChoiceField(label="承担教育的学校", required=False, help_text="学籍由承担教育的学校管理。")
    kind = forms.ChoiceField(label="残疾类别", required=False, choices=BLANK + list(Disability.choices))
    degree = forms.TypedChoiceField(
        label="残疾等级", required=False, coerce=int, empty_value=None, choices=[*BLANK, (1, "一级"), (2, "二级"), (3, "三级"), (4, "四级")]
    )
    has_certificate = forms.TypedChoiceField(
        label="有无残疾人证", required=False, coerce=lambda text: text == "yes", empty_value=None, choices=[("", "未填"), ("yes", "有"), ("no", "无")]
    )
    finding = forms.CharField(label="评估结论", max_length=200, required=False, help_text="残疾人教育专家委员会的评估结论。")
    reason = forms.CharField(label="未入学原因", max_length=120, required=False, help_text="待安置、缓学须填写。")
    rehabilitation = forms.CharField(label="康复需求", max_length=120, required=False)
    responsible = forms.CharField(label="责任人（职务）", max_length=60, required=False)
    since = date_field("起始日期")

    def __init__(self, *args, schools: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = BLANK + schools


class HomeLessonForm(forms.Form):
    """One visit of home teaching."""

    on = date_field("送教日期")
    lessons = forms.IntegerField(label="课时数", min_value=1, max_value=8, initial=2)
    minutes = forms.IntegerField(label="总时长（分钟）", min_value=10, max_value=480, initial=60)
    teachers = forms.CharField(label="送教教师", max_length=120, help_text="几位教师用顿号分隔；保存时只留姓氏。")
    place = forms.CharField(label="地点", max_length=60, required=False, initial="学生家中")
    content = forms.CharField(label="送教内容", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    parent_signed = forms.BooleanField(label="家长已签字", required=False)
    entry_key = entry_field()


class RoomForm(forms.Form):
    """Resource rooms of a school."""

    school = forms.ChoiceField(label="学校")
    rooms = forms.IntegerField(label="资源教室间数", min_value=1, max_value=99)
    area = forms.DecimalField(label="面积（㎡）", min_value=0, max_digits=8, decimal_places=2, required=False)
    teachers = forms.IntegerField(label="资源教师数", min_value=0, max_value=999, required=False)
    since = date_field("自")

    def __init__(self, *args, schools: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = BLANK + schools


class CheckForm(forms.Form):
    """A warning was looked into."""

    outcome = forms.CharField(label="核查结果", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="例如：已家访，因病请假，已补办手续。")


class FlagCaseForm(forms.Form):
    """A warning becomes a case."""

    absent_since = date_field("离校日期", help_text="第一个没有到校的上课日。")
    reason = forms.ChoiceField(label="原因", required=False, choices=BLANK + list(CaseReason.choices))
    whereabouts = forms.CharField(label="目前去向", max_length=120, required=False)


class GiftForm(forms.Form):
    """One line of the book of gifts."""

    holder = forms.ChoiceField(label="账册")
    direction = forms.ChoiceField(label="收支", choices=[*BLANK, ("received", "接收"), ("given", "发放")])
    kind = forms.ChoiceField(label="类别", choices=[("goods", "物品"), ("money", "资金")])
    item = forms.CharField(label="款物名称", max_length=60, help_text="同一种款物每次写同样的名称，结余按名称和单位计算。")
    unit = forms.CharField(label="单位", max_length=10, required=False, help_text="物品填写“个”“套”等；资金不用填，一律为元。")
    amount = forms.CharField(label="数额（元）或数量", max_length=20)
    on = date_field("日期")
    donor = forms.CharField(label="捐赠方", max_length=120, required=False, help_text="接收时填写。")
    group = forms.ChoiceField(label="发放给哪类学生", required=False, choices=[("", "（不按类别）"), *OPEN_GROUPS])
    school = forms.ChoiceField(label="发放给哪所学校", required=False)
    note = forms.CharField(label="备注", max_length=200, required=False, help_text="不写学生姓名。")
    entry_key = entry_field()

    def __init__(self, *args, holders: list[tuple[str, str]], schools: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = holders
        self.fields["school"].choices = [("", "（不按学校）"), *schools]

    def clean(self) -> dict:
        data = super().clean()
        if "amount" in data and data.get("kind"):
            try:
                data["amount"] = read_amount(data["amount"], data["kind"])
            except ValueError as error:
                self.add_error("amount", str(error))
        return data


def read_amount(text: str, kind: str) -> int:
    """Fen of a sum in yuan, or the whole number of things. Raises ValueError with a sentence; nothing is rounded."""
    try:
        number = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(f"“{text}”不是数字，请填写数额或数量。") from None
    if not number.is_finite() or number <= 0 or number >= 10**12:
        raise ValueError("数额或数量应大于 0，且不超过一万亿。")
    least = number * 100 if kind == "money" else number
    if least != int(least):
        raise ValueError("金额最多两位小数。" if kind == "money" else "物品数量应为整数。")
    return int(least)
