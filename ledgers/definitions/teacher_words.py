"""The words of the teacher roster: aliases and codes of degrees, titles, certificates, staffing, subjects (domain 1.9)."""

# GB/T 4658-2006 codes and the usual words -> rank.
DEGREE_WORDS = {
    "博士": "doctor", "博研": "doctor", "博士研究生": "doctor", "博士毕业": "doctor", "研究生(博士)": "doctor", "11": "doctor",
    "硕士": "master", "硕研": "master", "研究生": "master", "硕士研究生": "master", "硕士毕业": "master", "研究生(硕士)": "master",
    "研究生毕业": "master", "在职研究生": "master", "14": "master",
    "本科": "bachelor", "大本": "bachelor", "大学": "bachelor", "本科毕业": "bachelor", "大学本科毕业": "bachelor", "21": "bachelor",
    "专升本": "bachelor", "专科起点本科": "bachelor",
    "专科": "college", "大专": "college", "专科毕业": "college", "大学专科毕业": "college", "高职": "college", "31": "college",
    "中师": "below", "中专": "below", "高中": "below", "幼师": "below", "中等师范": "below", "职高": "below", "中技": "below", "初中": "below",
    "高中阶段": "below", "高中及以下": "below", "高中阶段毕业及以下": "below", "中专毕业": "below", "高中毕业": "below", "41": "below", "61": "below",
}  # fmt: skip
DEGREE_CONTAINS = {"专科起点本科": "bachelor", "专科起点升本科": "bachelor", "专科升本科": "bachelor", "专升本": "bachelor",
                   "博士": "doctor", "硕士": "master", "研究生": "master", "本科": "bachelor", "专科": "college", "大专": "college",
                   "中师": "below", "中专": "below"}  # fmt: skip

POST_WORDS = {"教师": "teacher", "专任": "teacher", "任课教师": "teacher", "科任教师": "teacher", "班主任": "teacher", "行政": "admin", "管理": "admin", "管理人员": "admin", "校级领导": "admin",
              "教辅": "support", "实验员": "support", "图书管理员": "support", "工勤": "worker", "后勤": "worker", "工人": "worker", "保安": "worker", "门卫": "worker", "炊事员": "worker", "厨师": "worker",
              "司机": "worker", "保洁": "worker", "宿管": "worker", "校医": "other"}  # fmt: skip

STAGE_WORDS = {"小学部": "primary", "初级中学": "junior", "初中部": "junior", "普通初中": "junior", "中学": "junior", "高中部": "senior", "高级中学": "senior",
               "普通高中": "senior"}  # fmt: skip

# Trap: 小学高级 is a middle rank although it says 高级; 高级教师 alone is vice-senior only since 2015.
TITLE_WORDS = {
    "正高": "senior", "正高级教师": "senior", "正高级": "senior",
    "高级教师": "vice", "高级": "vice", "中学高级": "vice", "中学高级教师": "vice", "中高": "vice", "副高": "vice", "副高级教师": "vice", "小中高": "vice",
    "一级教师": "middle", "一级": "middle", "中学一级": "middle", "中学一级教师": "middle", "中一": "middle", "小学高级": "middle", "小学高级教师": "middle", "小高": "middle",
    "中级教师": "middle", "小教高级": "middle", "中教一级": "middle", "小教一级": "assistant", "中教二级": "assistant", "中教高级": "vice",
    "小教二级": "junior", "小教三级": "junior", "中教三级": "junior",
    "二级教师": "assistant", "二级": "assistant", "中学二级": "assistant", "中学二级教师": "assistant", "中二": "assistant", "小学一级": "assistant",
    "小学一级教师": "assistant", "小一": "assistant", "助理": "assistant", "初级": "assistant",
    "三级教师": "junior", "三级": "junior", "中学三级": "junior", "中学三级教师": "junior", "小学二级": "junior", "小学三级": "junior", "小学二级教师": "junior",
    "小学三级教师": "junior", "员级": "junior",
    "未评": "none", "未定级": "none", "见习": "none", "无": "none", "未评职称": "none", "无职称": "none", "未定": "none", "见习期": "none", "未聘": "none", "未评级": "none",
    "没有职称": "none", "未定职称": "none", "暂无职称": "none",
}  # fmt: skip
TITLE_CONTAINS = {
    "正高级": "senior", "中学高级": "vice", "中小学高级": "vice", "中小学一级": "middle", "中小学二级": "assistant", "中小学三级": "junior",
    "小学高级": "middle", "中学一级": "middle", "中学二级": "assistant", "中学三级": "junior",
    "小学一级": "assistant", "小学二级": "junior", "小学三级": "junior", "小学正高": "senior", "副高级": "vice",
    "小教高级": "middle", "小教一级": "assistant", "小教二级": "junior", "中教高级": "vice", "中教一级": "middle", "中教二级": "assistant", "中教三级": "junior",
    "高级教师": "vice", "一级教师": "middle", "二级教师": "assistant", "三级教师": "junior", "未定级": "none", "未评": "none", "见习": "none",
}  # fmt: skip
AMBIGUOUS_TITLES = frozenset({"高级教师", "高级"})
TITLE_REFORM = 201509  # 人社部发〔2015〕79号: one ladder for primary and secondary teachers

