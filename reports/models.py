"""Papers that were made: which snapshot, which bytes, which code verifies them."""

import uuid

from django.db import models

from files.models import StoredFile
from indicators.models import Snapshot
from schools.models import County, School


class Paper(models.Model):
    """One made paper. The same snapshot, report, school, ruleset and format is the same paper with the same code.

    A paper of living registers has no snapshot; its month is the `variant`, and its code holds their fingerprint.

    `sha256` is of the bytes handed out; `code` is printed on the paper and asked at /verify/<code>.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    report = models.CharField("报表", max_length=40)
    title = models.CharField("名称", max_length=200)
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="papers")
    own_year = models.PositiveSmallIntegerField("学年", null=True)
    ruleset = models.CharField("口径", max_length=10, default="national")
    format = models.CharField("格式", max_length=4)
    variant = models.CharField("变式", max_length=40, blank=True)
    draft = models.BooleanField("草稿", default=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    code = models.CharField("校验码", max_length=19, db_index=True)
    data_version = models.PositiveBigIntegerField("数据版本")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    made_by = models.CharField("生成人", max_length=150, blank=True)

    class Meta:
        verbose_name = "报表文件"
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["code", "format"], name="paper_once_a_code_and_format"),
        ]
        indexes = [models.Index(fields=["county", "report", "-made_at"])]

    @property
    def year(self) -> int | None:
        """The school year: its snapshot's, else the one it was ordered for."""
        return self.snapshot.year if self.snapshot_id else self.own_year
