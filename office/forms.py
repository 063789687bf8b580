"""The forms of pages that join rooms."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from schools.models import GoalStage


class GoalForm(forms.Form):
    """The target year of one stage, for the county (no township) or a township."""

    township = forms.ChoiceField(label="范围", required=False)
    stage = forms.ChoiceField(label="阶段", choices=GoalStage.choices)
    target_year = forms.IntegerField(label="目标年份", min_value=2000, max_value=2060)
    reached_year = forms.IntegerField(label="实现年份", required=False, min_value=2000, max_value=2060, help_text="通过认定或验收的年份；还没有实现的不填。")
    document = forms.CharField(label="依据文件", required=False, max_length=200)

    def __init__(self, *args, townships: Sequence[str] = (), **options):
        super().__init__(*args, **options)
        self.fields["township"].choices = [("", "全县"), *((name, name) for name in townships)]
