"""The form that registers a document."""
from __future__ import annotations

from django import forms

from files.papers import PAPERS


class DocumentForm(forms.Form):
    """Title, issuer, number, date and file of one paper; it may then serve several items."""

    title = forms.CharField(label="文件名称", max_length=200)
    issuer = forms.CharField(label="发文单位", max_length=120)
    number = forms.CharField(label="文号", max_length=80, required=False)
    date = forms.DateField(label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    file = forms.FileField(label="文件", required=False, help_text=f"不超过 20 MiB，可用类型：{'、'.join(PAPERS)}。")
