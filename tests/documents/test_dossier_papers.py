"""Cover, contents and back cover: what a reader of the folder relies on (人民调解法 27; the published form set)."""

from __future__ import annotations

from typing import Any

import pytest

from mediation.cases.case import DisputeCase
from mediation.cases.codes import PaperKind
from mediation.documents.catalogue import CATALOGUE
from mediation.settlement.dossier import HEARD, ITEMS, ORDER, checklist
from tests.factories import at, take
from tests.factories_mediation import failed, visited

pytestmark = pytest.mark.django_db
BINDING = {"dossier_cover", "dossier_catalogue", "dossier_back_cover"}
SHOWN = {"standing": "present", "pages": "11-14"}


def closed(case: DisputeCase, **items: Any) -> dict[str, Any]:
    """What the three papers of the closed case say, by kind."""
    case = take(case, "submit_dossier", "mediator_sun", items=items)
    case = take(case, "close", "director_xu", retention="permanent")
    return {one.kind: one.says for one in case.documents.filter(kind__in=BINDING)}


def test_every_kind_has_its_one_place_in_the_folder() -> None:
    placed = [kind for kinds in ORDER.values() for kind in kinds]

    assert sorted(placed) == sorted({*PaperKind.values, HEARD, *CATALOGUE} - BINDING)
    assert list(ORDER) == [item.key for item in ITEMS][:-1]


def test_the_contents_follow_the_published_order_and_not_the_days() -> None:
    lines = [line["title"] for line in closed(visited())["dossier_catalogue"]["items"]]

    published = [
        "调解申请书", "申请收件回执", "互斥声明", "权利义务告知书", "身份证", "调解笔录", "人民调解协议书（签署文本）", "转账凭证", "回访记录",
        "司法确认告知书", "受理审批表", "封底",
    ]  # fmt: skip
    assert [line for line in dict.fromkeys(lines) if line in published] == published


def test_the_page_numbers_run_on_through_papers_and_documents() -> None:
    case = visited()
    case.documents.update(page_count=2)
    case.papers.filter(kind="identity").update(page_count=4)

    said = closed(case)

    pages = {line["title"]: line["pages"] for line in said["dossier_catalogue"]["items"]}
    assert (pages["调解申请书"], pages["申请收件回执"], pages["互斥声明"]) == ("1", "2-3", "4")
    first, last = (int(number) for number in pages["身份证"].split("-"))
    assert last - first == 3
    assert said["dossier_cover"]["pages"] == said["dossier_back_cover"]["pages"] == int(pages["受理审批表"])


def test_behind_a_paper_that_nobody_has_counted_the_numbers_stay_open() -> None:
    case = visited()
    case.documents.update(page_count=2)
    case.papers.filter(kind="routes").update(page_count=None)

    said = closed(case)

    pages = [line["pages"] for line in said["dossier_catalogue"]["items"]]
    assert pages[:3] == ["1", "2-3", ""]
    assert not any(pages[3:])
    assert said["dossier_cover"]["pages"] is None


def test_what_the_mediator_found_in_the_folder_goes_before_any_count() -> None:
    case = visited()
    case.documents.update(page_count=2)

    said = closed(case, identity=SHOWN)["dossier_catalogue"]["items"]

    titles = [line["title"] for line in said]
    at = titles.index("身份证")
    assert (said[at]["pages"], said[at + 1]["pages"][:2]) == ("11-14", "15")


def test_the_papers_of_an_item_share_out_its_pages_where_their_counts_add_up() -> None:
    case = visited()
    case.documents.filter(kind="rights_notice").update(page_count=2)

    said = closed(case, rights={"standing": "present", "pages": "21-26"})["dossier_catalogue"]["items"]

    assert [line["pages"] for line in said if line["title"] == "权利义务告知书"] == ["21-22", "23-24", "25", "26"]


def test_where_they_do_not_each_lies_somewhere_in_the_pages_of_its_item() -> None:
    said = closed(visited(), rights={"standing": "present", "pages": "21-26"})["dossier_catalogue"]["items"]

    assert {line["pages"] for line in said if line["title"] == "权利义务告知书"} == {"21-26"}


def test_what_the_folder_lacks_is_said_in_the_contents_and_why_on_the_back_cover() -> None:
    reason = "一方始终未到会。"
    said = closed(
        failed(start="investigating"), rights={"standing": "present", "pages": "3-4"}, meeting={"standing": "explained", "reason": reason}
    )  # fmt: skip

    notes = {line["title"]: line["note"] for line in said["dossier_catalogue"]["items"]}
    assert notes["调解笔录"] == "缺，见封底说明"
    assert said["dossier_back_cover"]["remarks"] == [f"缺调解笔录：{reason}"]


def test_the_mediator_put_the_folder_together_and_the_director_looked_through_it() -> None:
    said = closed(visited())["dossier_cover"]

    assert (said["filed_by"], said["checked_by"]) == ("孙示例", "徐示例")


def test_mediation_ended_when_the_agreement_took_effect_and_not_when_the_folder_was_closed() -> None:
    case = take(visited(), "submit_dossier", "mediator_sun", items={})
    case = take(case, "close", "director_xu", now=at("2026-03-06"), retention="permanent")

    cover = case.documents.get(kind="dossier_cover").says
    assert (cover["ended_on"], cover["issued_on"]) == ("2026-03-02", "2026-03-06")


def test_the_back_cover_is_on_file_only_once_it_was_made() -> None:
    case = visited()
    assert checklist(case)[-1].found == "结案时随封面、目录一并生成"

    closed(case)

    assert checklist(DisputeCase.objects.get(pk=case.pk))[-1].found == "文书 1 份"
