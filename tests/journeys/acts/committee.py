"""At the committee: taken over or sent back, the papers of acceptance one after another, accepted, assigned."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor, scan

MISSING = ("尚未登记调解申请", "同意调解的记录", "尚未声明法院")


def take_over(clerk: Visitor) -> None:
    """The committee becomes responsible."""
    clerk.take("接收", picture="take-over")
    clerk.sees("受理审查中")


def send_back(clerk: Visitor) -> None:
    """Back to the town, with a coded reason; only once."""
    clerk.take(
        "退回镇街",
        {"理由": "可以就地化解", "这次上报本可避免？": "是", "说明": "请先组织双方面谈一次。"},
        picture="send-back",
    )
    clerk.sees("镇街处置中")


def cannot_accept_yet(clerk: Visitor, reason: str) -> None:
    """Acceptance is shown, blocked, with the reason; and its page says the same."""
    expect(clerk.page.get_by_role("group", name="可以办理的事项")).to_contain_text(reason)
    path = clerk.path
    assert clerk.go(f"{path}accept/") == 200
    clerk.sees("现在还不能办理", reason)
    clerk.fill({"纸质件名称": "受理审批表"})
    clerk.press("确认受理")
    clerk.sees("处需要修改", reason)
    clerk.look("accept-blocked")
    clerk.go(path)


def collect(clerk: Visitor) -> None:
    """Application, consent, declaration and identity, each with its paper; what is still missing is said each time."""
    cannot_accept_yet(clerk, MISSING[0])
    clerk.take(
        "登记申请",
        {"申请方": "患方", "申请方式": "书面", "申请书，或口头申请的签名记录": scan("调解申请书")},
        picture="application",
    )
    clerk.sees(MISSING[1])
    clerk.take(
        "登记同意",
        {"一方": "医方", "意见": "同意调解", "方式": "书面、邮寄", "同意的凭据": scan("同意函")},
        picture="consent",
    )
    clerk.sees(MISSING[2])
    clerk.take("互斥声明", {
        "声明方": "双方", "人民法院": "未起诉、未申请", "卫生健康部门行政调解": "未起诉、未申请", "凭据（扫描件）": scan("互斥声明"),
    }, picture="routes")  # fmt: skip
    clerk.take("登记材料", {
        "类别": "当事人身份证明", "提交方": "患方", "名称": "甄示例身份证", "原件或复印件": "复印件", "页数": "1", "文件": scan("身份证"),
    }, picture="paper")  # fmt: skip


def accept(clerk: Visitor) -> None:
    """The thirty working days begin."""
    clerk.begin("受理")
    clerk.sees("生成《受理通知书》", "生成《权利义务告知书》", "起算“调解期限”30 个工作日")
    clerk.fill({"受理意见": "符合受理条件。", "纸质件名称": "受理审批表"})
    clerk.look("accept")
    clerk.confirm("受理")
    clerk.sees("待分案")


def assign(director: Visitor, *, lead: str, second: str) -> None:
    """From the table of who has how much to do."""
    director.begin("分案")
    table = director.page.get_by_role("table")
    expect(table).to_contain_text("在办")
    expect(table).to_contain_text("最近到期")
    table.get_by_role("radio", name=lead).check()
    table.get_by_role("checkbox", name=second).check()
    director.fill({"已核对所选调解员与本案双方没有利害关系": True})
    director.look("assign")
    director.confirm("分案")
    director.sees("调查取证中", f"主办 {lead}", f"协办 {second}")
