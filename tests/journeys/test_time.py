"""Step 7: time acts. A town that sleeps loses the case; thirty working days without agreement end it; never on a guess."""

from __future__ import annotations

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import case_at, persona
from tests.journeys.papers import words

pytestmark = pytest.mark.browser


def test_a_town_that_sleeps_loses_the_case_upwards(house):
    case = case_at("town_pending", now=house.clock.now())
    persona("supervisor_zhou")
    assert case.due_on is not None
    house.on(case.due_on.isoformat(), 17)
    assert house.tick() == 0

    house.on("2026-03-03", 0, 10)
    assert house.tick() == 1
    house.work()

    clerk = house.visitor("clerk_chen")
    clerk.go("/desk/")
    clerk.sees(case.title, "已上报")
    clerk.follow(case.title)
    clerk.sees("超期自动上报", "系统")
    brief = words(clerk.pdf("上报呈批表"))
    assert "期限届满" in brief
    official = house.visitor("town_wang")
    official.go(case.get_absolute_url())
    official.sees("已上报")
    official.go("/notices/")
    official.sees("超期自动上报")


def test_thirty_working_days_without_agreement_end_and_the_director_confirms(house):
    house.on("2026-03-02")
    case = case_at("in_mediation", now=house.clock.now())
    house.on("2026-04-14", 23, 50)
    assert house.tick() == 0  # the last day counts

    house.on("2026-04-15", 0, 10)
    assert house.tick() == 1
    director = house.visitor("director_xu")
    director.go(case.get_absolute_url())
    director.sees("视为调解不成（待确认）")
    director.look("lapsed")
    director.go(f"{case.get_absolute_url()}ledger/mediation/")
    director.sees("2026-04-14", "法定节假日", "计数")
    director.go(case.get_absolute_url())
    director.take(
        "确认视为不成", {"已逐日核对期限台账，期限确已届满，双方未在届满前签署": True}, picture="confirm-lapse"
    )
    director.sees("结案审查", "视为调解不成")


def test_time_never_acts_on_a_provisional_date(house):
    house.on("2026-11-23")
    case = case_at("in_mediation", now=house.clock.now())
    assert case.mediation_provisional
    house.on("2027-03-01")
    assert house.tick() == 0

    mediator = house.visitor("mediator_sun")
    mediator.go(case.get_absolute_url())
    mediator.sees("调解中", "（暂定）")
    administrator = house.visitor("administrator")
    administrator.go("/oversight/calendar/")
    administrator.sees(case.title, "暂定")
    administrator.look("calendar")
    assert DisputeCase.objects.get().state == "in_mediation"
