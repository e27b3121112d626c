"""With the mediator: investigation, appraisal, meeting, agreement, four marks."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor, scan

TERMS: dict[str, Any] = {
    "纠纷主要事实": "患者甄示例，住高埗镇，在道滘镇示例人民医院手术后切口感染。", "争议事项": "感染与手术操作有无因果关系，赔偿数额。",
    "各方责任": "医方承担次要责任，患方自行承担其余后果。", "协议内容": "医方赔偿患方各项损失。\n双方就本次诊疗不再有其他争议。",
    "协议金额（元）": "100500.00", "医院支付（元）": "40500.00", "保险支付（元）": "60000", "履行方式": "银行转账", "履行地点": "东莞市道滘镇",
    "履行期限": "2026-06-12", "第 1 期付款方": "医院", "第 1 期金额（元）": "40500", "第 1 期应付日期": "2026-05-20",
    "第 2 期付款方": "保险公司", "第 2 期金额（元）": "60000", "第 2 期应付日期": "2026-06-10",
}  # fmt: skip
MARKS = (
    {"哪一项": "患方签名（盖章、按指印）"}, {"哪一项": "医方签名盖章"}, {"哪一项": "调解员签名"}, {"哪一项": "医调委盖章"},
)  # fmt: skip


def investigate(mediator: Visitor) -> None:
    """One record a person."""
    mediator.take("调查笔录", {
        "所属一方": "医方", "被调查人": "何示例，主管医师", "开始时间": "09:00", "地点": "示例人民医院外科", "记录人": "何示例",
        "调查内容": "术后第三天换药时发现切口红肿，当日未作细菌培养。",
    }, picture="investigation")  # fmt: skip


def sign_rights(mediator: Visitor) -> None:
    """Both sides sign for the notice of rights and duties."""
    for side in ("患方", "医方"):
        mediator.take(
            "签收权利义务告知",
            {"哪一方": side, "签收的告知书扫描件": scan(f"{side}签收")},
            picture=f"rights-{side == '患方'}",
        )


def stop_for_appraisal(mediator: Visitor, on: str) -> None:
    """The clock stands still while the institution works."""
    mediator.take("委托鉴定", {
        "委托方式": "医患双方共同委托", "鉴定机构": "示例司法鉴定所", "委托事项": "诊疗行为有无过错\n过错与损害的因果关系及责任程度",
        "双方签署的委托书或同意书": scan("鉴定委托书"), "患方同意日期": on, "医方同意日期": on,
    }, picture="start-appraisal")  # fmt: skip
    mediator.sees("鉴定中", "已停表")


def go_on_after_appraisal(mediator: Visitor) -> None:
    """The opinion is in; the clock goes on from where it stood."""
    mediator.take("鉴定完成", {
        "结果": "出具鉴定意见", "鉴定意见书、不予受理通知或撤回材料": scan("鉴定意见书"), "意见书编号": "示例司鉴〔2026〕9号", "责任程度": "次要原因",
        "损害及其程度": "切口感染，未构成伤残。", "是否存在医疗过错": "术后观察记录不及时。", "过错与损害的因果关系": "与感染迁延存在因果关系。",
    }, picture="finish-appraisal")  # fmt: skip
    mediator.sees("调查取证中")


def convene(mediator: Visitor, at: str) -> None:
    """Both sides are invited."""
    mediator.take(
        "召开调解", {"时间": at, "地点": "市医调委第一调解室", "患方人数": "2", "医方人数": "2"}, picture="convene"
    )
    mediator.sees("调解中")


def meet(mediator: Visitor) -> None:
    """The meeting is held and recorded."""
    mediator.begin("调解笔录")
    expect(mediator.field("地点")).to_have_value("市医调委第一调解室")
    mediator.fill({
        "开始时间": "09:00", "记录人": "何示例", "患方到会人员": "甄示例、贾示例", "医方到会人员": "何联络\n刘示例（医务科）",
        "当事人对调解员有无异议": "双方均无异议。", "笔录正文": "核对身份，告知权利义务；双方陈述后就赔偿数额达成一致。", "调解结果": "达成一致",
    })  # fmt: skip
    mediator.look("meeting")
    mediator.confirm("调解笔录")


def draft(mediator: Visitor) -> None:
    """Blocked until everything that the law wants is there, and until the sums agree."""
    mediator.begin("拟定协议")
    mediator.fill({"纠纷主要事实": ""})
    mediator.press("确认拟定协议")
    mediator.sees("处需要修改", "各方责任", "履行期限")
    mediator.look("draft-blocked")
    mediator.fill(TERMS | {"协议金额（元）": "100000"})
    mediator.sees("壹拾万元整")
    mediator.press("确认拟定协议")
    mediator.sees("处需要修改", "保险支付")
    mediator.fill({"协议金额（元）": "100500.00"})
    mediator.sees("壹拾万零伍佰元整")
    mediator.look("draft")
    mediator.confirm("拟定协议")
    mediator.sees("协议待签")


def sign(mediator: Visitor) -> None:
    """Four marks, each with its date and the signed scan; what is missing is said until the last."""
    for mark in MARKS:
        mediator.sees("尚缺签署")
        mediator.take("签署登记", {**mark, "已签署的协议扫描件": scan("已签署的协议")}, picture="mark")
    mediator.sees_no("尚缺签署")


def conclude(mediator: Visitor) -> None:
    """The agreement takes effect."""
    mediator.take("协议生效", picture="conclude")
    mediator.sees("履行中")
