"""Masks of personal data: what every screen, log, error and export shows by default."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """张三丰 → 张**; a one-character name becomes one star; minority names keep their first character only."""
    if len(name) <= 1:
        return "*" * len(name)
    return name[0] + "*" * (len(name) - 1)


def mask_id(number: str) -> str:
    """99990019990101001X → 9999**********001X; short numbers keep at most a quarter of themselves at each end."""
    keep = min(4, len(number) // 4)
    if keep == 0:
        return "*" * len(number)
    return number[:keep] + "*" * (len(number) - 2 * keep) + number[-keep:]


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; other lengths keep a quarter at each end."""
    if len(number) == 11:
        return number[:3] + "****" + number[-4:]
    return mask_id(number)
