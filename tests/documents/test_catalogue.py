"""Every kind of paper renders, says what the law wants it to say, and refuses to be issued incomplete."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from bench.papers import contents
from mediation.documents import contexts, rendering
from mediation.documents.catalogue import ADDRESSEE_AND_FILE, CATALOGUE, EACH_PARTY_AND_FILE, kind_of
from mediation.documents.contexts import PaperIncomplete
from mediation.documents.drafting import DRAFTERS
from mediation.documents.one_page import NOTICE, fit, share, split
from mediation.documents.rendering import Rendered
from mediation.lines import lines
from tests.documents import samples
from tests.documents.reading import pages_of, text_of
from workflow.lifecycle import STEPS


def refused(key: str, context: contexts.PaperContext) -> list[str]:
    with pytest.raises(PaperIncomplete) as refusal:
        rendering.page(kind_of(key), context, made_at=samples.MADE_AT)
    return refusal.value.labels


def test_every_kind_has_a_sample_and_a_template_of_its_own() -> None:
    assert samples.every_context().keys() == CATALOGUE.keys()
    assert len({kind.template for kind in CATALOGUE.values()}) == len(CATALOGUE) == 22


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_title_and_the_issuer_are_printed(papers: dict[str, Rendered], key: str) -> None:
    text = text_of(papers[key].pdf)

    title = "调解卷宗" if key == "dossier_cover" else CATALOGUE[key].title
    assert title in text
    assert samples.every_context()[key].issuer.name in text


@pytest.mark.parametrize("key", [kind.key for kind in CATALOGUE.values() if kind.is_numbered])
def test_a_numbered_paper_prints_its_number_and_is_not_issued_without(papers: dict[str, Rendered], key: str) -> None:
    context = samples.every_context()[key]

    assert context.number in text_of(papers[key].pdf)
    assert refused(key, replace(context, number="")) == ["文书编号"]


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_mandatory_field_is_missed_by_its_chinese_label(key: str) -> None:
    context = samples.every_context()[key]
    mandatory = [item for item in fields(context) if item.metadata["mandatory"]]

    for item in mandatory:
        empty = () if isinstance(getattr(context, item.name), tuple) else None
        assert item.metadata["label"] in replace(context, **{item.name: empty}).missing()


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_paper_of_another_kind_is_not_printed_on_this_form(key: str) -> None:
    other = samples.brief() if key != "escalation_brief" else samples.agreement()

    with pytest.raises(TypeError):
        rendering.page(kind_of(key), other, made_at=samples.MADE_AT)


def test_the_words_of_the_series_differ_so_that_no_two_kinds_share_a_number() -> None:
    words = [kind.series for kind in CATALOGUE.values() if kind.is_numbered]

    assert len(words) == len(set(words))
    assert kind_of("mediation_agreement").series == ""


def test_copies_are_one_for_each_party_and_one_for_the_file() -> None:
    assert EACH_PARTY_AND_FILE.count(parties=3) == 4
    assert ADDRESSEE_AND_FILE.count(parties=3) == 2
    assert samples.agreement().copies == 3


@pytest.mark.rule("R16")
def test_an_agreement_says_everything_that_the_law_wants(papers: dict[str, Rendered]) -> None:
    text = text_of(papers["mediation_agreement"].pdf)

    for part in (
        "纠纷主要事实",
        "争议事项",
        "各方责任",
        "履行方式",
        "履行地点",
        "履行期限",
        "陈示例",
        "东莞市高埗示例医院",
    ):
        assert part in text
    assert "人民币壹拾万零伍佰元整（¥100,500.00）" in text
    assert "本协议一式三份" in text
    assert "签名、盖章或按指印" in text
    assert "（调解委员会印章）" in text
    assert "第二十九条" in text
    assert "第三十九条" in text


@pytest.mark.rule("R16")
@pytest.mark.parametrize("field", ["facts", "issues", "responsibilities", "terms", "manner", "place", "deadline"])
def test_an_agreement_without_a_mandatory_content_is_refused(field: str) -> None:
    empty = () if field in ("responsibilities", "terms") else ""

    assert len(refused("mediation_agreement", samples.agreement(**{field: empty}))) == 1


def test_an_agreement_needs_two_parties() -> None:
    assert refused("mediation_agreement", samples.agreement(parties=(samples.PATIENT,))) == ["至少两方当事人"]


@pytest.mark.rule("R29")
def test_an_agreement_whose_sums_disagree_is_refused() -> None:
    shares = samples.agreement(insurer_amount=Decimal("80000.00"))
    parts = samples.agreement(instalments=samples.agreement().instalments[:1])

    assert refused("mediation_agreement", shares) == ["与协议金额一致的承担份额合计"]
    assert refused("mediation_agreement", parts) == ["与协议金额一致的分期合计"]


def test_an_insurer_who_pays_nothing_is_not_named_as_a_payer() -> None:
    alone = samples.agreement(hospital_amount=Decimal("100500.00"), insurer_amount=Decimal("0.00"))

    assert "依保险合同承担" in agreement_page(samples.agreement())
    assert "依保险合同承担" not in agreement_page(alone)


@pytest.mark.rule("R29")
def test_the_shares_of_several_hospitals_make_the_total_and_stand_on_the_paper() -> None:
    shares = (
        contexts.HospitalShare(hospital="东莞市高埗示例医院", own=Decimal("20100.00"), insured=Decimal("40400.00")),
        contexts.HospitalShare(hospital="东莞市道滘示例医院", own=Decimal("40000.00")),
    )
    text = agreement_page(samples.agreement(shares=shares))

    assert "东莞市高埗示例医院承担人民币陆万零伍佰元整（¥60,500.00）" in text
    assert "由其保险机构依保险合同支付人民币肆万零肆佰元整（¥40,400.00）；东莞市道滘示例医院承担人民币肆万元整" in text
    assert refused("mediation_agreement", samples.agreement(shares=shares[:1])) == [
        "与协议金额一致的各医疗机构份额合计"
    ]


def test_humanitarian_aid_is_a_clause_of_its_own_and_no_part_of_the_sum() -> None:
    aid = (contexts.Instalment(payer="东莞市高埗示例医院", amount=Decimal("5000.00"), due_on=date(2026, 5, 15)),)
    alone = samples.agreement(total=None, hospital_amount=None, insurer_amount=None, instalments=(), humanitarian=aid)

    text = agreement_page(samples.agreement(humanitarian=aid))

    assert "人道补助（不计入协议金额）：人民币伍仟元整（¥5,000.00）" in text
    assert "由东莞市高埗示例医院于2026年5月15日前支付。" in text
    assert "协议金额：人民币壹拾万零伍佰元整（¥100,500.00）" in text
    assert "人道补助：人民币伍仟元整" in agreement_page(alone)
    assert refused("mediation_agreement", replace(alone, payee="")) == ["收款人"]


def test_the_text_in_force_says_who_signed_when_and_leaves_no_line_to_sign() -> None:
    marks = (contexts.Signature(who="陈示例", how="签名、盖章或按指印（由陈大文代签）", on=date(2026, 4, 15)),)
    text = agreement_page(samples.agreement(effective_on=date(2026, 4, 15), signatures=marks))

    assert "由陈大文代签" in text
    assert "见签署文本原件" in text
    assert '生效日期：<span class="date">2026年4月15日' in text
    assert 'class="pen"' not in text
    assert "见签署文本原件" not in agreement_page(samples.agreement())


def test_an_ordinary_agreement_with_two_instalments_takes_two_pages_and_is_signed_on_the_second() -> None:
    paper = rendering.render("mediation_agreement", contents(), made_at=samples.MADE_AT, uid=samples.UID)

    first, second = pages_of(paper.pdf)
    assert "纠纷主要事实" in first
    assert "协议的效力" in second
    assert "人民调解员：" in second
    assert "生效日期" in second


def agreement_page(context: contexts.MediationAgreement) -> str:
    """The agreement before it becomes a PDF."""
    return rendering.page(kind_of("mediation_agreement"), context, made_at=samples.MADE_AT)


def test_an_agreement_without_money_names_no_sum() -> None:
    context = samples.agreement(total=None, hospital_amount=None, insurer_amount=None, payee="", instalments=())

    assert "协议金额" not in rendering.page(kind_of("mediation_agreement"), context, made_at=samples.MADE_AT)


def test_the_effective_date_is_what_was_recorded_and_blank_before() -> None:
    signed = samples.agreement(effective_on=date(2026, 4, 15))

    assert "2026年4月15日" in agreement_page(signed)
    assert "2026年4月15日" not in agreement_page(samples.agreement())


def test_a_draft_may_be_incomplete_and_says_on_each_page_that_it_has_no_effect() -> None:
    context = samples.agreement(number="", facts=samples.FACTS, place="", is_draft=True)

    paper = rendering.render("mediation_agreement", context, made_at=samples.MADE_AT, uid=samples.UID)

    assert all("草稿（征求意见）" in page and "不生效" in page for page in pages_of(paper.pdf))


def test_a_settlement_between_the_parties_is_never_called_a_mediation_agreement(papers: dict[str, Rendered]) -> None:
    text = text_of(papers["settlement_agreement"].pdf)

    assert "本协议不是人民调解协议" in text
    assert "印章" not in text
    assert "司法确认" not in text


def test_a_public_answer_has_no_place_for_internal_notes() -> None:
    names = {item.name for item in fields(contexts.CallerReply)}

    assert not names & {"handling", "internal", "note", "opinion"}


@pytest.mark.rule("R31")
def test_a_receipt_gives_the_day_and_the_interruption_of_the_limitation(papers: dict[str, Rendered]) -> None:
    text = text_of(papers["application_receipt"].pdf)

    assert "收到日期2026年2月26日（星期四）" in text
    assert "诉讼时效从提出请求之日起中断" in text


def test_an_ordinary_brief_is_one_page(papers: dict[str, Rendered]) -> None:
    assert papers["escalation_brief"].pages == 1


def test_a_long_brief_keeps_the_form_on_one_page_and_goes_on_on_a_continuation() -> None:
    long = "双方对责任比例分歧较大，镇街已组织协商，未能达成一致意见（2026-02-25）。" * 30
    fields_of_text = ("summary", "work_done", "patient_attitude", "hospital_attitude", "risk", "request")
    context = samples.brief(**dict.fromkeys(fields_of_text, long), attachments=("病历复印件一套",) * 30)

    pages = pages_of(rendering.render("escalation_brief", context, made_at=samples.MADE_AT, uid=samples.UID).pdf)

    assert "上报镇街" in pages[0]
    assert "经办人（签名）" in pages[0]
    assert "上报呈批表（续页）" in pages[1]
    assert "上接首页" in pages[1]
    assert "".join(pages).count("未能达成一致意见") >= 6 * 30 - 6  # nothing is lost between the pages


def test_a_cut_text_is_whole_when_put_together_again() -> None:
    text = "患者家属反映情况，" * 40

    shown, rest = split(text, 20, 5)

    assert shown.endswith(NOTICE)
    assert lines(shown, 20) <= 6
    assert shown.removesuffix(NOTICE) + rest == text
    assert rest[0] not in "，。"


def test_short_texts_leave_their_lines_to_long_ones() -> None:
    assert share([1, 10, 2], 8) == [1, 5, 2]
    assert share([1, 1], 8) == [1, 1]
    assert [cell.rest for cell in fit([("甲", "短"), ("乙", "长" * 60)], 20, 6)] == ["", ""]


def test_a_long_table_repeats_its_heads_on_every_page() -> None:
    many = tuple(contexts.DossierItem(title=f"第{number}份证据材料") for number in range(1, 80))
    context = replace(samples.every_context()["dossier_catalogue"], items=many)  # type: ignore[call-arg]

    paper = rendering.render("dossier_catalogue", context, made_at=samples.MADE_AT, uid=samples.UID)

    assert paper.pages > 1
    assert all("文书名称" in page for page in pages_of(paper.pdf))


def test_every_kind_is_brought_by_a_step_and_has_its_drafter() -> None:
    brought = {key for step in STEPS.values() for key in step.papers}

    assert set(DRAFTERS) == brought == CATALOGUE.keys()
