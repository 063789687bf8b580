"""Local rules: data that set a typed Parameter for a jurisdiction (schools.parameters)."""

from django.db import models


class LocalRule(models.Model):
    """`parameter` = `value` for every county whose code begins with `jurisdiction`, for the schools in `scope`.

    The longest valid prefix wins. Rules of a shipped pack carry its code and are read-only.
    `scope`: all | rural | public | "CODE,CODE". `value` is the text form of the parameter's type.
    """

    jurisdiction = models.CharField("适用地区代码", max_length=6, db_index=True)
    parameter = models.CharField("参数", max_length=80)
    scope = models.CharField("适用学校", max_length=400, default="all")
    value = models.CharField("取值", max_length=400)
    document = models.CharField("依据文件", max_length=200)
    clause = models.CharField("条款", max_length=100, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    pack = models.CharField("规则包", max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "地方规则"
        ordering = ["jurisdiction", "parameter", "valid_from", "id"]
