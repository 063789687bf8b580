"""Facts that belong to the school itself. Rows of datasets: written once, never updated.

Measures are integers of the least unit: areas in 0.01 m2, money in fen, everything else whole. NULL = not given.
"""

from django.db import models

from .datasets import Dataset


class Fact(models.Model):
    """A row a dataset brought: `sheet` indexes Dataset.row_map["sheets"], `row` is the Excel row (0 = turned sheet)."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="+")
    sheet = models.PositiveSmallIntegerField(default=0)
    row = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class PersonFact(Fact):
    """A row about one person, named by the keyed hash of the ID number. The index of person rows also serves the dataset."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="+", db_index=False)
    person_key = models.CharField(max_length=32)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["dataset", "person_key"])]


def whole(label: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, null=True)


def area(label: str) -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(f"{label}(0.01㎡)", null=True)


class Profile(Fact):
    """Heads counted by the school profile A1 (pupils, classes, staff by stage)."""

    primary_pupils = whole("小学在校生数")
    junior_pupils = whole("初中在校生数")
    senior_pupils = whole("高中在校生数")
    migrant_pupils = whole("随迁子女在校生数")
    inclusive_pupils = whole("随班就读学生数")
    special_class_pupils = whole("特教班学生数")
    home_taught_pupils = whole("送教上门学生数")
    primary_classes = whole("小学教学班数")
    junior_classes = whole("初中教学班数")
    staff = whole("教职工数")
    full_time_teachers = whole("专任教师数")
    primary_full_time_teachers = whole("小学专任教师数")
    junior_full_time_teachers = whole("初中专任教师数")
    primary_above_degree = whole("小学高于规定学历教师数")
    junior_above_degree = whole("初中高于规定学历教师数")
    primary_backbone = whole("小学县级及以上骨干教师数")
    junior_backbone = whole("初中县级及以上骨干教师数")
    primary_pe_art = whole("小学体育艺术专任教师数")
    junior_pe_art = whole("初中体育艺术专任教师数")
    primary_mid_title = whole("小学中级及以上职称教师数")
    junior_mid_title = whole("初中中级及以上职称教师数")
    primary_certified = whole("小学持证专任教师数")
    junior_certified = whole("初中持证专任教师数")
    primary_trained = whole("小学完成360学时教师数")
    junior_trained = whole("初中完成360学时教师数")
    primary_in_zone = whole("小学就近划片入学学生数")
    junior_in_zone = whole("初中就近划片入学学生数")
    graduates = whole("初中毕业生数")
    entrants = whole("三年前初一入学数")
    transfers_in = whole("三年转入")
    transfers_out = whole("三年转出")
    deaths = whole("三年死亡")
    music_rooms = whole("音乐教室间数")
    art_rooms = whole("美术教室间数")
    approved_posts = whole("核定教职工编制数")
    built_year = models.PositiveSmallIntegerField("建校年份", null=True)
    built_by_2010 = models.BooleanField("是否2010年及之前规划并建成", null=True)
    built_by_2016 = models.BooleanField("是否2016年及之前规划并建成", null=True)
    is_boarding = models.BooleanField("是否寄宿制", null=True)


class Premises(Fact):
    """Land and rooms, 0.01 m2."""

    land_area = area("占地面积")
    building_area = area("校舍建筑面积")
    teaching_area = area("教学及辅助用房面积")
    indoor_sports_area = area("室内体育用房面积")
    outdoor_sports_area = area("体育运动场地面积")
    other_campus_sports_area = area("校内其他专用运动场地面积")
    leased_sports_area = area("校外租借场馆面积")


class Equipment(Fact):
    """Equipment: value in fen, the rest counted."""

    equipment_value = models.PositiveBigIntegerField("教学仪器设备资产值(分)", null=True)
    multimedia_rooms = whole("网络多媒体教室")
    computers = whole("计算机台数")
    teaching_computers = whole("教学用计算机台数")
    books = whole("图书册数")


class SpecialRoom(Fact):
    """One music or art room."""

    kind = models.CharField("教室类别", max_length=6, choices=[("music", "音乐"), ("art", "美术")])
    name = models.CharField("教室名称", max_length=60, blank=True)
    area = area("面积")


class SchoolClass(Fact):
    """One class (A2 shape 1). `grade` 1-9 compulsory, 10-12 senior."""

    grade = models.PositiveSmallIntegerField("年级")
    name = models.CharField("班级名称", max_length=40)
    pupils = models.PositiveIntegerField("学生数")
    boys = whole("男")
    girls = whole("女")
    head_teacher = models.CharField("班主任(掩码)", max_length=20, blank=True)
    boarders = whole("寄宿生数")
    inclusive_pupils = whole("随班就读人数")
    is_combined = models.BooleanField("是否复式班", null=True)


class ClassBand(Fact):
    """One grade by size bands (A2 shape 2): the number of classes in each of the ten official bands."""

    grade = models.PositiveSmallIntegerField("年级")
    pupils = whole("学生数")
    classes = whole("班数")
    upto_25 = whole("25人及以下")
    from_26 = whole("26-30人")
    from_31 = whole("31-35人")
    from_36 = whole("36-40人")
    from_41 = whole("41-45人")
    from_46 = whole("46-50人")
    from_51 = whole("51-55人")
    from_56 = whole("56-60人")
    from_61 = whole("61-65人")
    from_66 = whole("66人及以上")