CERTIFICATE_WORDS = {
    "幼儿园教师资格": "kindergarten", "幼师资格": "kindergarten", "1": "kindergarten", "小学教师资格": "primary", "小学教师": "primary", "2": "primary",
    "初中": "junior", "初级中学教师资格": "junior", "初中教师资格": "junior", "3": "junior", "高中": "senior", "高级中学教师资格": "senior", "高中教师资格": "senior",
    "4": "senior", "中职": "vocational", "中等职业学校教师资格": "vocational", "5": "vocational", "实习指导": "intern", "6": "intern",
    "高校": "college", "高等学校教师资格": "college", "7": "college", "没有": "none", "未取得": "none", "无证": "none",
}  # fmt: skip
CERTIFICATE_CONTAINS = {"幼儿园": "kindergarten", "小学": "primary", "初级中学": "junior", "初中": "junior", "高级中学": "senior", "高中": "senior",
                        "实习指导": "intern", "职业": "vocational", "高等学校": "college", "高校": "college"}  # fmt: skip
CERTIFICATE_RANK = {"none": 0, "kindergarten": 0, "primary": 1, "junior": 2, "senior": 3, "vocational": 3, "intern": 0, "college": 4}
STAGE_RANK = {"primary": 1, "junior": 2, "senior": 3}

STAFFING_WORDS = {
    "是": "post", "编内": "post", "编制内": "post", "有编": "post", "正式": "post", "正式在编": "post", "正式编制": "post", "在职在编": "post", "事业在编": "post",
    "全额": "post", "全额事业": "post", "全额拨款": "post", "全额事业编制": "post", "财政全额": "post", "财政全额拨款": "post", "事业编": "post", "事业编制": "post", "在编在岗": "post", "特岗教师": "special", "县聘": "county",
    "合同制": "contract", "编外": "contract", "聘任制": "contract", "聘用制": "contract", "合同": "contract", "编外合同": "contract", "编外聘用": "contract",
    "人事代理": "contract", "员额制": "contract", "备案制": "contract", "购买服务": "contract",
    "代课": "substitute", "临聘": "substitute", "代课教师": "substitute", "临聘教师": "substitute", "临时聘用": "substitute", "临时代课": "substitute",
    "兼职教师": "part_time", "外聘": "part_time", "外聘兼职": "part_time", "支教": "visiting", "交流": "visiting", "交流在校": "visiting", "走教": "visiting",
}  # fmt: skip

DUTY_WORDS = {"在职": "on", "在职在岗": "on", "在编在岗": "on", "是": "on", "借调在外": "lent", "借出": "lent", "长期病休": "sick", "病假": "sick",
              "产假中": "maternity", "休产假": "maternity", "脱产": "study", "进修": "study", "交流": "exchange", "外出支教": "exchange", "支教": "exchange"}  # fmt: skip

BACKBONE_WORDS = {
    "国家": "nation", "国家级骨干": "nation", "国家级骨干教师": "nation", "省": "province", "省级骨干": "province", "省级骨干教师": "province", "省级名师": "province",
    "特级教师": "province", "市": "city", "市级骨干": "city", "市级骨干教师": "city", "市级名师": "city", "地市级": "city", "设区市级": "city",
    "县": "county", "县级骨干": "county", "县级骨干教师": "county", "区级": "county", "区县级": "county", "县区级": "county", "县(区)级": "county", "县级名师": "county",
    **{f"{short}{title}": code for short, code in (("省", "province"), ("市", "city"), ("县", "county"), ("区", "county"), ("校", "school"))
       for title in ("骨干", "骨干教师", "名师", "学科带头人", "级骨干", "级学科带头人")},
    "省特级教师": "province", "校": "school", "校级骨干": "school", "校级骨干教师": "school", "不是": "none", "否": "none", "非骨干": "none",
}  # fmt: skip

SUBJECT_WORDS = {
    "品德": "moral", "道法": "moral", "思想品德": "moral", "品德与社会": "moral", "品德与生活": "moral", "政治": "moral", "思政": "moral", "道德法治": "moral",
    "外语": "english", "英文": "english", "生物学": "biology", "信息": "it", "信息技术": "it", "计算机": "it", "体育与健康": "pe", "体健": "pe",
    "体育健康": "pe", "音": "music", "声乐": "music", "唱歌": "music", "美术书法": "art", "书法": "other", "艺体": "arts", "综合": "practice",
    "综合实践活动": "practice", "劳动教育": "labour", "劳技": "labour", "劳动技术": "labour", "心理": "psychology", "心理健康教育": "psychology",
    "地方课程": "local", "校本课程": "local", "校本": "local", "无": "none", "不任课": "none", "未任课": "none", "自然": "science", "历史社会": "history_society",
    "算术": "maths",
}  # fmt: skip

REGISTRATION_WORDS = {"合格": "passed", "已注册": "passed", "是": "passed", "首次": "first", "首次注册合格": "first", "暂缓": "deferred", "不合格": "failed",
                      "无": "none", "否": "none", "没有注册": "none"}  # fmt: skip
RECRUITED_WORDS = {
    "公招": "open", "招聘": "open", "考录": "open", "统一招聘": "open", "公开招考": "open", "特岗": "special", "特岗教师": "special", "特岗转岗": "special",
    "公费": "funded", "公费师范": "funded", "免费师范生": "funded", "定向师范生": "funded", "定向培养": "funded", "优师计划": "funded", "引进": "talent", "人才引进计划": "talent",
    "转任": "transfer", "调动": "transfer", "县外调入": "transfer", "支教": "support", "三支一扶": "support", "西部计划": "support", "分配": "assigned", "毕业分配": "assigned",
}  # fmt: skip
OFFICE_WORDS = {"正校长": "head", "校长(书记)": "head", "党支部书记、校长": "head", "负责人": "other", "中层": "other", "没有": "none", "普通教师": "none", "教师": "none"}
