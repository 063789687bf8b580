"""The order form of a paper."""

from django import forms

from .definitions import REPORTS
from .services import RULESETS

WHICH = [
    ("", "最近一次定版（没有定版时用当前暂算值，印有“草稿”）"),
    ("current", "当前结果（草稿）"),
    ("frozen", "只用定版"),
]


class OrderForm(forms.Form):
    """Which paper, of which year, in which format."""

    report = forms.ChoiceField(label="报表", choices=[(r.code, r.title) for r in REPORTS.values()])
    school = forms.CharField(label="学校", required=False, max_length=20)
    format = forms.ChoiceField(label="格式", choices=[("pdf", "PDF"), ("xlsx", "Excel")])
    ruleset = forms.ChoiceField(label="口径", choices=list(RULESETS.items()), initial="national", required=False)
    which = forms.ChoiceField(label="数据", choices=WHICH, required=False)
    standard = forms.CharField(label="标准", required=False, max_length=40)
    month = forms.CharField(label="月份", required=False, max_length=7)
