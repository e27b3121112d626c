"""结案: by whom, when the dossier is complete, and for how long it is kept (人民调解法 27; R32)."""

from __future__ import annotations

from datetime import date

import pytest

from mediation.cases.case import DisputeCase
from tests.factories import TODAY, at, case_at, fresh, move, take
from tests.factories_mediation import failed, visited
from workflow.registry import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> DisputeCase:
    """Settled, performed, visited, submitted."""
    return take(visited(), "submit_dossier", "mediator_sun", items={})


@pytest.mark.rule("R32")
def test_the_director_closes_what_the_committee_accepted(case: DisputeCase) -> None:
    for other in ("clerk_chen", "mediator_sun", "town_wang", "hotline_lin"):
        with pytest.raises(NotAllowed):
            take(case, "close", other, retention="30")

    case = take(case, "close", "director_xu", retention="30", checks=["case_ended", "matter_ended"])

    assert (case.state, case.closed_on, case.retention, case.outcome) == ("closed", TODAY, "30", "settled")
    assert not case.tasks.filter(finished__isnull=True).exists()
    assert set(case.documents.values_list("kind", flat=True)) >= {
        "dossier_cover", "dossier_catalogue", "dossier_back_cover",
    }  # fmt: skip


def test_the_town_closes_what_never_reached_the_committee() -> None:
    case = case_at("closing")
    with pytest.raises(NotAllowed):
        take(case, "close", "hotline_lin", retention="10")

    assert take(case, "close", "town_wang", retention="10").state == "closed"


@pytest.mark.rule("R32")
def test_the_mediator_submits_first() -> None:
    with pytest.raises(Refused, match="尚未提交卷宗"):
        take(visited(), "close", "director_xu", retention="30")


@pytest.mark.rule("R32")
def test_what_the_dossier_lacks_blocks_and_is_named() -> None:
    case = failed(start="investigating")
    DisputeCase.objects.filter(pk=case.pk).update(dossier_submitted_on=TODAY)

    with pytest.raises(Refused, match="卷宗尚缺：权利义务告知书、调解笔录"):
        take(case, "close", "director_xu", retention="30")


def test_less_than_proposed_needs_a_reason_and_more_does_not(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="短于建议（30年）的理由"):
        take(case, "close", "director_xu", retention="10")

    assert take(case, "close", "director_xu", retention="permanent").retention == "permanent"


def test_the_reason_for_less_is_sealed(case: DisputeCase) -> None:
    done = move(case, "close", "director_xu", retention="10", retention_reason="双方书面要求尽早销毁。")

    assert (done.data["retention"], done.data["proposed"]) == ("10", "30")
    assert "销毁" not in str(done.data)


def test_the_manifest_is_one_digest_that_changes_with_the_dossier(case: DisputeCase) -> None:
    from mediation.settlement.dossier import manifest_digest

    before = manifest_digest(case)
    paper = case.papers.first()
    paper.sha256 = "0" * 64
    paper.save()

    after = manifest_digest(case)
    assert (len(before), before == after) == (64, False)
    assert move(case, "close", "director_xu", retention="30").data["manifest"] == after


def test_a_document_on_its_way_to_paper_does_not_change_the_manifest(case: DisputeCase) -> None:
    from mediation.documents.issuing import put_to_paper
    from mediation.settlement.dossier import manifest_digest

    waiting, before = case.documents.filter(state="draft").first(), manifest_digest(case)

    put_to_paper(waiting, at("2026-03-05"))

    assert fresh(case).documents.get(pk=waiting.pk).state == "issued"
    assert manifest_digest(case) == before


def test_not_before_the_dossier_was_submitted() -> None:
    case = take(visited(), "submit_dossier", "mediator_sun", now=at("2026-03-04"), items={})

    with pytest.raises(Refused, match="不能早于卷宗提交日期 2026-03-04"):
        take(case, "close", "director_xu", now=at("2026-03-04"), happened_on=date(2026, 3, 3), retention="30")


def test_only_the_three_questions_are_answered(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="案结、事了、人和"):
        take(case, "close", "director_xu", retention="30", checks=["happy"])


def test_after_closing_nothing_moves(case: DisputeCase) -> None:
    case = take(case, "close", "director_xu", retention="30")

    with pytest.raises(Refused, match="案件现为“已结案”"):
        take(case, "close", "director_xu", retention="30")


def test_a_draft_that_was_never_signed_does_not_stay_on_file_as_an_agreement() -> None:
    case = take(failed(start="agreement_drafted"), "submit_dossier", "mediator_sun", items={})

    case = take(case, "close", "director_xu", retention="10")

    assert case.agreements.get().superseded
    assert case.documents.get(kind="mediation_agreement").state == "void"
