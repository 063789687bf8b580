"""Login and password change."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.http import HttpRequest

from accounts.models import User

LONGEST = 128


class LoginForm(forms.Form):
    """User name and password. Wrong name, wrong password, disabled and locked get one and the same sentence."""

    username = forms.CharField(
        label="用户名",
        error_messages={"required": "请填写用户名。"},
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        error_messages={"required": "请填写密码。"},
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args, **kwargs):
        self.request, self.user = request, None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        """Asks the backends; `user` is set when they agree."""
        data = super().clean()
        if "username" in data and "password" in data:
            self.user = authenticate(self.request, username=data["username"], password=data["password"])
            if self.user is None:
                if getattr(self.request, "axes_locked_out", False):
                    make_password(data["password"])  # a locked login takes as long as a wrong one
                raise forms.ValidationError(
                    "用户名或密码不正确，或者因多次输错已暂时锁定。请核对后重试；忘记密码请联系县教育局系统管理员重置。"
                )
        return data


class PasswordChangeForm(forms.Form):
    """The present password once, the new one twice."""

    present = forms.CharField(
        label="当前密码",
        error_messages={"required": "请填写当前密码。"},
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        error_messages={"required": "请填写新密码。"},
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        error_messages={"required": "请再输一次新密码。"},
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = "".join(password_validators_help_texts())

    def clean_present(self) -> str:
        """The present password must be right."""
        present = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise forms.ValidationError("当前密码不正确，请重新输入。")
        return present

    def clean_new(self) -> str:
        """The policy in force."""
        new = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean(self) -> dict:
        """Both new ones must agree."""
        data = super().clean()
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return data
