"""What was recorded while the case ran is put right too: by whoever recorded it or the committee, and nothing else moves."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from mediation.cases.case import DisputeCase
from mediation.cases.correctable import offered
from mediation.cases.pages.eyes import Eyes
from mediation.cases.parties import Application
from mediation.cases.record import StepFacts
from tests.factories import NOW, at, case_at, fresh, paper, persona, take
from tests.mediation.test_on_file import contact
from workflow.reckoning import deadline_of, read_marks
from workflow.records import Event
from workflow.registry import NotAllowed, Refused

CLERK, DIRECTOR, TOWN = "clerk_chen", "director_xu", "town_wang"


def correct(case: DisputeCase, target: str, value: str, by: str = CLERK, **when: Any) -> DisputeCase:
    return take(case, "correct", by, target=target, value=value, reason="登记有误", **when)


def reached(case: DisputeCase, by: str = TOWN, **changes: Any) -> DisputeCase:
    return take(case, "log_contact", by, **contact("甄示例说了。", **changes))


def names(by: str, case: DisputeCase) -> set[str]:
    """The kinds of rows that somebody is told of."""
    user = persona(by)
    return {one.kind.key for one in offered(fresh(case), Eyes.of(user, fresh(case)))}


def served(case: DisputeCase, by: str = CLERK, **changes: Any) -> DisputeCase:
    facts = {"document": "application_receipt", "side": "patient", "means": "visit", "paper": paper("回证")} | changes
    return take(case, "serve_notice", by, **facts)


# --- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.both
def test_the_words_of_a_contact_are_put_right_and_the_old_ones_kept_sealed() -> None:
    case = reached(case_at("town_handling"))
    row = case.contacts.get()

    case = correct(case, f"contact-{row.pk}.content", "患方要求解释。", by=TOWN)

    event = Event.objects.get(chain=case.chain, seq=case.version)
    facts = StepFacts.objects.get(case=case, seq=case.version).facts
    assert case.contacts.get().content == "患方要求解释。"
    assert facts["old"] == "甄示例说了。"
    assert event.data["field"] == "contact.content"
    assert "甄示例" not in str(event.data)


@pytest.mark.both
def test_the_first_contact_ends_its_clock_on_the_day_on_which_it_truly_was() -> None:
    case = reached(case_at("town_handling", now=at("2026-02-26")), now=at("2026-02-28"), at=at("2026-02-28"))
    assert deadline_of(case, "first_contact").ended == date(2026, 2, 28)
    target = f"contact-{case.contacts.get().pk}"

    case = correct(case, f"{target}.at", "2026-02-27 10:00", by=TOWN)
    assert deadline_of(case, "first_contact").ended == date(2026, 2, 27)

    case = correct(case, f"{target}.reached", "否", by=TOWN)
    assert deadline_of(case, "first_contact").ended is None

    case = correct(case, f"{target}.reached", "是", by=TOWN)
    assert deadline_of(case, "first_contact").ended == date(2026, 2, 27)


def test_a_contact_of_the_hospital_that_was_the_patients_ends_the_clock_and_a_later_one_does_not() -> None:
    case = reached(case_at("town_handling"), side="hospital")
    assert deadline_of(case, "first_contact").ended is None
    case = correct(case, f"contact-{case.contacts.get().pk}.side", "患方", by=TOWN)
    assert deadline_of(case, "first_contact").ended == NOW.date()

    case = reached(case, now=at("2026-03-03"), at=at("2026-03-03"))
    before = len(read_marks(case))
    correct(case, f"contact-{case.contacts.first().pk}.at", "2026-03-03 08:00", by=TOWN, now=at("2026-03-03"))
    assert len(read_marks(case)) == before


@pytest.mark.parametrize(("value", "reason"), [
    ("2026-03-02 23:00", "联系时间不能晚于现在"), ("2026-03-03 09:00", "不能晚于今天"), ("2026-03-01 09:00", "不能早于案件接收日期"), ("昨天", "时间请写作"),
])  # fmt: skip
def test_a_contact_happened_after_the_receipt_and_before_now(value: str, reason: str) -> None:
    case = reached(case_at("town_handling"))
    with pytest.raises(Refused, match=reason):
        correct(case, f"contact-{case.contacts.get().pk}.at", value, by=TOWN)


def test_what_an_ending_was_built_on_keeps_its_evidence() -> None:
    case = case_at("town_handling")
    for _ in range(2):
        case = reached(case)
    case = take(case, "drop", TOWN, ground="guided_in_vain", note="多次引导仍不申请。")
    target = f"contact-{case.contacts.first().pk}"

    for field, value in (("reached", "否"), ("side", "医方"), ("at", "2026-03-02 08:00"), ("purpose", "其他")):
        with pytest.raises(Refused, match="请另行登记联系记录"):
            correct(case, f"{target}.{field}", value, by=TOWN)
    correct(case, f"{target}.content", "已说明途径。", by=TOWN)


# --- who ----------------------------------------------------------------------------------------------------------------


def test_a_town_corrects_what_it_recorded_itself_and_the_committee_whatever_was_recorded() -> None:
    case = case_at("town_handling")
    case = take(case, "add_paper", CLERK, kind="other", side="hospital", paper=paper("医调委登记的"))
    case = take(case, "add_paper", TOWN, kind="other", side="hospital", paper=paper("镇街登记的"))
    theirs, own = case.papers.order_by("pk")

    with pytest.raises(Refused, match="由登记该事项的单位或市医调委更正"):
        correct(case, f"paper-{theirs.pk}.page_count", "3", by=TOWN)
    case = correct(case, f"paper-{own.pk}.page_count", "3", by=TOWN)
    case = correct(case, f"paper-{own.pk}.page_count", "4", by=CLERK)
    assert fresh(case).papers.get(pk=own.pk).page_count == 4


def test_a_row_that_may_not_be_read_cannot_be_named() -> None:
    case = reached(case_at("town_handling"), by=CLERK)  # what the committee noted for itself
    target = f"contact-{case.contacts.get().pk}.content"

    assert "contact" not in names(TOWN, case)
    assert "contact" in names(CLERK, case)
    for by in (TOWN, "hotline_lin"):
        with pytest.raises(Refused, match="请选择本案中的一项"):
            correct(case, target, "改写", by=by)
    with pytest.raises(NotAllowed):
        correct(case, target, "改写", by="liaison_he")


def test_the_list_tells_a_town_of_nothing_that_it_may_not_read_or_correct() -> None:
    case = reached(reached(case_at("town_handling")), by=CLERK)
    shown = client(TOWN).get(f"/cases/{case.number}/correct/").content.decode()
    own, other = case.contacts.order_by("pk")

    assert f'value="contact-{own.pk}.content"' in shown
    assert f"contact-{other.pk}." not in shown
    assert '<optgroup label="联系记录">' in shown


def test_a_link_beside_a_row_leads_to_the_facts_of_that_row() -> None:
    case = reached(case_at("town_handling"))
    row = case.contacts.get()

    shown = client(TOWN).get(f"/cases/{case.number}/correct/", {"target": f"contact-{row.pk}"}).content.decode()

    assert f"contact-{row.pk}.at" in shown
    assert "case.summary" not in shown


def client(username: str) -> Client:
    found = Client()
    found.force_login(persona(username), "django.contrib.auth.backends.ModelBackend")
    return found


# --- services and declarations ----------------------------------------------------------------------------------------


def test_a_service_was_not_before_its_document_nor_after_today() -> None:
    case = served(case_at("under_review"), now=at("2026-03-04"))
    target = f"service-{case.services.get().pk}.on"

    case = correct(case, target, "2026-03-03", now=at("2026-03-05"))
    assert case.services.get().on == date(2026, 3, 3)
    with pytest.raises(Refused, match="不能早于"):
        correct(case, target, "2026-03-01", now=at("2026-03-05"))
    with pytest.raises(Refused, match="不能晚于今天"):
        correct(case, target, "2026-03-06", now=at("2026-03-05"))


def test_a_service_by_letter_has_its_proof() -> None:
    case = served(case_at("under_review"), paper=None)
    with pytest.raises(Refused, match="须附送达凭据"):
        correct(case, f"service-{case.services.get().pk}.means", "书面、邮寄")


def test_a_declaration_changes_its_day_and_never_what_was_answered() -> None:
    case = case_at("awaiting_assignment")
    row = case.routes.filter(route="court").get()

    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, f"route-{row.pk}.answer", "已经受理")
    with pytest.raises(Refused, match="请选择本案中的一项"):
        correct(case, f"route-{row.pk}.body", "示例法院")  # nobody has accepted it
    with pytest.raises(Refused, match="不能晚于受理日期"):
        correct(case, f"route-{row.pk}.on", "2026-03-03", now=at("2026-03-04"))
    assert fresh(case).other_route == ""


# --- papers -------------------------------------------------------------------------------------------------------------


def test_a_paper_entered_under_another_kind_confirms_the_application_that_waits_for_it() -> None:
    case = take(case_at("town_handling"), "apply_directly", CLERK, by_side="patient", form="oral")
    case = take(case, "add_paper", CLERK, kind="other", side="patient", paper=paper("口头申请记录"))
    row = case.papers.get()

    case = correct(case, f"paper-{row.pk}.kind", "调解申请书（或口头申请记录）")

    assert Application.objects.get(case=case).paper == row
    with pytest.raises(Refused, match="是“调解申请”的凭据"):
        correct(case, f"paper-{row.pk}.kind", "其他")


def test_what_acceptance_demanded_stays() -> None:
    case = case_at("awaiting_assignment")
    identity = case.papers.get(kind="identity")
    with pytest.raises(Refused, match="更正后必备材料将缺少"):
        correct(case, f"paper-{identity.pk}.kind", "病历")
    with pytest.raises(Refused, match="更正后必备材料将缺少"):
        correct(case, f"paper-{identity.pk}.side", "医方")


def test_a_sealed_dossier_keeps_the_kinds_that_its_digest_covers() -> None:
    case = take(case_at("closing"), "add_paper", TOWN, kind="other", side="hospital", paper=paper("说明"))
    case = take(case, "close", TOWN, retention="10", checks=["case_ended"])
    row = case.papers.get(title__isnull=False)
    with pytest.raises(Refused, match="卷宗已经封存"):
        correct(case, f"paper-{row.pk}.kind", "病历", by=TOWN)
    correct(case, f"paper-{row.pk}.page_count", "2", by=TOWN)


def test_whose_paper_it_is_follows_its_side() -> None:
    case = take(case_at("under_review"), "add_paper", CLERK, kind="records", side="patient", paper=paper("病历"))
    row = case.papers.get(kind="records")
    assert row.hospital_id is None

    case = correct(case, f"paper-{row.pk}.side", "医方")

    assert case.papers.get(pk=row.pk).hospital_id == case.respondents.get().hospital_id


def test_a_row_on_file_offers_its_correction_to_whoever_may_correct_it() -> None:
    case = reached(case_at("town_handling"))
    path, link = f"/cases/{case.number}/tab/contacts/", f"correct/?target=contact-{case.contacts.get().pk}"
    assert link in client(TOWN).get(path).content.decode()
    for by in ("supervisor_zhou", "hotline_lin"):
        assert "correct/?target=" not in client(by).get(path).content.decode()
    assert "correct/?target=" not in client(TOWN).get(f"/cases/{case.number}/print/").content.decode()
