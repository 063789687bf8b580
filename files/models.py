"""Stored files: one row for each file kept, encrypted, under VAR_DIR/files."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class StoredFile(models.Model):
    """One file, bit for bit as received, under a server-made name and its own data key.

    `sha256` and `size` are of the plain bytes. Erasure empties `wrapped_key`, removes the bytes and sets `erased_at`;
    the row and its hash stay and say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("原文件名", max_length=255)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    county_code = models.CharField("县代码", max_length=12, blank=True)
    purpose = models.CharField("用途", max_length=32)
    wrapped_key = models.CharField("数据密钥（已加密）", max_length=200, blank=True)
    path = models.CharField("存放位置", max_length=100, blank=True)
    created_at = models.DateTimeField("保存时间", default=timezone.now)
    erased_at = models.DateTimeField("销毁时间", null=True, blank=True)

    class Meta:
        verbose_name = "存储文件"
        verbose_name_plural = "存储文件"
        indexes = [
            models.Index(fields=["county_code", "-created_at"], name="file_county_newest"),
            models.Index(fields=["sha256"], name="file_sha256"),
        ]
