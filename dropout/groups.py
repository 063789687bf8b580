"""The five groups 五类学生 and the groups beside them, as people name and count them: one child, one file, many tags.

留守 has two definitions that are never added up: the school register's (away three months or more) and that of civil
affairs (under 16, rural household, both parents away or one away and the other unable to care).
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Group

REGISTER, CIVIL = "register", "civil"
DEFINITIONS = {REGISTER: "学籍口径", CIVIL: "民政口径"}
MEANINGS = {
    REGISTER: "学籍口径：父母一方或双方外出三个月以上",
    CIVIL: "民政口径：不满十六周岁、农村户籍，父母双方外出，或一方外出、另一方无监护能力",
}
# Shown on the child's own page to those who care for it; never in a list, a paper or a notice.
PRIVATE = frozenset({Group.LEARNING.value})


@dataclass(frozen=True)
class Category:
    """A group in one definition: what a page counts in one row and a tag is given by."""

    code: str
    title: str
    group: str
    definition: str = ""
    meaning: str = ""
    is_five: bool = True

    @property
    def is_private(self) -> bool:
        return self.group in PRIVATE


def _plain(group: Group, *, title: str = "", is_five: bool = True) -> Category:
    return Category(group.value, title or group.label, group.value, is_five=is_five)


CATEGORIES: dict[str, Category] = {
    category.code: category
    for category in (
        _plain(Group.DISABLED),
        _plain(Group.POOR),
        _plain(Group.WATCHED),
        *(
            Category(f"left-behind-{code}", f"留守（{DEFINITIONS[code]}）", Group.LEFT_BEHIND.value, code, MEANINGS[code])
            for code in (REGISTER, CIVIL)
        ),
        _plain(Group.LEARNING),
        _plain(Group.MIGRANT, title="随迁子女"),
        _plain(Group.ORPHAN, is_five=False),
        _plain(Group.UNSUPPORTED, is_five=False),
        _plain(Group.MINIMUM, is_five=False),
    )
}
_BY_TAG = {(category.group, category.definition): category for category in CATEGORIES.values()}
# Groups that lists, papers and notices may name.
OPEN_CATEGORIES = tuple(category for category in CATEGORIES.values() if not category.is_private)
OPEN_GROUPS = [(group.value, group.label) for group in Group if group.value not in PRIVATE]


def category_of(group: str, definition: str = "") -> Category | None:
    """The category of a tag; a 留守 tag without definition counts as the school register's."""
    if group == Group.LEFT_BEHIND.value and definition not in DEFINITIONS:
        definition = REGISTER
    return _BY_TAG.get((group, definition if group == Group.LEFT_BEHIND.value else ""))


def open_titles(tags: Iterable[tuple[str, str]]) -> list[str]:
    """The titles of those (group, definition) tags that a list may show, in the order of the categories."""
    held = {category_of(*tag) for tag in tags}
    return [category.title for category in OPEN_CATEGORIES if category in held]


GROUPS = tuple(group.value for group in Group)
# How local rules may write the groups; of several words the last, the label, is shown.
GROUP_WORDS = (
    (Group.POOR.value, "脱贫户"), (Group.POOR.value, "脱贫"), (Group.WATCHED.value, "监测户"), (Group.LEARNING.value, "学困"), (Group.MIGRANT.value, "随迁子女"),
    *Group.choices,
)  # fmt: skip
