"""What administrator, auditor and director look at."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mediation.cases.case import DisputeCase
from mediation.organisations.models import Kind, Organisation
from tests.factories import at, case_at, persona, take
from workflow.outbox import OutboxMessage
from workflow.records import Event, record_system

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def log_in(who: str) -> Client:
    client = Client()
    client.force_login(persona(who), "django.contrib.auth.backends.ModelBackend")
    return client


def entered_late(reason: str) -> DisputeCase:
    late = {
        "side": "patient",
        "purpose": "first",
        "means": "phone",
        "at": at("2026-03-02", 10),
        "reached": True,
        "content": "已联系。",
    }
    case = case_at("town_handling")
    return take(
        case, "log_contact", "town_wang", now=at("2026-03-16"), happened_on=date(2026, 3, 2), late_reason=reason, **late
    )


def test_the_director_reads_what_was_entered_late_and_why() -> None:
    case = entered_late("出差期间补记")

    page = log_in("director_xu").get("/oversight/late/").content.decode()

    assert case.title in page
    assert "出差期间补记" in page
    assert "10 个工作日" in page
    assert log_in("clerk_chen").get("/oversight/late/").status_code == 404


def test_of_another_committee_the_director_reads_nothing() -> None:
    case = entered_late("出差期间补记")
    elsewhere = Organisation(kind=Kind.COMMITTEE, code="other", name="示例外市医调委", active=False)
    elsewhere.save()
    DisputeCase.objects.filter(pk=case.pk).update(committee=elsewhere)

    assert case.title not in log_in("director_xu").get("/oversight/late/").content.decode()


def test_the_queries_do_not_depend_on_how_much_was_entered_late() -> None:
    director, asked = log_in("director_xu"), []
    for more in (1, 8):
        for _ in range(more):
            entered_late("补记")
        director.get("/oversight/late/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            director.get("/oversight/late/")
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 19


def test_the_system_chain_is_read_page_by_page() -> None:
    for number in range(25):
        record_system("export", actor_id=persona("director_xu").pk, now=timezone.now(), data={"rows": number})
    auditor = log_in("auditor")

    first = auditor.get("/oversight/trail/")
    older = auditor.get(f"/oversight/trail/{first.context['page']['next_url']}")

    shown = [row["event"].seq for row in [*first.context["rows"], *older.context["rows"]]]
    assert (
        shown == sorted(Event.objects.filter(chain="system").values_list("seq", flat=True), reverse=True)[: len(shown)]
    )
    assert len(shown) > 20
    assert log_in("town_wang").get("/oversight/trail/").status_code == 404


def test_the_auditor_sees_who_looked_behind_a_mask_and_at_which_case() -> None:
    case = case_at("town_handling")
    (patient,) = case.parties.all()
    take(case, "reveal", "town_wang", target=f"party-{patient.pk}.phone", reason="核对号码")

    page = log_in("auditor").get("/oversight/trail/?of=looked").content.decode()

    assert f"案件：{case.title}，内容：电话" in page
    assert persona("town_wang").get_full_name() in page
    assert "登录" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert patient.phone not in page


def test_what_was_given_up_can_be_queued_again() -> None:
    case_at("awaiting_assignment")
    OutboxMessage.objects.update(gave_up_at=timezone.now(), last_error="ValueError")
    administrator, stuck = log_in("administrator"), OutboxMessage.objects.first()
    assert "ValueError" in administrator.get("/oversight/outbox/").content.decode()

    administrator.post(f"/oversight/outbox/{stuck.pk}/retry/")

    stuck.refresh_from_db()
    assert stuck.gave_up_at is None
    assert Event.objects.filter(chain="system", kind="outbox_retried").exists()


def test_rules_stand_with_article_and_confidence() -> None:
    page = log_in("auditor").get("/oversight/rules/").content.decode()
    assert "条例第38条" in page
    assert "已核原文" in page
