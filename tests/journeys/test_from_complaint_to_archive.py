"""Steps 1 to 6 on one dispute: a complaint on 12345 climbs from town to city, is mediated, paid and filed.

The days are those of the due-date vector with an appraisal: accepted on 2 March 2026, stopped from 16 March to 11 May.
"""

from __future__ import annotations

import pytest

from mediation.cases.case import DisputeCase
from mediation.hotline import sample
from tests.factories import organisation, persona
from tests.journeys.acts import committee, ending, intake, mediation, town
from tests.journeys.house import House
from tests.journeys.papers import fonts, images, words
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_complaint_becomes_a_dispute_and_is_closed_with_its_papers(house):
    for one in ("town_wang", "town_of_residence", "mediator_sun", "mediator_two", "liaison_he", "liaison_other"):
        persona(one)
    path = at_the_hotline(house)
    in_the_town(house, path)
    at_the_committee(house, path)
    with_the_mediator(house, path)
    to_the_archive(house, path)


def at_the_hotline(house: House) -> str:
    """25 February: out of a workbook, to the town."""
    organisation("X001")
    operator = house.visitor("hotline_lin")
    operator.go("/orders/")
    intake.bring_in(operator, "示例工单.xlsx", sample.workbook(house.clock.now().date()))
    intake.register_order(operator, intake.DISPUTE)
    intake.send_to_town(operator)
    watched(house, operator.path, "待镇街签收")
    return operator.path


def watched(house: House, path: str, state: str) -> None:
    """The supervisor sees every case wherever it stands; a hospital its own and no other's."""
    case = DisputeCase.objects.get(number=path.split("/")[2])
    for one in ("supervisor_zhou", "liaison_he"):
        watcher = house.visitor(one)
        watcher.go("/cases/")
        watcher.sees(case.title, state)
        assert watcher.go(path) == 200
    other = house.visitor("liaison_other")
    other.go("/cases/")
    other.sees_no(case.title)
    assert other.go(path) == 404


def in_the_town(house: House, path: str) -> None:
    """25 and 26 February: signed for, heard, escalated."""
    title = DisputeCase.objects.get().title
    official = house.visitor("town_wang")
    town.find_on_desk(official, title)
    official.look("case", menus=True)
    town.sign_for(official)
    town.hear_both(official)
    town.reads_along(house.visitor("town_of_residence"), path)
    town.finds_nothing(house.visitor("town_zhao"), path)

    house.on("2026-02-26")
    official = house.visitor("town_wang")
    official.go(path)
    town.escalate(official)
    assert all("done" in one for one in house.work())
    brief = words(official.pdf("上报呈批表"))
    for text in ("上报呈批表", "道滘镇", "甄示例", town.FIRST_CALL, town.HOSPITAL_CALL, "请市医调委受理"):
        assert text in brief, text


def at_the_committee(house: House, path: str) -> None:
    """27 February to 3 March: taken over, papers collected, accepted, assigned."""
    house.on("2026-02-27")
    clerk = house.visitor("clerk_chen")
    town.find_on_desk(clerk, DisputeCase.objects.get().title)
    committee.take_over(clerk)
    committee.collect(clerk)
    watched(house, path, "受理审查中")

    house.on("2026-03-02")
    clerk = house.visitor("clerk_chen")
    clerk.go(path)
    committee.accept(clerk)
    assert DisputeCase.objects.get().mediation_due_on.isoformat() == "2026-04-14"
    house.work()
    notice, rights = words(clerk.pdf("受理通知书")), words(clerk.pdf("权利义务告知书"))
    assert "2026年3月2日" in notice
    assert "甄示例" in notice
    assert "权利" in rights
    clerk.look("documents")

    house.on("2026-03-03")
    director = house.visitor("director_xu")
    director.go(path)
    committee.assign(director, lead="孙示例", second="何示例")


def with_the_mediator(house: House, path: str) -> None:
    """4 March to 14 May: investigated, stopped, gone on, met, agreed, signed."""
    house.on("2026-03-04")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.investigate(mediator)
    mediation.sign_rights(mediator)
    mediator.sees("届满", "2026-04-14")
    the_clock_stops(house, path)

    house.on("2026-05-12")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.convene(mediator, "2026-05-13T09:00")
    house.on("2026-05-13", 10)
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.meet(mediator)
    mediation.draft(mediator)
    house.on("2026-05-14")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.sign(mediator)
    mediation.conclude(mediator)
    house.work()
    the_agreement_is_right(mediator)
    watched(house, path, "履行中")


def the_clock_stops(house: House, path: str) -> None:
    """The vector: 2 March, stopped 16 March to 11 May with both ends, 9 days used before; due on 9 June."""
    house.on("2026-03-16")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.stop_for_appraisal(mediator, "2026-03-16")
    mediator.sees("停止计算", "30 / 9 个工作日")
    house.on("2026-05-11")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediation.go_on_after_appraisal(mediator)
    mediator.sees("2026-06-09")
    mediator.follow("逐日明细")
    mediator.sees("调解期限逐日明细", "届满日", "2026-06-09", "不计")
    mediator.look("ledger")


def the_agreement_is_right(mediator: Visitor) -> None:
    """Numbered, in force on the day of the last mark, amounts both ways, and nothing drawn that could pass for a seal."""
    to_sign = words(mediator.pdf("人民调解协议书（签署文本）"))
    assert "〔2026〕1号" in to_sign
    assert "2026年5月14日" not in to_sign
    pdf = mediator.pdf("人民调解协议书（生效文本）")
    text = words(pdf)
    for said in (
        "〔2026〕1号",
        "生效日期：2026年5月14日",
        "道滘",
        "高埗",
        "人民币壹拾万零伍佰元整（¥100,500.00）",
        "肆万零伍佰元整",
        "次要责任",
    ):
        assert said in text, said
    assert not images(pdf)
    assert fonts(pdf)
    assert all(fonts(pdf).values()), fonts(pdf)


def to_the_archive(house: House, path: str) -> None:
    """20 May to 15 June: paid twice, visited, filed, closed."""
    house.on("2026-05-20")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    mediator.sees("还有 2 期款项未付")
    ending.pay(mediator, 1, "2026-05-20")
    mediator.sees("还有 1 期款项未付")
    house.on("2026-06-10")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    ending.pay(mediator, 2, "2026-06-10")
    ending.perform(mediator)
    house.on("2026-06-12")
    mediator = house.visitor("mediator_sun")
    mediator.go(path)
    ending.visit(mediator)
    ending.submit_dossier(mediator)
    house.on("2026-06-15")
    director = house.visitor("director_xu")
    director.go(path)
    ending.close(director)
    house.work()
    assert "卷宗" in words(director.pdf("卷宗封面"))
    director.look("closed")
    watched(house, path, "已结案")
