"""At the hotline: a workbook comes in, an order is answered, another becomes a dispute and goes to the town."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

DISPUTE = "示例人民医院阑尾手术后伤口感染要求解释和赔偿"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(name: str, content: bytes) -> dict[str, Any]:
    """A workbook as the file chooser gives it."""
    return {"name": name, "mimeType": SPREADSHEET, "buffer": content}


def bring_in(operator: Visitor, name: str, content: bytes, *, picture: str = "") -> None:
    """Upload a workbook, settle its columns once, read the preview, take it in."""
    operator.follow("导入工单")
    operator.fill({"工单文件": file(name, content)})
    _look(operator, picture, "upload")
    operator.press("上传并预览")
    operator.sees("确认列对应", "姓名、电话、证件号已隐去")
    expect(operator.field("内容").locator("option:checked")).to_contain_text("列：")
    _look(operator, picture, "columns")
    operator.press("确认并预览")
    operator.sees("导入预览", "新增")
    _look(operator, picture, "preview")
    if picture:
        _read_the_preview(operator, picture)
    operator.press("确认导入")


def _read_the_preview(operator: Visitor, picture: str) -> None:
    """Likely duplicates with their score, bad rows with their reasons, and a suggestion that a person decides on."""
    operator.sees("疑似重复", "分：", "建议类别")
    operator.page.get_by_role("navigation", name="按结果筛选").get_by_role("link", name="不能导入").click()
    operator.sees("缺少内容", "无法识别", "末几位已丢失")
    _look(operator, picture, "rejected")
    operator.page.get_by_role("navigation", name="按结果筛选").get_by_role("link", name="全部").click()


def sort_out(operator: Visitor, title: str, *, picture: str = "") -> None:
    """Answer what is no dispute: the form suggests category, unit and words, a person decides."""
    _open_order(operator, title, "其他")
    operator.sees("建议类别", "只作提示，类别由人决定")
    _look(operator, picture, "answer")
    operator.press("签收")
    operator.sees("已签收")
    answer = operator.card("答复来电人")
    expect(answer.field("公开答复内容")).not_to_be_empty()
    with operator.page.expect_response("**/wording/**"):
        answer.fill({"类别": "医疗服务投诉（态度、流程、等候）"})
    with operator.page.expect_response("**/wording/**"):
        answer.fill({"类别": "其他（非医疗）"})
    answer.sees("按职责办理")
    answer.fill({"转往单位": "市生态环境局", "公开答复内容": "您反映的情况已转市生态环境局处理。"})
    answer.fill({"类别": "其他（非医疗）"})
    expect(answer.field("转往单位")).to_have_value("市生态环境局")  # what was typed is not typed over
    answer.press("答复")
    operator.sees("已答复", "公开答复")
    _look(operator, picture, "answered")


def register_order(operator: Visitor, title: str, *, picture: str = "") -> None:
    """Make a dispute of an order, choosing hospital and parties."""
    _open_order(operator, title, "医疗纠纷")
    _look(operator, picture, "order")
    operator.follow("登记为纠纷")
    operator.sees("由 12345 工单")
    expect(operator.field("医疗机构").locator("option:checked")).to_contain_text("示例人民医院")
    operator.fill({
        "患者姓名": "甄示例", "患者电话": "13800000001", "居住镇街": "高埗镇", "与患者关系": "配偶", "来电人姓名": "贾示例",
        "来电人电话": "13800000002", "科室": "外科", "发生日期": "2026-01-20", "案由": "术后并发症", "损害后果": "延长治疗",
        "诉求": ["赔偿", "解释"], "诉求金额（元）": "120000",
    })  # fmt: skip
    operator.sees("壹拾贰万元整")
    _look(operator, picture, "form")
    operator.press("登记")
    operator.sees("已登记 东医纠")


def send_to_town(operator: Visitor) -> None:
    """Dispatch the case on the screen: the hospital's town is filled in already."""
    operator.begin("派至镇街")
    expect(operator.field("责任镇街").locator("option:checked")).to_have_text("道滘镇")
    expect(operator.field("患者居住镇街").locator("option:checked")).to_have_text("高埗镇")
    operator.sees("提交后系统将", "案件转入“待镇街签收”")
    operator.look("dispatch")
    operator.confirm("派至镇街")
    operator.sees("待镇街签收")


def _open_order(operator: Visitor, title: str, category: str) -> None:
    operator.go("/orders/")
    operator.field("类别").select_option(label=category)
    row = operator.page.get_by_role("row").filter(has_text=title).first
    row.get_by_role("link", name="办理").click()
    operator.sees(title)


def _look(operator: Visitor, picture: str, what: str) -> None:
    if picture:
        operator.look(f"{picture}-{what}")
