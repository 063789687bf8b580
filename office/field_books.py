"""The pages of single fields as workbooks: every table of the page on a sheet of its own, whole where the page shows a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from office.exports import Column, Table, download
from schools.codes import Stage

MET = {True: "达标", False: "未达标", None: ""}
PERSON = (Column("姓名"), Column("学校"))


def money_book(note: str, schools: Sequence[Mapping], page: Mapping) -> HttpResponse:
    """The schools, then the growths, the amounts and what was paid or restated afterwards."""
    columns = [Column("学校"), Column("标识码"), *(Column(t, 2, "元") for t in ("应拨公用经费", "已拨公用经费", "缺口", "公用经费预算", "培训经费")), Column("培训占比", 2, "%")]
    rows = [[r["name"], r["code"], r["due"], r["paid"], r["gap"], r["budget"], r["training"], r["share"]] for r in schools]
    years = [Column(f"{year.year}年", 2) for year in page["years_told"]]
    amounts = [[title, unit, *values] for title, unit, values in page["amounts"]] + [[title, "%", *values] for title, values in page["shares"]]
    more = [
        _growths("三个增长", page["growths"]), _growths("两个只增不减", page["increases"]),
        Table("各年度金额", [Column("项目"), Column("单位"), *years], amounts),
        Table("全县合计", [Column("项目"), Column("数值", 2), Column("来源")], page["counts"]),
        Table("补拨", [Column("年度"), Column("已补拨", 2, "万元"), Column("时间"), Column("文号")], [[p["year"], p["paid"], p["on"], p["document"]] for p in page["paid"]]),
        Table("同口径调整", [Column("年度"), Column("项目"), Column("单位"), Column("原报", 2), Column("改为", 2)],
              [[r["year"], r["title"], r["unit"], r["then"], r["now"]] for r in page["restated"]]),
    ]  # fmt: skip
    return download("学校公用经费与培训经费", note, columns, rows, _filled(more))


def _filled(tables: Sequence[Table]) -> list[Table]:
    return [table for table in tables if table.rows]


def _growths(title: str, growths: Sequence[Mapping]) -> Table:
    columns = [Column("要求"), Column("年度"), Column("增长", 2, "%"), Column("经常性收入增长", 2, "%"), Column("缺口", 2), Column("已补拨", 2), Column("单位"), Column("结论"), Column("说明")]
    return Table(title, columns, [[g["title"], g["year"], g["rate"], g["other"], g["gap"], g["paid"], g["unit"], MET[g["met"]], g["reason"]] for g in growths])


def rotation_book(note: str, flows: Sequence, page: Mapping, lists: Mapping[str, Sequence[Mapping]]) -> HttpResponse:
    """The flows, the shares, the schools, the training; `lists` of persons (masked) only for those who may see them."""
    columns = [Column("派出学校"), Column("接收学校"), Column("人数", 0, "人"), Column("其中骨干", 0, "人")]
    people = (Column("人数", 0, "人"), Column("分母", 0, "人"), Column("比例", 1, "%"), Column("要求", 1, "%"))
    more = [
        Table("交流比例", [Column("项目"), *people, Column("结论"), Column("说明")],
              [[r["title"], r["part"], r["whole"], r["share"], r["wanted"], MET[r["met"]], r["why"]] for r in page["ratios"]]),
        Table("流向分类", [Column("流向"), Column("人次", 0)], list(page["directions"].items())),
        Table("各校人数", [Column("学校"), Column("标识码"), *(Column(t, 0, "人") for t in ("符合条件", "派出", "接收"))],
              [[r["name"], r["code"], r["eligible"], r["out"], r["into"]] for r in page["eligible_schools"]]),
        Table("培训学时", [Column("级别"), Column("人次", 0), Column("学时", 1)], page["levels"]),
    ]  # fmt: skip
    if moves := lists.get("moves"):
        rows = [[p["name"], p["from"], p["to"], p["post"], "是" if p["backbone"] else "否", p["form"], p["start"], p["end"]] for p in moves]
        more.append(Table("交流人员", [Column("姓名"), Column("派出学校"), Column("接收学校"), Column("职务"), Column("骨干"), Column("形式"), Column("起"), Column("止")], rows))
    if eligible := lists.get("eligible"):
        rows = [[p["name"], p["school"], p["arrived"], "是" if p["went"] else "否"] for p in eligible]
        more.append(Table("符合条件人员", [*PERSON, Column("到本校时间"), Column("本期交流")], rows))
    if gaps := lists.get("gaps"):
        years = [Column(f"{year}年", 1, "学时") for year, _ in gaps[0]["years"]]
        rows = [[g["name"], g["school"], *(hours for _, hours in g["years"]), g["hours"], g["gap"]] for g in gaps]
        more.append(Table("学时缺口", [*PERSON, *years, Column("合计", 1, "学时"), Column("还差", 1, "学时")], rows))
    return download("交流轮岗流向", note, columns, [[f.school.name, f.to_name, f.persons, f.backbone] for f in flows], _filled(more))


def classes_book(note: str, over: Sequence[Sequence], page: Mapping) -> HttpResponse:
    """Every class over its limit; `over` rows as the sheet has them; then sums, bands and plans."""
    columns = [Column("学校"), Column("标识码"), Column("年级"), Column("班级"), Column("学生数", 0, "人"), Column("上限", 0, "人"), Column("超出", 0, "人"), Column("类别")]
    sums = ("班级数", "超上限", "大班额及以上", "其中超大班额", "最大班额")
    more = [
        Table("概况", [Column("学段"), *(Column(t, 0) for t in sums)], [[t["stage"], t["classes"], t["over"], t["large"], t["super"], t["largest"]] for t in page["totals"]]),
        Table("控制目标", [Column("类别"), Column("班级数", 0), Column("全部班级", 0), Column("占比", 2, "%"), Column("控制目标", 2, "%"), Column("结论")],
              [[s["title"], s["part"], s["whole"], s["share"], s["line"], MET[s["met"]]] for s in page["shares"]]),
        Table("班额分段", [Column("学段"), *(Column(name, 0, "个") for name in page["band_names"])], [[stage, *counts] for stage, counts in page["bands"]]),
        Table("消除计划", [Column("计划"), Column("学年"), Column("计划不超过", 0, "个"), Column("实际", 0, "个"), Column("结论")],
              [[plan["title"], row["year"], row["plan"], row["fact"], MET[row["met"]]] for plan in page["plans"] for row in plan["rows"]]),
    ]  # fmt: skip
    return download("超班额班级名单", note, columns, over, _filled(more))


def staff_book(note: str, columns: Sequence[Column], rows: Sequence[Sequence], page: Mapping, less: Sequence[Mapping]) -> HttpResponse:
    """The schools' posts, subjects short and over, the portraits; `less`: who is paid too little (masked), where one may see it."""
    subjects = [[Stage(s["stage"]).label, s["group"], s["needed"], s["have"], s["short"], s["surplus"]] for s in page["subjects"]]
    more = [
        Table("学科余缺", [Column("学段"), Column("学科"), Column("应配", 1, "人"), Column("现有", 0, "人"), Column("缺", 0, "人"), Column("余", 0, "人")], subjects),
        Table("缺学科教师的学校", [Column("学校"), Column("缺"), Column("余")], [[s["name"], s["short"], s["surplus"]] for s in page["short"]]),
        *(Table(one.title, [Column("类别"), *(Column(c, 0, "人") for c in one.columns)], [[words, *counts] for words, counts in [*one.rows, ("合计", one.totals)]])
          for one in (*page["areas"], *page["stages"])),
    ]  # fmt: skip
    if less:
        rows_less = [[p["name"], p["school"], p["due"], p["paid"], p["less"]] for p in less]
        more.append(Table("补贴实发不足的教师", [*PERSON, *(Column(t, 2, "元/月") for t in ("应发", "实发", "还差"))], rows_less))
    return download("各校编制和师资", note, columns, rows, _filled(more))
