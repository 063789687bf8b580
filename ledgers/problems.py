"""Everything that can be wrong with a filing: one code, one level, one title, one wording. The catalogue is the document.

Levels: `error` 错误 must be mended, `doubt` 疑点 is explained once and then passes, `notice` 提示 informs.
"""
from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .reading.refusals import NOTICES, REFUSALS, Refusal
from .reading.workbook import Notice

ERROR, DOUBT, NOTICE = "error", "doubt", "notice"
LEVELS = {ERROR: "错误", DOUBT: "疑点", NOTICE: "提示"}


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `wording` is the sentence after the place; {value} is what was found, masked if personal."""

    code: str
    level: str
    title: str
    wording: str


def _kinds(level: str, *entries: tuple[str, str, str]) -> dict[str, Kind]:
    return {code: Kind(code, level, title, wording) for code, title, wording in entries}


CATALOGUE: dict[str, Kind] = {
    **{code: Kind(code, ERROR, title, "{text}") for code, title in REFUSALS.items()},
    **{code: Kind(code, NOTICE, title, "{text}") for code, title in NOTICES.items()},
    # the filing itself: the text is the sentence of the verb that refused, or of the job that gave up
    **_kinds(
        ERROR,
        ("slot-not-free", "该校这份台账不能变动", "“{value}”：{text}"),
        ("no-permission", "没有权限", "{text}"),
        ("check-failed", "检查没有完成", "{text}"),
        ("school-twice", "同一所学校有两份文件", "“{value}”的这份台账在本次导入的几个文件中都有，无法判断以哪一份为准。请每所学校只保留一份。"),
    ),
    # the sheet and its header
    **_kinds(
        ERROR,
        ("no-matching-sheet", "没有找到本台账的表", "没有一个工作表的表头与“{ledger}”相符（{sheets}）。请核对上传的是否为本台账，表头应含有：{wanted}。"),
        ("missing-column", "缺少必填列", "缺少必填的“{wanted}”。请补上这一列（表头可写：{names}）后重新上传。"),
        ("column-twice", "同一内容出现两列", "{columns} 两列的表头都是“{wanted}”，但内容不同，无法判断以哪一列为准。请只保留一列。"),
        ("item-twice", "同一项目出现两次", "{columns}都是“{wanted}”，但内容不同，无法判断以哪一行为准。请只保留一行。"),
        ("sheets-differ", "几个工作表的列不一致", "工作表{sheets}都是本台账，但列不相同，无法合并（{difference}）。请把各表的列改成一致，或删去不用的工作表后重新上传。"),
        ("two-units", "出现两种单位", "{where}写的单位是“{header}”，表角写的单位是“{corner}”，互相矛盾。请只保留正确的一个。"),
        ("unit-unknown", "看不懂的单位", "表头写的单位“{value}”不是本列可以使用的单位。请按“{unit}”填写并改正表头，或在本页说明它是什么单位。"),
        ("tables-side-by-side", "左右并排两张表", "这个工作表左右并排放了两张表（{left} 列和 {right} 列都是“{wanted}”）。请把右边的表剪切到左边的表下面，接成一张表后重新上传。"),
        ("values-in-two-columns", "不知道取哪一列的数", "“填报项目”右边有 {count} 列都有数（{columns}），无法判断本期应取哪一列。请只保留本期的一列，或把本期一列的表头写成“填报值”。"),
        ("sheet-turned-over", "横竖颠倒的表", "这个工作表的项目名称竖着排成一列，本台账要求横着排成一行。请复制整张表，在空白工作表中“选择性粘贴→转置”，保存后重新上传。"),
        ("shape-not-read", "不能读取的填法", "{text}"),
        ("looks-like-ledger", "像是另一份台账", "这个文件像是《{value}》，不是《{ledger}》。请到《{value}》一栏上传，或从“填报包”上传由系统分派。"),
        ("sheet-of-two-ledgers", "工作表像两份台账", "这个工作表的表头同样符合{ledgers}，无法判断属于哪一份。请把工作表改成台账的名称后重新上传。"),
        ("sheet-holds-two-tables", "一个工作表里有两张表", "这个工作表里上下放了两份台账（{ledgers}）。请把它们分开，每份放在一个工作表中，再重新上传。"),
        ("package-empty", "填报包中没有可读的台账", "没有一个工作表是可以读取的台账。请核对是否填写、是否拿错文件，表名和表头可参照填报包模板。"),
        ("no-rows", "没有数据行", "表头以下没有数据行。请填写后重新上传；本期确无此类情况、上传页上有“零报告”的，请点“零报告”。"),
    ),
    **_kinds(
        DOUBT,
        ("sheets-combined", "合并了几个工作表", "工作表{sheets}的表头相同，已合并成一张表读取。请确认这些表都要报送，并无重复。"),
        ("rows-after-notes", "说明文字之后还有数据", "第 {after} 行是说明或签字行，它之后还有 {count} 行内容没有读取。请确认；若是数据，请移到说明文字之前。"),
        ("rows-after-other-table", "同一工作表里还有另一张表", "第 {after} 行像是另一张表的表头，从这一行起的 {count} 行没有读取。如也是要报送的台账，请单独放在一个工作表中；无需报送的请说明。"),
        ("total-differs", "合计与明细不符", "合计行写的是 {value}，各行相加是 {found}。请核对合计或明细，确认无误请说明原因。"),
        ("other-year", "学年与所选不同", "表中写的是“{value}”，而本次填报的是 {wanted}。请确认没有拿错文件。"),
        ("named-for-other-school", "文件名是另一所学校的", "文件名“{value}”写的是“{said}”，而本次填报的是“{wanted}”。请确认没有拿错文件；只是文件名没有改的，请说明。"),
        ("same-as-other-school", "与另一所学校的文件相同", "这个文件与“{value}”报送的文件完全相同。请确认没有拿错文件；确属两校共用一份，请说明原因。"),
        ("same-as-other-year", "与别的年度的文件相同", "这个文件与本校{value}报送的文件完全相同。请确认没有拿错文件；无误请说明原因。"),
        ("same-as-last-year", "与上年完全相同", "全部内容与上一学年相同。请确认没有拿错文件。"),
    ),
    **_kinds(
        NOTICE,
        ("answered-before", "按以前的回答处理", "“{value}”按您以前的回答处理：{answer}。如有变化，请在本页“记住的回答”中删去后重新回答。"),
        ("column-not-given", "没有填报的列", "没有“{wanted}”这一列，相应指标将显示为缺数。如已有数据，请补上后重新上传。"),
        ("unknown-column", "没有读取的列", "“{value}”这一列不属于本台账，没有读取。如它是某个必需的列，请把表头改成规定的名称。"),
        ("column-without-header", "没有表头的列", "{columns} 列有内容但没有表头，没有读取。如是本台账需要的内容，请补上表头后重新上传。"),
        ("unknown-item", "没有读取的项目", "“{value}”这一项不属于本台账，没有读取。如它是某个必需的项目，请改成规定的名称。"),
        ("sample-row-skipped", "示例行没有读取", "这一行是示例，没有读取。如是真实数据，请删去“示例”二字。"),
        ("sheet-blank", "没有填写的工作表", "这个工作表没有填写，没有读取。如本期应当填报，请填好后重新上传。"),
        ("sheet-of-no-ledger", "不属于任何台账的工作表", "这个工作表与各份台账都不符，没有读取。如其中有要上报的内容，请核对表头。"),
        ("summary-not-read", "汇总表没有读取", "这个工作表像是各表的汇总，已有明细，没有读取。如其中有明细里没有的内容，请补到明细中。"),
        ("rows-above-header", "表头以上还有一张表", "本台账的表头在第 {header} 行，它以上的第 {first}-{last} 行像是另一张表，没有读取。如也是要报送的台账，请单独放在一个工作表中。"),
        ("rows-skipped", "没有作为数据读取的行", "以下各行没有作为数据读取：{rows}。"),
        ("other-shape-not-read", "另一种填法没有读取", "这个工作表是同一台账的另一种填法，已按工作表“{used}”读取，没有重复读取。"),
        ("same-sheet-twice", "同样的内容有两份", "这个工作表与工作表“{other}”都是本校的这份台账，只按一份读取。"),
        ("sheet-not-read", "没有读取的工作表", "这个工作表与本台账不符，没有读取。"),
        ("unit-converted", "按所写单位换算", "所写单位是“{found}”，本列按“{unit}”计，已换算。请核对。"),
        ("duplicate-row", "完全相同的行", "本行与{other}完全相同，只保留一行。"),
        ("columns-not-kept", "用不到的列没有保存", "有 {count} 列本台账用不到，没有读取，也没有保存：{names}。"),
        ("registration-auxiliary", "按学籍辅号处理", "“{value}”不是全国学籍号的形式，按学籍辅号处理。请尽快补上以 G、J 或 L 开头的全国学籍号。"),
        ("document-other", "按其他证件处理", "“{value}”不是居民身份证号，按其他身份证件处理。请核对。"),
        ("source-missing", "还没有的数据来源", "{what}没有填写，本校也还没有{wanted}，相应指标将显示为缺数。请上传{wanted}，或在本表填写。"),
        ("taken-from", "以另一列代替", "没有“{wanted}”一列，按“{found}”计。如两者不同，请补上该列。"),
        ("blank-as-none", "空白按“无”处理", "有 {count} 行没有填写，按“无”处理。"),
    ),
    # the printed forms of a scattered workbook
    **_kinds(
        ERROR,
        ("sheets-contradict", "两个工作表互相矛盾", "这里写的是“{value}”，工作表“{other}”写的是“{wanted}”。两个工作表都是本校的这份台账，请只保留正确的一个。"),
        ("form-missing", "缺少一张表", "没有找到{wanted}，{what}无法取得。请在统计系统中重新导出本校完整的工作簿（含这张表），原样上传。"),
        ("form-twice", "同一张表出现两次", "这张表与工作表“{other}”都是{wanted}，内容却不同，无法判断以哪一张为准。请只保留正确的一张。"),
    ),
    **_kinds(
        DOUBT,
        ("counted-and-listed", "间数与逐间登记不符", "按间数合计是 {value}，逐间登记的是 {found}，按逐间登记的读取。请核对；无误请说明原因。"),
        ("form-not-given", "没有附上的表", "没有找到{wanted}，{what}将改取其他台账，其他台账也没有的显示为缺数。请补上这张表重新上传；确实没有的请说明原因。"),
        ("label-not-found", "表中没有找到项目", "{form}中没有找到“{wanted}”，将改取其他台账，其他台账也没有的显示为缺数。请核对这张表是否完整；确认无误请说明。"),
        ("label-twice", "同一项目出现几次", "“{wanted}”在这张表中出现 {count} 次，按第一处读取（{value}）。请核对；确认无误请说明。"),
    ),
    **_kinds(
        NOTICE,
        ("form-absent", "没有附上的表", "没有找到{wanted}，{what}取自其他台账。"),
        ("sheets-not-used", "没有用到的工作表", "另有 {count} 个工作表与指标无关，没有读取：{names}。"),
        ("layout-moved", "版式与常见的不同", "有 {count} 个数的位置与常见版式不同，已按行、列名称读取，例如{first}。"),
        ("arts-counted-once", "艺术与音乐、美术只计一次", "“艺术”的人数等于音乐、美术之和，按合计处理，没有重复计入体育艺术教师。"),
    ),
    # the school
    **_kinds(
        ERROR,
        ("other-school", "不是所选的学校", "写的是“{value}”，不是本次填报的学校（{wanted}）。请确认没有拿错文件；替别的学校、校区或教学点填报，请选定该单位，或不选学校、按标识码分别受理。"),
        ("not-allowed-school", "无权填报的学校", "“{value}”不在您负责的学校之内。请删去这些行，或由该校（县教育局）填报。"),
        ("unknown-school", "学校未登记", "“{value}”不在本县学校名录中。请核对标识码和名称{near}；确属新校，请先由县教育局登记。"),
        ("no-school", "不知道是哪所学校", "没有写学校标识码或学校名称，也没有选定学校。请补上标识码，或在上传时选定学校。"),
        ("code-and-name-differ", "标识码与名称不是同一所学校", "标识码属于“{wanted}”，名称写的是“{value}”。请改正其中之一。"),
        ("block-of-another-school", "一张表里分段写了几所学校", "从这一行起写的是“{value}”，表头以上写的是“{said}”，各行属于哪所学校要靠分段才知道。请加一列“学校名称”，每行都写明；或每所学校一个工作表。"),
        ("ambiguous-school", "名称对应几所学校", "“{value}”对应 {count} 所学校（{wanted}）。请填写学校标识码。"),
    ),
    **_kinds(
        DOUBT,
        ("differs-from-register", "与学校名录不同", "写的是“{value}”，学校名录登记的是“{wanted}”。名录以县教育局登记为准：请改正，或说明原因并请县教育局变更登记。"),
    ),
    # the cell
    **_kinds(
        ERROR,
        ("blank-required", "必填项空白", "没有填写。请填写{wanted}。"),
        ("not-a-number", "不是确定的数", "“{value}”{reason}，请填写{wanted}。"),
        ("not-whole", "不是整数", "“{value}”不是整数，请填写整数{unit}。"),
        ("outside-range", "超出允许范围", "“{value}”超出允许范围，应在 {low} 到 {high} 之间。请核对。"),
        ("not-in-list", "不在可选范围内", "“{value}”不在可选范围内，请填写{wanted}。"),
        ("unknown-mark", "看不懂的是否标记", "“{value}”看不出是“是”还是“否”。请填写“是”或“否”。"),
        ("not-a-date", "不是日期", "“{value}”不是可以识别的年月，请写成“{wanted}”这样的形式。"),
        ("not-a-day", "不是完整的日期", "“{value}”不是可以识别的日期，年月日都要写，例如“{wanted}”。"),
        ("ambiguous-month", "年月有两种读法", "“{value}”{reason}。请写成“{wanted}”这样的形式。"),
        ("id-truncated", "号码已被 Excel 截断", "这个号码已被 Excel 截断，末几位丢失，无法恢复。请把该列设为“文本”格式，重新录入完整号码。"),
        ("id-wrong-length", "证件号码位数不对", "“{value}”有 {count} 位，身份证号应为 18 位。请核对是否多录或漏录。"),
        ("id-checksum", "证件号码校验不符", "“{value}”的最后一位校验码不符，常见原因是录错一位或两位颠倒。请对照证件改正。"),
        ("id-birth", "证件号码中的出生日期不存在", "“{value}”第 7 至 14 位不是真实的日期。请对照证件改正。"),
        ("registration-wrong", "学籍号不正确", "“{value}”不是正确的全国学籍号：{reason}。全国学籍号是以 G、J 或 L 开头的 19 位，请对照学籍系统改正。"),
        ("certificate-wrong", "残疾人证号不正确", "“{value}”不是正确的残疾人证号：{reason}。请对照残疾人证改正。"),
        ("child-not-named", "看不出是哪个孩子", "看不出是哪个孩子。请填写身份证号或学籍号；只写姓名的，须与主表中唯一的一人相同。"),
        ("grade-not-told", "看不出年级", "看不出年级。请填写“年级”，或在班级名称中写明，例如“三年级2班”。"),
        ("name-damaged", "姓名中的生僻字丢失", "“{value}”含有“?”“*”或无法显示的字，姓名不完整（生僻字丢失，或是打了掩码的名单）。请录入完整姓名，生僻字用支持它的输入法录入。"),
        ("not-a-name", "不是姓名", "“{value}”不像姓名。请填写一个人的姓名。"),
        ("several-values", "一格填了几个值", "“{value}”一格里有几个值，这里只能填一个。请只填主要的一个。"),
        ("text-too-long", "文字过长", "有 {count} 个字，最多 {wanted} 个字。请缩短。"),
        ("not-a-grade", "不是年级", "“{value}”不是可以识别的年级，请填写“一年级”至“九年级”（高中填“高一”至“高三”）。"),
        ("merged-figure", "合并单元格里的数", "“{value}”写在合并的单元格里（第 {rows} 行），分不清每行各是多少。请取消合并，逐行填写。"),
        ("became-a-date", "被变成了日期", "单元格是日期“{value}”：可能是“1-1”一类的内容被 Excel 自动变成了日期，或数字误设了日期格式。请把单元格格式设为“文本”（数字设为“常规”），重新填写原来的内容。"),
        ("error-value", "单元格是公式错误", "单元格显示为“{value}”，是公式出错。请改正公式或直接填写数值。"),
        ("formula-without-value", "公式没有结果", "单元格含公式但没有结果。请在 Excel 或 WPS 中打开文件并保存一次，再重新上传。"),
        ("mixed-scale", "百分数写法不一", "“{value}”小于等于 1，而同列其他数大于 1，看不出是 {value} 还是 {value} 的 100 倍。请都写成 85% 的形式。"),
    ),
    **_kinds(
        DOUBT,
        ("unit-to-confirm", "单位需要确认", "按“{found}”换算成“{unit}”（1 亩 = 666.67 ㎡）。请确认所写单位正确。"),
        ("unit-doubtful", "单位可能写错", "{what}为 {found}，超出常见范围 {low} 到 {high}，可能单位写错。请核对单位；无误请说明原因。"),
        ("name-with-remark", "姓名里带有说明", "“{value}”带有括号里的说明。请只写姓名，把说明移到“备注”；已退休、调出、代课等不应列入的人员请从表中删去。同名区分等确需保留的请说明。"),
        ("stage-ambiguous", "学段有两种读法", "本校有初中也有高中，“{value}”看不出是哪一段，按初中计。请写明“初中”或“高中”；确认无误请说明。"),
        ("title-ambiguous", "职称有两种读法", "“{value}”在 2015 年以前的小学是中级，之后是副高级，按副高级计。请写明“小学高级教师”或聘任时间，确认无误请说明。"),
    ),
    **_kinds(
        NOTICE,
        ("id-old-form", "15 位旧身份证号", "“{value}”是 15 位旧号码，已按 18 位处理。请尽快换成 18 位号码。"),
        ("rounded", "按规定位数四舍五入", "“{value}”的小数位数超过本列所需，已四舍五入为 {found}。"),
    ),
    # rows against themselves and each other
    **_kinds(
        ERROR,
        ("duplicate-key", "同一对象出现两次", "与{other}的{key}相同，但其他内容不同。请只保留正确的一行。"),
        ("part-above-whole", "部分大于整体", "{what}（{value}）大于{whole}（{wanted}）。请核对这两项。"),
        ("parts-differ-from-total", "分项之和不等于总数", "{what}之和是 {found}，{whole}是 {wanted}。请核对。"),
        ("sex-differs-from-id", "性别与身份证号不符", "填写的是“{value}”，身份证号第 17 位表示“{wanted}”。请对照证件改正。"),
        ("birth-differs-from-id", "出生年月与身份证号不符", "填写的是“{value}”，身份证号表示 {wanted}。请对照证件改正。"),
        ("registration-differs-from-id", "学籍号与身份证号不符", "学籍号以 G 开头，其后 18 位应与身份证号相同，这里两个号码不同。请对照证件和学籍系统改正。"),
        ("certificate-differs-from-id", "残疾人证号与身份证号不符", "残疾人证号前 18 位应与身份证号相同，这里两个号码不同。请对照证件改正。"),
        ("disability-differs-from-certificate", "残疾类别(等级)与证号不符", "填写的是“{value}”，残疾人证号第 {place} 位表示“{wanted}”。{hint}请对照残疾人证改正。"),
        ("periods-overlap", "交流时间重叠", "与{other}同一人的交流时间重叠。一人同一时间只能在一所学校交流，请核对起止时间。"),
        ("same-school", "派出与接收是同一所学校", "“{value}”就是派出学校。请核对派出学校和接收学校。"),
        ("year-not-given", "缺少本年度的行", "表中没有 {wanted} 年度的一行。请补上该年度的数据，或核对所选年度。"),
        ("year-after-period", "年度晚于填报年度", "“{value}”晚于本次填报的 {wanted} 年度。请核对。"),
        ("row-of-other-year", "别的学年的行", "这一行写的是“{value}”，本次填报的是 {wanted}。请删去别的年度的行，或改正年度。"),
        ("dates-reversed", "时间先后颠倒", "{what}（{value}）早于{whole}（{wanted}）。请核对。"),
    ),
    **_kinds(
        DOUBT,
        ("age-unusual", "年龄异常", "按身份证号计算，统计时点年龄为 {found} 岁，不在 18 至 60 岁之间。请核对；无误请说明原因。"),
        ("certificate-below-stage", "教师资格低于任教学段", "持“{value}”教师资格，任教{wanted}。请核对；无误请说明原因。"),
        ("grade-differs-from-entry", "年级与入学年月不符", "填写的是“{value}”，按入学年月推算应为“{wanted}”。请核对；确有留级、跳级或休学复学的，请说明。"),
        ("age-unusual-for-grade", "年龄与年级不相称", "统计时点 {found} 岁，就读{wanted}，一般为 {low} 至 {high} 岁。请核对；无误请说明原因。"),
        ("registration-doubtful", "学籍号类别与证件不符", "学籍号以 J 开头，是没有身份证件的正式学籍，但本行有身份证号。请核对；已办理身份证的，请在学籍系统中更正。"),
        ("township-unknown", "不是本县的乡镇", "“{value}”不在本县乡镇(街道)名录中，无法落实到行政线。请核对写法；确系县外户籍的，请说明。"),
        ("amount-differs-from-standard", "金额与标准不同", "金额是 {value}，标准是 {wanted}。请核对；按月份折算、补发等情形请在“说明”一列写明。"),
        ("helper-missing", "没有帮扶教师", "列为“{value}”的学生没有填写帮扶教师。残疾、困难、留守、学困学生都应有帮扶教师，请补上；无误请说明原因。"),
        ("waiting-too-long", "待安置时间过长", "{value} 上一学年已是“待安置”，超过一个学期。请落实安置；无法安置的请说明原因。"),
        ("unusual-number", "数量异常", "{what}（{value}）与{whole}（{wanted}）相比明显不合常情。请核对；无误请说明原因。"),
        ("differs-from-computed", "与计算结果不同", "{what}填的是“{value}”，按表中数据计算是“{wanted}”。以计算结果为准：请核对原始数据，无误请说明原因。"),
        ("training-below-share", "培训经费比例偏低", "{what}占公用经费预算的 {found}%，低于 {wanted}%。请核对金额和单位；无误请说明原因。"),
        ("post-and-full-time-differ", "岗位与是否专任不一致", "教职工类别是“{value}”，是否专任教师填“{wanted}”。请核对；无误请说明原因。"),
    ),
    # against other ledgers, years and schools
    **_kinds(
        ERROR,
        ("differs-from-classes", "与班级情况表不一致", "{what}是 {value}，班级情况表合计是 {wanted}。同一统计时点两表必须一致，请改正有误的一张。"),
        ("person-unknown", "不在教师花名册中", "{value} 不在本县教师花名册中。请核对身份证号；确属本县教师的，请先由所在学校报送教师花名册。"),
        ("largest-below-mean", "最大班额小于平均班额", "最大班额是 {value} 人，而平均每班 {found} 人（{wanted}），不可能。请核对最大班额、学生数和班数。"),
        ("degrees-above-teachers", "学历人数大于专任教师数", "{what}（{value}）大于专任教师数（{wanted}）。请核对。"),
    ),
    **_kinds(
        DOUBT,
        ("pupil-in-two-schools", "一名学生在两校", "{value} 也在“{wanted}”的学生名册中。一名学生只能有一处学籍，请两校核实：已转走的在学籍状态中写“转出”，或从名册中删去。"),
        ("differs-from-pupils", "与学生名册不一致", "{what}是 {value}，学生名册是 {wanted}。请核对两表；因休学、转学等时点不同的，请说明原因。"),
        ("left-roster", "有学生不在新名册中", "上次的名册中有 {count} 名在校学生不在这份名册中：{value}。请逐人核实去向；确已毕业、转出的，请保留该行并写明学籍状态，或说明原因。"),
        ("not-on-rosters", "不在学生名册中", "{value} 不在本县任何学校的学生名册中。请核对身份证号和学籍号；确未入学的，请说明原因。"),
        ("placement-differs-from-roster", "安置方式与学生名册不一致", "{value} 的安置方式是“{found}”，学生名册中{wanted}。请核对两表；无误请说明原因。"),
        ("boarder-differs-from-roster", "寄宿情况与学生名册不一致", "{value} 领取“{found}”，学生名册中的就读方式是“{wanted}”。请核对两表；无误请说明原因。"),
        ("aid-not-covered", "应助未助", "本校有 {count} 名{what}没有列入资助：{value}。请补上；确已在别处享受或自愿放弃的，请说明原因。"),
        ("care-not-covered", "应列未列", "学生名册中有 {count} 名{what}学生不在关爱台账中：{value}。请补上；情况已变化的请先更正学生名册，或说明原因。"),
        ("group-not-supported", "类别没有依据", "{value} 列为“{found}”，但学生名册和其他台账都没有这一记载，也没有填写认定依据。请补上认定依据或证号，或核对类别。"),
        ("case-open-in-register", "与在办案件不一致", "{value} 在台账中写为“{found}”，但系统中的案件 {number} 仍是“{wanted}”。台账不能代替案件办理：请在系统中办理复学、安置和销号，或更正台账。"),
        ("case-closed-in-register", "与已结案件不一致", "{value} 在台账中写为“{found}”，但系统中的案件 {number} 已于 {on} 以“{wanted}”结案。请核对：确系再次离校的，请填写新的辍学日期；否则请从台账中删去或写明已销号。"),
        ("case-not-in-ledger", "在办案件没有列入台账", "案件 {number}（{value}，{wanted}）还没有结案，但台账中没有这名学生。请补上，或说明原因。"),
        ("differs-from-roster", "与教师花名册不一致", "{what}是 {value}，教师花名册是 {wanted}。请核对两表；无误请说明原因。"),
        ("differs-from-statistics", "与教育事业统计不一致", "{what}：{source}是 {value}，教育事业统计是 {wanted}。请核对两处；无误请说明原因，以哪一处为准由县教育局选定。"),
        ("changed-a-lot", "比上年变化过大", "{what}由上年的 {wanted} 变为 {value}，变化 {found}%，超过 30%。请核对；无误请说明原因。"),
        ("person-in-two-schools", "一人在两校", "{value} 也在“{wanted}”的教师花名册中。一人只能在人事关系所在学校计一次，请核实后由一校删去，或说明原因。"),
        ("person-without-roster", "还没有教师花名册", "{value} 暂时无法与教师花名册核对，因为本校和接收学校还没有报送教师花名册。请先报送花名册；确认无误请说明。"),
        ("name-differs", "姓名与人员登记不同", "这个身份证号在本县登记的姓名是“{wanted}”，表中写的是“{value}”。请核对；确属更名请说明原因。"),
        ("differs-from-exchange", "与交流轮岗台账不一致", "{what}是 {value}，交流轮岗台账和教师花名册是 {wanted}。以台账为准：请核对；无误请说明原因。"),
        ("differs-from-source", "与另一份台账不一致", "{what}是 {value}，{source}是 {wanted}。请核对两处；无误请说明原因，以哪一处为准由县教育局选定。"),
        ("differs-from-census", "与统计时点的学生数不一致", "{what}是 {value}，该年 9 月 1 日的班级情况表是 {wanted}。请核对；无误请说明原因。"),
        ("restated", "改动了上年已定的数字", "{what}上年报送时是 {wanted}，这次写的是 {value}。按同口径调整的，请说明原因和依据。"),
        ("differs-from-training", "与培训学时台账不一致", "{what}是 {value}，{source}写的是 {wanted}。指标按教师培训学时台账计算：请核对两处；无误请说明原因。"),
        ("subject-teachers-differ", "学科教师数不一致", "{what}是 {value}，教师花名册是 {wanted}。请核对；无误请说明原因。"),
    ),
}


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `row` is the Excel row (None for the sheet), `column` the header text.

    `value` is safe to show: the checker masks it where the column is personal.
    """

    code: str
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    value: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def level(self) -> str:
        return CATALOGUE[self.code].level

    @property
    def title(self) -> str:
        return CATALOGUE[self.code].title

    @property
    def message(self) -> str:
        """The whole sentence: the place, what was found, what is wanted, what to do."""
        text = CATALOGUE[self.code].wording.format_map({"value": shorten(self.value), **self.params})
        return f"{self.place}：{text}" if self.place else text

    @property
    def place(self) -> str:
        """「教师名册」第7行“最高学历”(F7)."""
        parts = [f"「{self.sheet}」" if self.sheet else ""]
        parts.append(f"第{self.row}行" if self.row else "")
        parts.append(f"“{self.column}”" if self.column else "")
        parts.append(f"({self.cell})" if self.cell and (self.column or not self.row) else "")
        return "".join(parts)

    def as_json(self, file: str = "") -> dict[str, object]:
        """The shape of `import_ledger --json`."""
        return {
            "file": file, "level": self.level, "code": self.code, "sheet": self.sheet, "cell": self.cell, "row": self.row,
            "column": self.column, "field": self.field, "value": self.value, "message": self.message,
        }


@dataclass(frozen=True)
class Repair:
    """A harmless mess mended on reading: what stood in the cell and what it was read as (masked where personal)."""

    sheet: str
    cell: str
    old: str
    new: str

    def as_json(self, file: str = "") -> dict[str, str]:
        return {"file": file, "sheet": self.sheet, "cell": self.cell, "old": self.old, "new": self.new}


def shorten(text: str, limit: int = 40) -> str:
    """What a sentence quotes of a cell: one line, at most `limit` characters."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def of_refusal(refusal: Refusal) -> Problem:
    """The problem of a file that was not read."""
    return Problem(refusal.code, sheet=refusal.facts.get("sheet", ""), params={"text": refusal.message})


def of_notice(notice: Notice) -> Problem:
    """The notice of a file that was read, with its own sentence."""
    return Problem(notice.code, sheet=notice.sheet, cell=notice.cell, params={"text": notice.text})
