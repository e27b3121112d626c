"""Step 2 and what branches off from it: a town ends a dispute itself, or gets it back from the city."""

from __future__ import annotations

import pytest

from tests.factories import case_at, persona
from tests.journeys.acts import committee, ending, town
from tests.journeys.papers import words

pytestmark = pytest.mark.browser


def test_a_town_settles_on_the_spot_and_the_settlement_is_printed(house):
    case = case_at("town_handling", now=house.clock.now())
    official = house.visitor("town_wang")
    official.go(case.get_absolute_url())

    town.settle(official, "2026-02-25", "2026-03-06")
    assert all("done" in one for one in house.work())

    paper = words(official.pdf("和解协议书"))
    for said in (
        "和解协议书",
        "〔2026〕1号",
        "甄示例",
        "示例人民医院",
        "人民币捌仟元伍角（¥8,000.50）",
        "2026年2月25日",
    ):
        assert said.replace("〔2026〕1号", "〔2026〕1号") in paper, said
    official.go(case.get_absolute_url())
    official.sees("就地和解", "下一期应付")


@pytest.mark.both
def test_a_town_resolves_by_explanation_visits_and_closes(house):
    case = case_at("town_handling", now=house.clock.now())
    official = house.visitor("town_wang")
    official.go(case.get_absolute_url())

    town.resolve(official)
    house.on("2026-02-27")
    official = house.visitor("town_wang")
    official.go(case.get_absolute_url())
    ending.visit(official)
    ending.close(official)

    official.sees("解释化解")
    assert official.offered() != []  # a closed case still takes a contact or a correction


def test_the_city_sends_a_case_back_once_with_a_coded_reason(house):
    case = case_at("escalated", now=house.clock.now())
    persona("town_wang")
    clerk = house.visitor("clerk_chen")
    clerk.go(case.get_absolute_url())
    committee.send_back(clerk)

    official = house.visitor("town_wang")
    official.go("/notices/")
    official.sees("退回镇街", "未读")
    official.look("notices")
    official.follow(f"{case.title}　退回镇街")
    official.sees("镇街处置中")
    official.take("上报", {
        "上报理由": ["双方分歧大，镇街调处不成"], "已做工作": "面谈一次。", "患方态度": "要求赔偿。", "医方态度": "愿意沟通。", "风险与稳控措施": "平稳。",
        "需要市级解决的事项": "请受理。",
    })  # fmt: skip

    clerk.go(case.get_absolute_url())
    clerk.sees("“退回镇街”暂不能办：已退回镇街一次，不能再退")
