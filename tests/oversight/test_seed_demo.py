"""The demonstration: performed once for the whole module, looked at from every side, performed again and the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import TransactionTestCase
from django.utils import timezone

from mediation.cases import codes
from mediation.cases.case import CaseHospital, DisputeCase
from mediation.cases.parties import Party
from mediation.cases.record import StepFacts
from mediation.hotline.models import HotlineOrder, ImportBatch, ImportRow
from mediation.organisations.models import Organisation, User
from mediation.oversight.demonstration.orders import Mailbag
from mediation.oversight.demonstration.people import ACCOUNTS, PASSWORD, settle_in
from mediation.oversight.demonstration.stories import STORIES
from mediation.oversight.demonstration.texts import GIVEN, matters
from mediation.oversight.diagnosis import diagnose
from mediation.privacy.identity import check_id_no
from workflow.calendar import Calendar
from workflow.companions import ORDER
from workflow.lifecycle import ACTIONS, OUTCOMES, STATES, TRANSITIONS
from workflow.records import Event, verify
from workflow.rulebook import calendar_of, current_edition

AS_OF = date(2026, 10, 20)
ORDINARY = 8
NEW_CALENDAR_ONLY = {"recount"}
"""Nothing but a newly published calendar makes time take this step."""


@dataclass(frozen=True)
class Seen:
    """What one performance has left in the database, read before the database is put back."""

    said: dict[str, Any]
    told: str
    refusal: str
    events: list[Event]
    cases: list[DisputeCase]
    parties: list[Party]
    hospitals: set[str]
    real_hospitals: set[str]
    texts: str
    users: dict[str, User]
    orders: dict[str, int]
    linked_orders: int
    waiting: dict[str, int]
    calendar: Calendar
    faults: list[Any]
    record_is_whole: bool


def performed(folder: Path) -> Seen:
    """Run the command on the empty database and read what there is to see."""
    path, told = folder / "demo.json", StringIO()
    many = len(STORIES) + ORDINARY
    call_command("seed_demo", seed=7, as_of=AS_OF, json=path, cases=many, stdout=told)
    with pytest.raises(CommandError) as refused:
        call_command("seed_demo", seed=7, as_of=AS_OF)
    institutions = Organisation.objects.hospitals()
    orders = HotlineOrder.objects.all()
    return Seen(
        said=json.loads(path.read_text(encoding="utf-8")), told=told.getvalue(), refusal=str(refused.value),
        events=list(Event.objects.filter(chain__startswith="case-").order_by("chain", "seq")),
        cases=list(DisputeCase.objects.order_by("number")), parties=[_read(party) for party in Party.objects.all()],
        hospitals=set(CaseHospital.objects.values_list("hospital__name", flat=True)),
        real_hospitals=set(institutions.exclude(confidence="虚构").values_list("name", flat=True)),
        texts="\n".join([
            *(case.summary for case in DisputeCase.objects.all()), *(f"{one.title}{one.content}" for one in orders),
            *(str(one.facts) for one in StepFacts.objects.all()),
        ]),
        users={user.username: user for user in User.objects.prefetch_related("groups")},
        orders={state: orders.filter(state=state).count() for state in ORDER.states},
        linked_orders=orders.filter(case__isnull=False).count(),
        waiting={
            standing: ImportRow.objects.filter(batch__in=ImportBatch.objects.filter(done_at=None), standing=standing).count()
            for standing in ImportRow.Standing.values
        },
        calendar=calendar_of(current_edition()), faults=list(diagnose(timezone.now())), record_is_whole=verify().ok,
    )  # fmt: skip


def _read(party: Party) -> Party:
    """With its sealed values opened, for when the database is gone."""
    return Party(kind=party.kind, name=party.name, phone=party.phone, id_kind=party.id_kind, id_no=party.id_no,
                 sex=party.sex, born_on=party.born_on)  # fmt: skip


@pytest.fixture(scope="module")
def twice(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """Two performances, each on a database as it was before."""
    seen = []
    with django_db_blocker.unblock():
        for place in range(2):
            try:
                seen.append(performed(tmp_path_factory.mktemp(f"demo{place}")))
            finally:
                TransactionTestCase()._fixture_teardown()
    return seen


@pytest.fixture(scope="module")
def seen(twice: list[Seen]) -> Seen:
    return twice[0]


def test_there_is_a_case_in_every_state(seen: Seen) -> None:
    there = {case.state for case in seen.cases}

    assert [state for state in STATES if state not in there] == []


def test_every_step_of_the_table_was_taken(seen: Seen) -> None:
    taken = {event.kind for event in seen.events}

    assert sorted(TRANSITIONS.keys() - taken) == []
    assert sorted(ACTIONS.keys() - taken - NEW_CALENDAR_ONLY) == []


def test_every_outcome_of_the_table_was_reached(seen: Seen) -> None:
    assert sorted(OUTCOMES.keys() - {case.outcome for case in seen.cases}) == []


def test_the_same_seed_and_day_give_the_same_result(twice: list[Seen]) -> None:
    first, second = twice

    assert first.said == second.said
    assert {case.uid for case in first.cases}.isdisjoint({case.uid for case in second.cases})


def test_the_record_is_whole_and_nothing_is_out_of_order(seen: Seen) -> None:
    assert seen.record_is_whole
    assert seen.faults == []


def test_everybody_on_the_list_can_sign_in(seen: Seen) -> None:
    listed = {account["username"]: account for account in seen.said["accounts"]}

    assert listed.keys() == {account.username for account in ACCOUNTS}
    assert [name for name, account in listed.items() if not seen.users[name].check_password(account["password"])] == []
    assert listed["wang"] == {
        "username": "wang", "password": PASSWORD, "name": "王示例", "role": "镇街经办人", "organisation": "道滘镇",
    }  # fmt: skip
    assert [name for name, user in seen.users.items() if user.is_staff] == ["admin"]
    assert not any(user.is_superuser for user in seen.users.values())  # the role is enough, here as in production


def test_the_accounts_are_printed_for_whoever_reads_along(seen: Seen) -> None:
    assert all(f"{account.username}  {PASSWORD}  {account.name}" in seen.told for account in ACCOUNTS)


def test_no_real_hospital_is_named_anywhere(seen: Seen) -> None:
    assert seen.real_hospitals
    assert all(name.startswith("示例") for name in seen.hospitals)
    assert [name for name in seen.real_hospitals if name in seen.texts] == []


def test_nobody_is_real(seen: Seen) -> None:
    named = [party for party in seen.parties if party.name not in ("匿名", "匿示例")]

    assert all(party.name.endswith(GIVEN) for party in named)
    assert {party.phone[:7] for party in seen.parties if party.phone} == {"1380000"}


def test_identity_numbers_are_right_and_belong_to_nobody(seen: Seen) -> None:
    numbered = [party for party in seen.parties if party.id_no]

    assert numbered
    for party in numbered:
        found = check_id_no(party.id_kind, party.id_no, today=AS_OF)
        assert found.ok, found.message
        assert (found.sex, found.born_on) == (party.sex, party.born_on)
        assert party.id_no[:6] == "441900"
        assert 996 <= int(party.id_no[14:17]) <= 999  # kept for people of a hundred years, who are not in the play


def test_people_work_in_office_hours_before_the_day_of_the_demonstration(seen: Seen) -> None:
    by_people = [timezone.localtime(event.recorded_at) for event in seen.events if event.actor_id is not None]
    own = [event for event in seen.events if event.actor_id is None and event.kind != "absorb"]  # that follows a person
    by_time = [timezone.localtime(event.recorded_at) for event in own]

    assert all(at.date() < AS_OF and seen.calendar.is_working_day(at.date()) for at in by_people)
    assert all(time(8, 30) <= at.time() <= time(18, 30) for at in by_people)
    assert by_time
    assert all(at.time() == time.min and at.date() <= AS_OF for at in by_time)


def test_the_hotline_has_orders_in_every_state_with_and_without_a_case(seen: Seen) -> None:
    assert [state for state, count in seen.orders.items() if not count] == []
    assert 0 < seen.linked_orders < sum(seen.orders.values())


def test_a_file_of_orders_waits_in_its_preview(seen: Seen) -> None:
    assert seen.waiting["new"] >= 3
    assert seen.waiting["rejected"] >= 2
    assert seen.waiting["same"] + seen.waiting["changed"] >= 1


def test_ordinary_disputes_fill_up_to_the_number_asked_for(seen: Seen) -> None:
    assert (
        len(seen.said["cases"]) == len(seen.cases) == len(STORIES) + ORDINARY + 2
    )  # one was severed from another, one taken out of another


def test_a_database_with_cases_is_left_alone(seen: Seen) -> None:
    assert "--append" in seen.refusal


def test_production_refuses_a_demonstration(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="--force-demo"):
        call_command("seed_demo")


def test_a_demonstration_cannot_be_of_tomorrow() -> None:
    with pytest.raises(CommandError, match="晚于今天"):
        call_command("seed_demo", as_of=date(2999, 1, 1))


@pytest.mark.django_db
def test_somebody_elses_account_is_not_taken() -> None:
    User.objects.create_user("chen", full_name="陈真人", password="不是演示口令")

    with pytest.raises(CommandError, match="用户名 chen"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_settling_in_a_second_time_changes_nothing() -> None:
    settle_in()
    before = User.objects.order_by("pk").values_list("pk", "username", "password")
    kept = list(before)

    settle_in()

    assert list(before.all()) == kept


@pytest.mark.django_db
def test_a_second_demonstration_brings_orders_of_its_own() -> None:
    company, morning = settle_in(), date(2026, 10, 19)
    now = timezone.make_aware(datetime(2026, 10, 19, 8, 50))

    numbers = []
    for _ in range(2):
        mail = Mailbag(company)
        said = {"caller": "陈示例", "phone": "13800000000", "title": "示例标题", "content": "示例内容。"}
        numbers.append(mail.post(morning, rng=Random(1), **said))
        mail.deliver(morning, now)

    assert numbers == ["DG20261019001", "DG20261019002"]
    assert HotlineOrder.objects.count() == 2


def test_every_matter_says_everything_and_names_codes_that_exist() -> None:
    for matter in matters().values():
        assert all(vars(matter).values()), matter.key
        assert matter.department in codes.Department.values
        assert matter.cause in codes.Cause.values
        assert matter.harm in codes.Harm.values
        assert set(matter.demands) <= set(codes.Demand.values)
