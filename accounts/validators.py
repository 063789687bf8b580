"""The password policy as Django's AUTH_PASSWORD_VALIDATORS."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.passwords import was_used
from accounts.policy import classes_in, is_common, policy


class PolicyValidator:
    """Length, classes, common passwords, the user's own name, and the last passwords of `accounts.policy`."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError with one Chinese sentence for each wish not met."""
        rules, problems = policy(), []
        if len(password) < rules.length:
            problems.append(f"新密码只有 {len(password)} 位，至少需要 {rules.length} 位，请加长。")
        if classes_in(password) < rules.classes:
            problems.append(
                f"新密码只含 {classes_in(password)} 类字符，"
                f"小写字母、大写字母、数字、符号四类中至少需要 {rules.classes} 类。"
            )
        if rules.common_list and is_common(password):
            problems.append("新密码是常见密码，容易被猜中，请换一个。")
        if user is not None and len(user.username) >= 3 and user.username.lower() in password.lower():
            problems.append("新密码中含有用户名，请换一个。")
        if user is not None and not problems and was_used(user, password):
            problems.append(f"新密码与最近 {rules.remembered} 次用过的密码相同，请换一个没有用过的。")
        if problems:
            raise ValidationError([ValidationError(text, code="password_policy") for text in problems])

    def get_help_text(self) -> str:
        """What a new password needs, as shown beside the field."""
        rules = policy()
        wanted = [f"至少 {rules.length} 位"]
        if rules.classes:
            wanted.append(f"小写字母、大写字母、数字、符号中至少 {rules.classes} 类")
        wanted.append(f"不与最近 {rules.remembered} 次的密码相同")
        end = f"密码每 {rules.days} 天须更换一次。" if rules.days else ""
        return "，".join(wanted) + "。" + end
