"""The rules of dropout control that places set themselves: day limits, placement by length of absence, due days."""
from __future__ import annotations

from schools.parameters import Parameter, declare

NOTICE_2024 = "教育部办公厅 2024 年 4 月关于控辍保学常态化报告机制的通知"
LOCAL = "各地控辍保学工作方案"


def _days(code: str, title: str, default: int, clause: str = LOCAL, unit: str = "个上课日", note: str = "") -> str:
    # Structural: a county's day limits say how it works, they are no demand of a standard, and move no verdict.
    parameter = Parameter(f"dropout.{code}", title, "integer", str(default), clause, unit=unit, note=note, structural=True)
    return declare(parameter).code


SUSPECT_DAYS = _days("suspect_days", "连续无故缺勤几个上课日列为疑似辍学", 3)
CALL_DAYS = _days("call_days", "首节课缺勤联系家长", 0, note="0 表示当天。")
HOME_VISIT_DAYS = _days("home_visit_days", "缺勤当日家访", 0, note="0 表示当天。")
CONTACT_DAYS = _days("contact_days", "联系上监护人", 1)
JOINT_VISIT_DAYS = _days("joint_visit_days", "会同村(社区)联合家访", 2)
REPORT_DAYS = _days("report_days", "书面报告县教育局", 3)
LINE_DAYS = _days("line_days", "无故缺勤满四周视为辍学", 20, "辽宁等地按四周计", note="四周为 20 个上课日。")
PERSUADE_DAYS = _days("persuade_days", "登记辍学以后，距上次劝返几个上课日内须再次劝返", 5, NOTICE_2024 + "（逐次记录劝返）；间隔由县规定")
TRANSFER_DAYS = _days("transfer_days", "请接收学校确认转入后几个上课日内办结", 10, "各地学籍管理办法（转学手续双方各十个工作日）")
RETURN_CHECK_DAYS = _days("return_check_days", "复学后须在校上课几个上课日才能核查销号", 5)
STRIKE_OFF_DAYS = _days("strike_off_days", "复学后几个上课日内办完销号", 15)
ESCALATE_DAYS = _days("escalate_days", "逾期几个上课日提醒上一级责任人", 1)
EXPIRY_NOTICE_DAYS = _days("expiry_notice_days", "缓学、休学到期前几天提醒", 30, unit="天")
MONTH_REPORT_DAY = _days("month_report_day", "每月几日前报送月报", 28, NOTICE_2024 + "；日期由县规定", unit="日")
COUNTY_MONTH_DAYS = _days("county_month_days", "学校月报截止后几个上课日内确认全县月报", 3, NOTICE_2024 + "；日期由县规定")
QUARTER_CHECK_DAYS = _days("quarter_check_days", "季度结束后几天内完成县级核查", 15, NOTICE_2024, unit="天")
TERM_SUMMARY_DAYS = _days("term_summary_days", "开学后几天内报送学期汇总", 20, LOCAL + "（半年报 3 月 15 日、9 月 25 日）", unit="天")
YEAR_SUMMARY_DAYS = _days("year_summary_days", "学年结束后几天内完成学年汇总", 30, NOTICE_2024, unit="天")
LOWER_AFTER = _days("lower_after_months", "离校满几个月降一个年级编班", 3, LOCAL, unit="个月")
BY_AGE_AFTER = _days("by_age_after_months", "离校超过几个月按年龄编班", 12, LOCAL, unit="个月")
LEAVE_MONTHS = _days("leave_months", "一次批准的缓学、休学最长几个月", 12, "义务教育法第十一条；各地学籍管理办法", unit="个月")
SUSPENSION_RENEWALS = _days("suspension_renewals", "休学可续办几次", 1, "各地学籍管理办法", unit="次")
LEAVING_AGE = _days("leaving_age", "满几周岁才能登记超过义务教育年龄", 16, "义务教育法第十一条；未成年人保护法", unit="周岁")
