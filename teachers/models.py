"""Teachers as the roster A3 lists them. Rows of datasets: written once, never updated; no name, no ID, no phone.

Months are integers YYYYMM. `person_key` is the keyed hash of the ID number; the person is in schools.Staff.
"""
from django.db import models

from schools.codes import Stage
from schools.models.facts import PersonFact


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Degree(models.TextChoices):
    """最高学历 in the five ranks of the statistics."""

    DOCTOR = "doctor", "研究生-博士"
    MASTER = "master", "研究生-硕士"
    BACHELOR = "bachelor", "大学本科"
    COLLEGE = "college", "大学专科"
    BELOW = "below", "高中阶段及以下"


class PostCategory(models.TextChoices):
    """教职工类别."""

    TEACHER = "teacher", "专任教师"
    ADMIN = "admin", "行政人员"
    SUPPORT = "support", "教辅人员"
    WORKER = "worker", "工勤人员"
    OTHER = "other", "其他"


class TitleRank(models.TextChoices):
    """职称 in the ranks of the statistics. 小学高级 is 中级, 中学高级 is 副高级."""

    SENIOR = "senior", "正高级"
    VICE = "vice", "副高级"
    MIDDLE = "middle", "中级"
    ASSISTANT = "assistant", "助理级"
    JUNIOR = "junior", "员级"
    NONE = "none", "未定职级"


