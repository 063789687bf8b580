"""Forms of cases: a visit, a move (its fields and papers as the table of moves names them), a head, a system."""
from __future__ import annotations

import datetime as dt

from django import forms

from schools.models import School

from .models import CaseReason, DocumentKind, HeadKind, Outcome, Placement, VisitWay
from .services.cases import Paper
from .services.readiness import CaseFacts, advice_for
from .states import FIELD_TITLES, Move

DATE = {"type": "date"}
TALKED_TO = [(word, word) for word in ("", "本人", "父亲", "母亲", "祖父母", "其他监护人", "邻居或亲友", "没有见到人")]


def date_field(label: str, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **more)


# Papers that may already be handed in before the move that needs them.
PROOFS_EARLY = dict.fromkeys(("return", "resume", "place", "check"), (DocumentKind.RETURN_PROOF.value,))


class VisitForm(forms.Form):
    """One attempt, as somebody on the doorstep fills it in on a phone."""

    entry_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    way = forms.ChoiceField(label="方式", choices=VisitWay, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label="结果", choices=Outcome, widget=forms.RadioSelect)
    on = date_field("日期")
    participants = forms.CharField(label="参加人员", max_length=200, help_text="姓名、单位、职务；几个人用顿号隔开。")
    talked_to = forms.ChoiceField(label="谈话对象", choices=TALKED_TO, required=False)
    content = forms.CharField(label="主要内容", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
                              help_text="加密保存，只有负责这名学生的人说明理由后才能看到。")  # fmt: skip
    next_plan = forms.CharField(label="下次计划", required=False, max_length=200)
    guardian_signed = forms.BooleanField(label="监护人已签字", required=False)
    photo = forms.FileField(label="照片", required=False, help_text="可不拍；png 或 jpg，会先在手机上缩小再上传。",
                            widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}))  # fmt: skip

    def clean_on(self) -> dt.date:
        return _not_ahead(self.cleaned_data["on"], self.today)

    def __init__(self, *args, today: dt.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


def _not_ahead(day: dt.date, today: dt.date) -> dt.date:
    if day > today:
        raise forms.ValidationError("日期还没有到，请核对。")
    return day


class MoveForm(forms.Form):
    """One move: the day, the fields and papers the table names, a word of reason. Built for a case and a day."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, move: Move, facts: CaseFacts, schools: list[School], today: dt.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.move, self.facts, self.today = move, facts, today
        self.fields["on"] = date_field("日期", initial=today)
        for name in move.fields:
            self.fields[name] = _field(name, facts, schools)
        for kind in (*move.documents, *PROOFS_EARLY.get(move.verb, ())):
            self._add_paper(kind, needed=kind in move.documents and not facts.unspent(kind))
        self.fields["note"] = forms.CharField(label="情况和理由" if move.note else "说明", required=move.note, max_length=300,
                                              widget=forms.Textarea(attrs={"rows": 3}), help_text="不写学生姓名和电话。")  # fmt: skip

    def _add_paper(self, kind: str, *, needed: bool) -> None:
        label = DocumentKind(kind).label
        held = self.facts.unspent(kind)
        self.fields[f"file_{kind}"] = forms.FileField(
            label=f"{label}（扫描件或照片）", required=needed,
            help_text=f"本案已有{len(held)}份可用的{label}，可不再上传。" if held else "pdf、png、jpg、docx 等，不超过 20 MiB。",
        )  # fmt: skip
        if "report_number" not in self.move.fields:  # the report's own number is asked already
            self.fields[f"number_{kind}"] = forms.CharField(label=f"{label}编号", required=False, max_length=60)

    def clean_on(self) -> dt.date:
        return _not_ahead(self.cleaned_data["on"], self.today)

    @property
    def given(self) -> dict:
        """The fields of the move, as the service takes them."""
        return {name: self.cleaned_data[name] for name in self.move.fields}

    @property
    def papers(self) -> list[Paper]:
        found = []
        for name, value in self.cleaned_data.items():
            if name.startswith("file_") and value:
                kind = name.removeprefix("file_")
                number = self.cleaned_data.get(f"number_{kind}") or self.cleaned_data.get("report_number", "")
                found.append(Paper(kind, value.name, value.read(), number=number, issued_on=self.cleaned_data["on"]))
        return found


def _field(name: str, facts: CaseFacts, schools: list[School]) -> forms.Field:
    label = FIELD_TITLES[name]
    match name:
        case "deadline" | "until":
            return date_field(label)
        case "reason":
            return forms.ChoiceField(label=label, choices=[("", "请选择"), *CaseReason.choices], initial=facts.case.reason)
        case "placement":
            return forms.ChoiceField(label=label, choices=[("", "请选择"), *RETURN_PLACEMENTS], help_text=f"{advice_for(facts).text}。另行安置的请写明理由。")
        case "school":
            own = facts.case.child.school.code if facts.case.child.school_id else ""
            return forms.ChoiceField(label=label, choices=[("", "请选择"), *((s.code, s.name) for s in schools)], initial=own)
        case "class_text":
            return forms.CharField(label=label, max_length=40, initial=facts.case.child.class_text, help_text="年级和班，例如：三年级/1班。")
    return forms.CharField(label=label, max_length=120 if name == "receiving_school" else 40)


# 安置方式 of a returned child; the rest of the list is for plans of disabled children.
RETURN_PLACEMENTS = [
    (p.value, p.label) for p in (
        Placement.CLASS, Placement.LOWER, Placement.BY_AGE, Placement.SEPARATE, Placement.VOCATIONAL, Placement.SPECIAL,
        Placement.SPECIAL_CLASS, Placement.INCLUSIVE, Placement.HOME, Placement.WELFARE,
    )
]  # fmt: skip


class PaperForm(forms.Form):
    """A paper put on a case for a later move."""

    kind = forms.ChoiceField(label="类别", choices=[choice for choice in DocumentKind.choices if choice[0] != DocumentKind.PHOTO])
    number = forms.CharField(label="编号", required=False, max_length=60)
    issued_on = date_field("日期", required=False)
    file = forms.FileField(label="文件", help_text="pdf、png、jpg、docx 等，不超过 20 MiB。")

    @property
    def paper(self) -> Paper:
        data = self.cleaned_data
        return Paper(data["kind"], data["file"].name, data["file"].read(), number=data["number"], issued_on=data["issued_on"])


class OpenForm(forms.Form):
    """A person reports a child that is missing."""

    absent_since = date_field("离校日期", help_text="第一个没有到校的上课日。")
    reason = forms.ChoiceField(label="原因", choices=[("", "还不清楚"), *CaseReason.choices], required=False)
    whereabouts = forms.CharField(label="目前去向", required=False, max_length=120, help_text="只写地方，不写姓名和电话。")

    def __init__(self, *args, today: dt.date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_absent_since(self) -> dt.date:
        return _not_ahead(self.cleaned_data["absent_since"], self.today)


class HeadForm(forms.Form):
    """Who answers for a place; the place itself comes from the map."""

    kind = forms.ChoiceField(label="责任人", choices=[c for c in HeadKind.choices if c[0] != HeadKind.PARENT])
    township = forms.IntegerField(required=False, widget=forms.HiddenInput)
    village = forms.CharField(label="村(社区)", required=False, max_length=60)
    school = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    class_text = forms.CharField(label="班级", required=False, max_length=40)
    name = forms.CharField(label="姓名", max_length=60)
    post = forms.CharField(label="单位和职务", required=False, max_length=120)
    login = forms.CharField(label="登录用户名", required=False, max_length=40, help_text="有账号的填写，提醒会直接送到。")
    since = date_field("自")


class PledgeForm(forms.Form):
    """责任书 of a head."""

    number = forms.CharField(label="责任书编号", required=False, max_length=60)
    signed_on = date_field("签订日期")
    file = forms.FileField(label="扫描件", required=False)


class SystemForm(forms.Form):
    """One of the county's ten systems."""

    number = forms.IntegerField(label="序号", min_value=1, max_value=30)
    title = forms.CharField(label="制度名称", max_length=120)
    document = forms.CharField(label="文件名称", required=False, max_length=200)
    document_number = forms.CharField(label="文号", required=False, max_length=80)
    issued_on = date_field("日期", required=False)
    owner = forms.CharField(label="责任科室或责任人", required=False, max_length=120)
    file = forms.FileField(label="文件", required=False)


