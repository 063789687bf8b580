"""The password policy: one setting (`PASSWORD_POLICY`), two choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class PasswordPolicy:
    """Length in characters, classes out of four (lower, upper, digit, sign), life in days (None = no end),
    how many last passwords are refused (the present one included), and whether a list of common ones is asked."""

    length: int
    classes: int
    days: int | None
    remembered: int
    common_list: bool


POLICIES = {
    # GB/T 22239 (等保 2.0) 8.1.4.1 身份鉴别: complexity and regular change.
    "dengbao": PasswordPolicy(length=10, classes=3, days=90, remembered=5, common_list=True),
    # OWASP ASVS 5: length and a list instead of classes and expiry.
    "asvs": PasswordPolicy(length=12, classes=0, days=None, remembered=5, common_list=True),
}
_COMMON = CommonPasswordValidator()


def policy() -> PasswordPolicy:
    """The policy in force. Raises ImproperlyConfigured for a name that is not one of POLICIES."""
    try:
        return POLICIES[settings.PASSWORD_POLICY]
    except KeyError:
        raise ImproperlyConfigured(f"PASSWORD_POLICY must be one of {', '.join(POLICIES)}") from None


def classes_in(password: str) -> int:
    """How many of the four classes occur: lower-case, upper-case, digits, everything else."""
    kinds = {
        "lower" if sign.islower() else "upper" if sign.isupper() else "digit" if sign.isdigit() else "sign"
        for sign in password
    }
    return len(kinds)


def is_common(password: str) -> bool:
    """Is it on the list of common passwords, also after taking away digits and signs put at its end?"""
    words = {password.lower().strip(), password.lower().strip().rstrip("0123456789!@#$%^&*.-_")}
    return any(word in _COMMON.passwords for word in words)
