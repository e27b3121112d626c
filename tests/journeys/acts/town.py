"""In the town: signed for, both sides heard, and then upwards or brought to an end on the spot."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor, scan

FIRST_CALL = "患者说切口红肿十天才处理，要求医院解释并赔偿。"
HOSPITAL_CALL = "医务科表示愿意沟通，认为属于可预见的并发症。"

SETTLEMENT: dict[str, Any] = {
    "争议事项": "切口感染后的换药费用由谁承担。", "各方责任": "医方承担换药费用，患方不再主张其他赔偿。",
    "协议内容": "医方一次性支付换药费用8000元。\n双方就本次诊疗不再有其他争议。", "协议金额（元）": "8000.50", "医院支付（元）": "8000.50",
    "履行方式": "银行转账", "履行地点": "东莞市道滘镇",
}  # fmt: skip


def find_on_desk(official: Visitor, title: str) -> None:
    """The case is on the desk, and a notice has come; open it from the list."""
    official.go("/desk/")
    official.sees(title, "待我办理")
    expect(official.page.get_by_role("link", name="消息，", exact=False).first).to_be_visible()
    official.follow(title)
    official.page.get_by_role("heading", level=1).filter(has_text=title).wait_for()


def sign_for(official: Visitor) -> None:
    """Sign for the case on the screen; there is nothing to fill in."""
    official.take("签收")
    official.sees("镇街处置中")


def hear_both(official: Visitor) -> None:
    """Talk to both sides and write down what they said."""
    call = {"目的": "首次联系", "方式": "电话", "时间": "09:05", "联系上了吗": "是"}
    official.take("联系记录", {"联系对象": "患方", **call, "内容与结果": FIRST_CALL}, picture="contact")
    official.take("联系记录", {"联系对象": "医方", **call, "内容与结果": HOSPITAL_CALL})


def escalate(official: Visitor) -> None:
    """One screen: what is on file stands there already, the rest is asked for, what is missing is said."""
    official.begin("上报")
    expect(official.field("已做工作")).to_have_value(holding(FIRST_CALL))
    expect(official.field("患方态度")).to_have_value(holding(FIRST_CALL))
    expect(official.field("医方态度")).to_have_value(holding(HOSPITAL_CALL))
    expect(official.field("镇街联系人")).to_have_value("王示例")
    official.press("确认上报")
    official.sees("处需要修改", "上报理由")
    official.look("escalate-incomplete")
    official.fill({
        "上报理由": ["双方分歧大，镇街调处不成", "专业性强，需要专家或鉴定"], "风险与稳控措施": "患方情绪平稳，由村委会跟进。",
        "需要市级解决的事项": "请市医调委受理，并视情况委托鉴定。",
    })  # fmt: skip
    official.look("escalate")
    official.confirm("上报")
    official.sees("已上报")


def holding(text: str) -> Any:
    """A pattern for a value that holds this text somewhere."""
    return re.compile(re.escape(text))


def settle(official: Visitor, on: str, by: str) -> None:
    """The parties agree on the spot, in writing."""
    official.begin("就地和解")
    official.fill({
        **SETTLEMENT, "履行期限": by, "患方签署日期": on, "医方签署日期": on, "双方签署的和解协议书": scan("和解协议书"),
    })  # fmt: skip
    official.sees("捌仟元伍角")
    official.look("settle-locally")
    official.confirm("就地和解")
    official.sees("履行中")


def resolve(official: Visitor) -> None:
    """The caller is content with the explanation; nothing was promised."""
    official.take("解释化解", {
        "沟通时间": "09:10", "沟通方式": "电话", "解释的内容和对方的反应": "解释了术后感染的常见原因，来电人表示理解。",
        "来电人认可解释，不再主张": True, "没有约定任何给付或其他事项": True,
    }, picture="resolve")  # fmt: skip
    official.sees("待回访")


def reads_along(official: Visitor, path: str) -> None:
    """The patient's own town sees the case and can do nothing about it."""
    assert official.go(path) == 200
    official.sees("镇街处置")
    assert official.offered() == []
    assert official.go(f"{path}escalate/") == 403


def finds_nothing(stranger: Visitor, path: str) -> None:
    """A town that has nothing to do with it is told what it would be told of a case that does not exist."""
    assert stranger.go(path) == 404
    stranger.sees("没有找到这个页面")
    stranger.look("404")
    assert stranger.go(f"{path}tab/documents/") == 404
    assert stranger.go("/cases/2026-99999/") == 404
