"""The case page: which clocks stand beside a case, in whose words and units, and what opening it does to notices."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.cases.grounds import DeclineReason
from mediation.cases.pages.beside import clocks
from mediation.cases.pages.chips import deadline_chip, next_step
from mediation.cases.record import Notice
from mediation.documents.pages import documents_of
from mediation.oversight.wording import EVENTS
from tests.factories import NOW, case_at, move, persona
from workflow.reckoning import read_marks

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def shown(case: DisputeCase, today: date) -> dict[str, dict]:
    return {clock["label"]: clock for clock in clocks(case, read_marks(case), today)}


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(persona(username), "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_first_contact_is_counted_beside_the_handling_until_it_has_been_made() -> None:
    case = case_at("town_handling")
    assert list(shown(case, NOW.date())) == ["镇街处置", "首次联系"]

    done = move(
        case, "log_contact", "town_wang", side="patient", purpose="first", means="phone", at=NOW, reached=True, content="已联系"
    )  # fmt: skip

    assert list(shown(done.case, NOW.date())) == ["镇街处置"]


def test_the_reminder_of_an_appraisal_stands_beside_the_stopped_clock() -> None:
    case = case_at("under_appraisal")
    beside = shown(case, case.entered_on)
    assert list(beside) == ["调解期限", "鉴定提醒"]
    assert "已停表" in beside["调解期限"]["unit_text"]
    assert beside["鉴定提醒"]["big"] == "45"


def test_a_way_nobody_has_to_take_is_past_and_not_overdue() -> None:
    case = case_at("performing")
    opened = shown(case, case.entered_on)["司法确认"]
    past = shown(case, case.entered_on + timedelta(days=90))["司法确认"]
    assert (opened["kind"], opened["unit_text"]) == ("ok", "天后届满")
    assert (past["kind"], past["unit_text"]) == ("hold", "天前申请期已过")


def test_a_clock_that_has_ended_alarms_nobody() -> None:
    case = case_at("performing")
    ended = shown(case, case.entered_on + timedelta(days=90))["调解期限"]
    assert (ended["kind"], ended["unit_text"]) == ("hold", "个工作日剩余，已终结")


@pytest.mark.parametrize(("state", "unit"), [("town_handling", "个工作日"), ("follow_up", "天"), ("performing", "天")])
def test_a_chip_counts_in_the_unit_of_its_period(state: str, unit: str) -> None:
    case = case_at(state)
    assert case.due_on is not None
    left = deadline_chip(case, case.due_on - timedelta(days=20))["text"]
    assert left.endswith(unit)
    assert (left == "剩 20 天") == (unit == "天")
    assert deadline_chip(case, case.due_on + timedelta(days=30))["kind"] == "late"


def test_opening_a_case_reads_the_notices_about_it_and_no_other() -> None:
    case, other, official = case_at("town_pending"), case_at("town_pending"), persona("town_wang")
    assert {notice.case_id for notice in Notice.objects.unread_by(official)} == {case.pk, other.pk}

    assert signed_in("town_wang").get(case.get_absolute_url()).status_code == 200

    assert {notice.case_id for notice in Notice.objects.unread_by(official)} == {other.pk}


def test_what_one_reads_is_not_read_by_somebody_else() -> None:
    case, colleague = case_at("town_handling"), persona("hotline_lin")
    waiting = Notice.objects.unread_by(colleague).count()

    signed_in("town_wang").get(case.get_absolute_url())

    assert Notice.objects.unread_by(colleague).count() == waiting


def test_only_the_newest_task_of_a_case_still_waits() -> None:
    case = case_at("town_pending")
    client = signed_in("town_wang")
    assert "待我办理" in client.get("/notices/").content.decode()

    move(case, "decline", "town_wang", reason=DeclineReason.values[0], proposed_body="示例单位", note="不属本镇")

    assert "待我办理" not in client.get("/notices/").content.decode()


@pytest.mark.parametrize(
    ("state", "step"), [("performing", "登记付款"), ("agreement_drafted", "签署登记"), ("investigating", "召开调解")]
)
def test_a_row_offers_what_has_to_be_done_and_not_what_ends_it(state: str, step: str) -> None:
    offered = next_step(case_at(state), acting=True)
    assert offered is not None
    assert offered["label"] == step


def test_a_paper_that_has_its_number_is_not_called_a_draft() -> None:
    case = case_at("awaiting_assignment")
    papers = documents_of(case, persona("clerk_chen"))
    assert "《受理通知书》" in {f"《{paper['title']}》" for paper in papers}
    assert {paper["state_label"] for paper in papers} == {""}


def test_every_event_of_the_systems_chain_has_a_name_on_the_page() -> None:
    written = re.compile(r'(?:record_system|\b_?record)\(\s*(?:request,\s*)?"([a-z_]+)"')
    sources = [
        path.read_text(encoding="utf-8") for top in ("mediation", "workflow") for path in (ROOT / top).rglob("*.py")
    ]
    turns = {kind for source in sources for kind in re.findall(r'with turning\(order, "([a-z_]+)"', source)}
    kinds = {kind for source in sources for kind in written.findall(source)} | {f"order_{turn}" for turn in turns}
    assert len(kinds) > 20
    assert kinds <= EVENTS.keys()
