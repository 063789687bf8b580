"""Who may do what where: one membership is one role in exactly one scope."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .registers import County, School, Township


class ScopeKind(models.TextChoices):
    PORTAL = "portal", "全平台"
    PREFIX = "prefix", "行政区划前缀"
    COUNTY = "county", "县(市、区)"
    TOWNSHIP = "township", "乡镇(街道)"
    SCHOOL = "school", "学校"


class Membership(models.Model):
    """A role (schools.roles) of a user in one scope, with valid dates.

    `scope_text` narrows a school to a class ("三年级/2班") or a township to a village. `ledgers` limits to ledger codes.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField("角色", max_length=30)
    scope_kind = models.CharField("范围类别", max_length=10, choices=ScopeKind.choices)
    county = models.ForeignKey(County, models.CASCADE, null=True, blank=True, related_name="+")
    township = models.ForeignKey(Township, models.CASCADE, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="+")
    prefix = models.CharField("区划前缀", max_length=6, blank=True)
    scope_text = models.CharField("班级或村", max_length=60, blank=True)
    ledgers = models.JSONField("限定台账", default=list, blank=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至", null=True, blank=True)
    delegated_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(scope_kind="portal", county__isnull=True, township__isnull=True, school__isnull=True, prefix="")
                    | (
                        Q(scope_kind="prefix", county__isnull=True, township__isnull=True, school__isnull=True)
                        & ~Q(prefix="")
                    )
                    | Q(
                        scope_kind="county", county__isnull=False, township__isnull=True, school__isnull=True, prefix=""
                    )
                    | Q(
                        scope_kind="township",
                        county__isnull=False,
                        township__isnull=False,
                        school__isnull=True,
                        prefix="",
                    )
                    | Q(
                        scope_kind="school",
                        county__isnull=False,
                        township__isnull=True,
                        school__isnull=False,
                        prefix="",
                    )
                ),
                name="membership_has_one_scope",
            )
        ]
        indexes = [models.Index(fields=["user", "role"])]