class Certificate(models.TextChoices):
    """教师资格证种类, in the order of digit 10 of the certificate number."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初级中学"
    SENIOR = "senior", "高级中学"
    VOCATIONAL = "vocational", "中等职业学校"
    INTERN = "intern", "中职实习指导"
    COLLEGE = "college", "高等学校"
    NONE = "none", "无"


class Staffing(models.TextChoices):
    """编制类型. The first four count as teachers of the school (教督〔2017〕6号 readings); the last three do not."""

    POST = "post", "在编"
    SPECIAL = "special", "特岗"
    COUNTY = "county", "县管校聘"
    CONTRACT = "contract", "合同制(编外)"
    SUBSTITUTE = "substitute", "代课/临聘"
    PART_TIME = "part_time", "兼职"
    VISITING = "visiting", "支教/交流在校"


COUNTED_STAFFING = (Staffing.POST.value, Staffing.SPECIAL.value, Staffing.COUNTY.value, Staffing.CONTRACT.value)


class Duty(models.TextChoices):
    """在岗状态."""

    ON = "on", "在岗"
    LENT = "lent", "借调"
    SICK = "sick", "病休"
    MATERNITY = "maternity", "产假"
    STUDY = "study", "脱产学习"
    EXCHANGE = "exchange", "外出交流"
    OTHER = "other", "其他"


class Backbone(models.TextChoices):
    """骨干级别. County and above count; 校级 does not."""

    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    SCHOOL = "school", "校级"
    NONE = "none", "无"


COUNTED_BACKBONE = (Backbone.NATION.value, Backbone.PROVINCE.value, Backbone.CITY.value, Backbone.COUNTY.value)


class Subject(models.TextChoices):
    """任教学科. Only pe, music, art and arts count in the PE-and-art indicator Q3."""

    MORAL = "moral", "道德与法治"
    CHINESE = "chinese", "语文"
    MATHS = "maths", "数学"
    ENGLISH = "english", "英语"
    SCIENCE = "science", "科学"
    PHYSICS = "physics", "物理"
    CHEMISTRY = "chemistry", "化学"
    BIOLOGY = "biology", "生物"
    HISTORY = "history", "历史"
    GEOGRAPHY = "geography", "地理"
    HISTORY_SOCIETY = "history_society", "历史与社会"
    IT = "it", "信息科技"
    PE = "pe", "体育"
    MUSIC = "music", "音乐"
    ART = "art", "美术"
    ARTS = "arts", "艺术"
    PRACTICE = "practice", "综合实践"
    LABOUR = "labour", "劳动"
    PSYCHOLOGY = "psychology", "心理健康"
    LOCAL = "local", "地方/校本"
    OTHER = "other", "其他"
    NONE = "none", "当年不任课"


PE_ART_SUBJECTS = (Subject.PE.value, Subject.MUSIC.value, Subject.ART.value, Subject.ARTS.value)


class Recruited(models.TextChoices):
    """招聘来源: how the person came into the post."""

    OPEN = "open", "公开招聘"
    SPECIAL = "special", "特岗计划"
    FUNDED = "funded", "公费师范生"
    TALENT = "talent", "人才引进"
    TRANSFER = "transfer", "调入"
    SUPPORT = "support", "支教(三支一扶、西部计划)"
    ASSIGNED = "assigned", "统一分配"
    OTHER = "other", "其他"


class Registration(models.TextChoices):
    """教师资格定期注册. The first two are valid until their end."""

    FIRST = "first", "首次注册"
    PASSED = "passed", "注册合格"
    DEFERRED = "deferred", "暂缓注册"
    FAILED = "failed", "注册不合格"
    NONE = "none", "未注册"


VALID_REGISTRATION = (Registration.FIRST.value, Registration.PASSED.value)


class Office(models.TextChoices):
    """行政职务, as far as the rotation of heads asks for it."""

    HEAD = "head", "校长"
    VICE = "vice", "副校长"
    OTHER = "other", "其他"
    NONE = "none", "无"


def money(label: str) -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(f"{label}(分)", null=True)


def month(label: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(f"{label}(YYYYMM)", null=True)


class Teacher(PersonFact):
    """One person on the roster of one school and year. `weekly_periods` in tenths of a period."""

    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    birth = month("出生年月")
    degree = models.CharField("最高学历", max_length=8, choices=Degree, blank=True)
    degree_kind = models.CharField("学历类别", max_length=20, blank=True)
    post_category = models.CharField("教职工类别", max_length=8, choices=PostCategory, blank=True)
    is_full_time = models.BooleanField("是否专任教师", null=True)
    stage = models.CharField("任教学段", max_length=7, choices=Stage, blank=True)
    subject = models.CharField("主要任教学科", max_length=16, choices=Subject, blank=True)
    other_subjects = models.CharField("兼教学科", max_length=120, blank=True)
    weekly_periods = models.PositiveIntegerField("周课时数(0.1)", null=True)
    title_rank = models.CharField("职称等级", max_length=9, choices=TitleRank, blank=True)
    title_text = models.CharField("职称", max_length=30, blank=True)
    appointed = month("聘任时间")
    certificate = models.CharField("教师资格证种类", max_length=12, choices=Certificate, blank=True)
    staffing = models.CharField("编制类型", max_length=10, choices=Staffing, blank=True)
    duty = models.CharField("在岗状态", max_length=9, choices=Duty, blank=True)
    backbone_level = models.CharField("骨干级别", max_length=8, choices=Backbone, blank=True)
    backbone_valid_to = month("骨干有效期至")
    arrived_at = month("到本校时间")
    started_work = month("参加工作时间")
    recruited = models.CharField("招聘来源", max_length=8, choices=Recruited, blank=True)
    rural_years = models.PositiveSmallIntegerField("乡村学校任教年限", null=True)
    registration = models.CharField("教师资格定期注册", max_length=8, choices=Registration, blank=True)
    registration_valid_to = month("定期注册有效期至")
    office = models.CharField("行政职务", max_length=6, choices=Office, blank=True)
    office_since = month("任现职时间")
    allowance_standard = money("乡镇工作补贴月标准")
    allowance_paid = money("农村教师补贴月实发")
    training_hours = models.PositiveIntegerField("五年培训学时(0.1)", null=True)  # as the roster notes it: compared with A5, never counted

    class Meta(PersonFact.Meta):
        verbose_name = "教师名册行"


class Post(models.TextChoices):
    """职务 of an exchanged person."""

    HEAD = "head", "校长"
    VICE = "vice", "副校长"
    TEACHER = "teacher", "教师"


class ExchangeForm(models.TextChoices):
    """交流形式."""

    REGULAR = "regular", "定期交流"
    COMPETITION = "competition", "跨校竞聘"
    GROUP = "group", "学区一体化/集团内"
    PARTNER = "partner", "对口支援"
    SUPPORT = "support", "支教"
    ITINERANT = "itinerant", "走教"
    POSTING = "posting", "挂职"
    OTHER = "other", "其他"


class Exchange(PersonFact):
    """One person's exchange (A4). The sending school is the dataset's; `to_code` is the receiving school's register code.

    `to_code` is blank for a posting outside the county, whose name is then in `to_text`. `end` blank = still going on.
    """

    post = models.CharField("职务", max_length=8, choices=Post, blank=True)
    backbone_level = models.CharField("骨干级别", max_length=8, choices=Backbone, blank=True)
    eligible = models.BooleanField("是否符合交流条件", null=True)
    to_code = models.CharField("接收学校标识码", max_length=20, blank=True)
    to_text = models.CharField("接收学校", max_length=120, blank=True)
    form = models.CharField("交流形式", max_length=12, choices=ExchangeForm, blank=True)
    start = month("开始时间")
    end = month("结束时间")
    relation_moved = models.BooleanField("人事关系是否随转", null=True)
    subject = models.CharField("任教学科", max_length=16, choices=Subject, blank=True)
    document = models.CharField("文件依据", max_length=120, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "交流轮岗记录"


class TrainingLevel(models.TextChoices):
    """培训级别."""

    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    SCHOOL = "school", "校本"


class TrainingForm(models.TextChoices):
    """培训形式."""

    TOGETHER = "together", "集中"
    REMOTE = "remote", "远程/网络"
    SHADOW = "shadow", "跟岗"
    SCHOOL = "school", "校本"


class Training(PersonFact):
    """Hours of one person in one calendar year (A5), in tenths of a 学时: one item, or the year's total of a wide sheet."""

    year = models.PositiveSmallIntegerField("年度")
    item = models.CharField("培训项目名称", max_length=120, blank=True)
    level = models.CharField("培训级别", max_length=8, choices=TrainingLevel, blank=True)
    form = models.CharField("培训形式", max_length=8, choices=TrainingForm, blank=True)
    start = month("开始时间")
    end = month("结束时间")
    hours = models.PositiveIntegerField("学时(0.1)")
    organiser = models.CharField("承办单位", max_length=120, blank=True)
    certificate = models.CharField("证书或文号", max_length=120, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "培训学时"
