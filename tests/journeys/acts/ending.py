"""The end: two instalments, a visit, the dossier, and closing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor, scan


def pay(mediator: Visitor, number: int, on: str) -> None:
    """One instalment was paid: the day of payment and the receipt."""
    mediator.begin("登记付款")
    open_ones = mediator.field("哪一期")
    wanted = open_ones.locator("option").filter(has_text=f"第 {number} 期").get_attribute("value")
    open_ones.select_option(value=wanted)
    mediator.fill({"付款或提存": "已付款", "实际付款日期": on, "付款凭证": scan("转账凭证")})
    mediator.look("payment")
    mediator.confirm("登记付款")


def perform(mediator: Visitor) -> None:
    """Everything is paid."""
    mediator.take("履行完毕", picture="performed")
    mediator.sees("待回访")


def visit(visitor: Visitor) -> None:
    """Asked how it went; nothing is filled in beforehand."""
    visitor.begin("完成回访")
    expect(visitor.field("履行情况与结果")).to_be_empty()
    visitor.fill({
        "时间": "09:10", "对象所属": "患方", "被回访人": "甄示例", "方式": "电话", "是否联系上": "已联系上",
        "履行情况与结果": "款项已收到，没有其他要求。", "满意程度": "满意", "是否解决": "已解决",
    })  # fmt: skip
    visitor.look("visit")
    visitor.confirm("完成回访")
    visitor.sees("结案审查")


def submit_dossier(mediator: Visitor) -> None:
    """What the system found by itself is ticked; the rest is gone through."""
    mediator.begin("提交卷宗")
    mediator.sees("系统已识别", "13 封底")
    mediator.sees_no("再加一期")
    mediator.look("dossier")
    mediator.confirm("提交卷宗")


def close(closer: Visitor) -> None:
    """The dossier is frozen."""
    closer.begin("结案")
    closer.look("close")
    closer.confirm("结案")
    closer.sees("已结案")
