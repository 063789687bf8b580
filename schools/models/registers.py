"""Registers: long-lived rows that are never datasets (design: counties, townships, schools, staff)."""

from django.db import models

from schools.codes import AREAS, SCHOOL_TYPES, SPONSORS


class Classed:
    """The words for the codes of a school or of one of its versions."""

    @property
    def type_name(self) -> str:
        return SCHOOL_TYPES.get(self.type_code, self.type_code)

    @property
    def sponsor_name(self) -> str:
        return SPONSORS.get(self.sponsor_code, self.sponsor_code)

    @property
    def area_name(self) -> str:
        return AREAS.get(self.area_code, self.area_code)


class County(models.Model):
    """A county-level unit 县(市、区). `code` is GB/T 2260, six digits.

    `data_version` rises by one, under the county lock, whenever a dataset pointer, a rule or a register changes;
    results are labelled with it.
    """

    code = models.CharField("行政区划代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=60)
    data_version = models.PositiveBigIntegerField("数据版本", default=0)
    is_demo = models.BooleanField("演示县", default=False)

    class Meta:
        verbose_name = "县(市、区)"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Township(models.Model):
    """A town or street 乡镇(街道) of a county, with its centre school 中心校."""

    county = models.ForeignKey(County, models.PROTECT, related_name="townships")
    name = models.CharField("乡镇(街道)", max_length=60)
    code = models.CharField("乡镇代码", max_length=12, blank=True)
    centre_school = models.ForeignKey("schools.School", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "乡镇(街道)"
        ordering = ["county_id", "code", "name"]
        constraints = [models.UniqueConstraint(fields=["county", "name"], name="township_name_once_in_county")]

    def __str__(self) -> str:
        return self.name


class SchoolKind(models.TextChoices):
    """单位性质."""

    WHOLE = "whole", "本部"
    CAMPUS = "campus", "校区"
    POINT = "point", "教学点"


class School(Classed, models.Model):
    """A school, campus or teaching point. Permission on `parent` covers its children.

    The row shows today's state; the dated history is in SchoolVersion and SchoolEvent.
    Codes are those of schools/codes.py (GB/T 33782-2017 types, application-form sponsors 1-10).
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="schools")
    code = models.CharField("学校(机构)标识码", max_length=20)
    name = models.CharField("学校名称", max_length=120)
    kind = models.CharField("单位性质", max_length=6, choices=SchoolKind.choices, default=SchoolKind.WHOLE)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    type_code = models.CharField("办学类型", max_length=3)
    sponsor_code = models.CharField("举办者类型", max_length=2)
    area_code = models.CharField("城乡类型", max_length=3)
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="schools")
    built_year = models.PositiveSmallIntegerField("建校年份", null=True, blank=True)
    is_boarding = models.BooleanField("是否寄宿制", null=True, blank=True)
    is_dense_centre = models.BooleanField("是否人口密集中心城区", null=True, blank=True)
    opened_on = models.DateField("启用日期", null=True, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "学校"
        ordering = ["county_id", "code"]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="school_code_once_in_county")]
        indexes = [models.Index(fields=["county", "parent"]), models.Index(fields=["county", "township"])]

    def __str__(self) -> str:
        return self.name


class SchoolAlias(models.Model):
    """Another name or code a school is known by: former names, short forms, the county's own codes."""

    school = models.ForeignKey(School, models.CASCADE, related_name="aliases")
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=[("name", "名称"), ("code", "代码")])
    text = models.CharField("别名", max_length=120)
    source = models.CharField("来源", max_length=60, blank=True)

    class Meta:
        verbose_name = "学校别名"
        constraints = [models.UniqueConstraint(fields=["county", "school", "kind", "text"], name="alias_once_a_school")]
        indexes = [models.Index(fields=["county", "kind", "text"])]


class SchoolVersion(Classed, models.Model):
    """How a school was called and classed from `valid_from` on (until the next version)."""

    school = models.ForeignKey(School, models.CASCADE, related_name="versions")
    valid_from = models.DateField("自")
    code = models.CharField("标识码", max_length=20)
    name = models.CharField("名称", max_length=120)
    type_code = models.CharField("办学类型", max_length=3)
    sponsor_code = models.CharField("举办者类型", max_length=2)
    area_code = models.CharField("城乡类型", max_length=3)
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "学校沿革版本"
        ordering = ["school_id", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["school", "valid_from"], name="one_version_a_day")]


class SchoolEvent(models.Model):
    """Something that happened to a school, with its document."""

    KINDS = [
        ("open", "设立"),
        ("close", "停办"),
        ("merge", "合并"),
        ("split", "分立"),
        ("rename", "更名"),
        ("recode", "换码"),
        ("retype", "变更类型"),
    ]
    school = models.ForeignKey(School, models.CASCADE, related_name="events")
    kind = models.CharField("事件", max_length=10, choices=KINDS)
    on = models.DateField("日期")
    other = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField("依据文件", max_length=200, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "学校事件"
        ordering = ["school_id", "on", "id"]


class Staff(models.Model):
    """A person on the staff register of a county. Fact rows name persons by `person_key` only.

    Name and ID are encrypted under this row's own wrapped data key (erasure destroys the key);
    `person_key` is the keyed hash of the ID number (accounts.secrets.keyed_hash).
    """

    # The unique constraint begins with the county: an index of its own would only slow a roster's import.
    county = models.ForeignKey(County, models.PROTECT, related_name="staff", db_index=False)
    person_key = models.CharField(max_length=32)
    masked_name = models.CharField("姓名(掩码)", max_length=20)
    data_key = models.TextField(blank=True)
    sealed = models.TextField(blank=True, help_text="encrypted JSON of name, id_number, phone")
    first_seen = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "教职工"
        constraints = [models.UniqueConstraint(fields=["county", "person_key"], name="staff_once_in_county")]
