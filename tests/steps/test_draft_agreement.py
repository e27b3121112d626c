"""拟定协议: every mandatory content, sums that agree (人民调解法 29; R16, R18, R20, R29)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.cases.case import CaseHospital, DisputeCase
from mediation.organisations.models import Organisation
from mediation.settlement.models import Agreement, AgreementKind
from tests.factories import HOSPITAL, OTHER_HOSPITAL, PATIENT, RELATIVE, TODAY, case_at, organisation, paper, take
from tests.factories_mediation import terms, terms_of_several
from workflow.registry import Refused

pytestmark = pytest.mark.django_db
ONE, TWO = Decimal("1.00"), Decimal("2.00")


@pytest.fixture
def case() -> DisputeCase:
    return case_at("in_mediation")


def drafted(case: DisputeCase, **changes: Any) -> Agreement:
    return take(case, "draft_agreement", "mediator_sun", **terms(**changes)).agreements.get(superseded=False)


@pytest.mark.rule("R16")
def test_a_whole_draft_is_kept_with_its_instalments(case: DisputeCase) -> None:
    agreement = drafted(case)

    assert agreement.kind == AgreementKind.MEDIATION
    assert (agreement.drafted_on, agreement.effective_on) == (TODAY, None)
    assert [(row.number, row.payer, row.amount) for row in agreement.instalments.order_by("number")] == [
        (1, "hospital", Decimal("40000.00")), (2, "insurer", Decimal("60000.00"))
    ]  # fmt: skip


@pytest.mark.rule("R16")
@pytest.mark.parametrize("name", ["facts", "issues", "responsibility", "content", "place"])
def test_a_mandatory_content_that_is_blank_is_refused(case: DisputeCase, name: str) -> None:
    with pytest.raises(Refused, match="请填写.*人民调解法第29条") as refused:
        drafted(case, **{name: "  "})
    assert refused.value.field == name


@pytest.mark.rule("R16")
@pytest.mark.parametrize("name", ["facts", "manner", "perform_by", "total_amount"])
def test_a_mandatory_content_that_is_absent_is_refused(case: DisputeCase, name: str) -> None:
    typed = terms()
    del typed[name]

    with pytest.raises(Refused, match="协议内容不完整"):
        take(case, "draft_agreement", "mediator_sun", **typed)


@pytest.mark.rule("R16")
def test_manner_is_one_of_the_list_and_the_deadline_not_past(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="请选择履行方式"):
        drafted(case, manner="")
    with pytest.raises(Refused, match="履行期限不能早于"):
        drafted(case, perform_by=date(2026, 3, 1))


@pytest.mark.rule("R29")
def test_hospital_and_insurer_make_the_total_and_humanitarian_money_stands_beside_it(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="不等于协议金额 ¥100,000.01"):
        drafted(case, total_amount=Decimal("100000.01"))

    rows = [*terms()["instalments"], {"payer": "humanitarian", "amount": TWO, "due_on": TODAY}]
    agreement = drafted(case, humanitarian_amount=TWO, instalments=rows)
    assert (agreement.total_amount, agreement.humanitarian_amount) == (Decimal("100000.00"), TWO)


@pytest.mark.rule("R29")
def test_instalments_add_up_payer_by_payer(case: DisputeCase) -> None:
    swapped = [{"payer": "hospital", "amount": Decimal("60000.00"), "due_on": TODAY},
               {"payer": "insurer", "amount": Decimal("40000.00"), "due_on": TODAY}]  # fmt: skip

    with pytest.raises(Refused, match="医院各期合计 ¥60,000.00，与应付 ¥40,000.00 不一致") as refused:
        drafted(case, instalments=swapped)
    assert refused.value.field == "instalments"

    short = [{"payer": "hospital", "amount": Decimal("39999.99"), "due_on": TODAY},
             {"payer": "insurer", "amount": Decimal("60000.00"), "due_on": TODAY}]  # fmt: skip
    with pytest.raises(Refused, match="医院各期合计 ¥39,999.99，与应付 ¥40,000.00 不一致"):
        drafted(case, instalments=short)


def test_money_nobody_owes_is_not_paid_in_instalments(case: DisputeCase) -> None:
    with pytest.raises(Refused, match="人道补助各期合计 ¥1.00，与应付 ¥0.00 不一致"):
        drafted(case, instalments=[*terms()["instalments"], {"payer": "humanitarian", "amount": ONE, "due_on": TODAY}])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"amount": Decimal("0.00")}, "必须大于零"), ({"due_on": date(2026, 3, 1)}, "应付日期不能早于"),
     ({"due_on": date(2027, 1, 1)}, "晚于履行期限"), ({"payer": "patient"}, "付款方"), ({"amount": Decimal("0.001")}, "两位小数")],
)  # fmt: skip
def test_each_instalment_is_payable_by_somebody_in_time(
    case: DisputeCase, change: dict[str, Any], sentence: str
) -> None:
    rows = terms()["instalments"]

    with pytest.raises(Refused, match=sentence):
        drafted(case, instalments=[rows[0] | change, rows[1]])


def test_without_instalments_each_payer_pays_once_by_the_deadline(case: DisputeCase) -> None:
    rows = drafted(case, instalments=[]).instalments.order_by("number")

    assert [(row.payer, row.amount, row.due_on) for row in rows] == [
        ("hospital", Decimal("40000.00"), date(2026, 5, 1)), ("insurer", Decimal("60000.00"), date(2026, 5, 1))
    ]  # fmt: skip


def test_humanitarian_money_is_a_clause_of_its_own_beside_the_sum(case: DisputeCase) -> None:
    drafted(case, humanitarian_amount=TWO, instalments=[])

    says = case.documents.get(kind="mediation_agreement").says
    assert [(row["payer"], row["amount"]) for row in says["humanitarian"]] == [
        (organisation(HOSPITAL).paper_name, "2.00")
    ]
    assert (says["total"], len(says["instalments"])) == ("100000.00", 2)


@pytest.mark.rule("R29")
def test_of_several_hospitals_each_payment_names_its_own() -> None:
    case, (one, other) = case_of_two()

    with pytest.raises(Refused, match="逐笔写明由哪一家承担") as refused:
        drafted(case)
    assert refused.value.field == "instalments"
    with pytest.raises(Refused, match="逐笔写明由哪一家承担"):
        drafted(case, instalments=[])
    stranger = [row | {"hospital": organisation("X003")} for row in terms()["instalments"]]
    with pytest.raises(Refused, match="不是本案的医疗机构"):
        drafted(case, instalments=stranger)
    agreement = drafted(case, **terms_of_several([one, other]))
    assert [row.hospital for row in agreement.instalments.order_by("number")] == [one, other]


@pytest.mark.rule("R29")
def test_the_paper_says_which_of_several_hospitals_owes_what() -> None:
    case, (one, other) = case_of_two()
    drafted(case, **terms_of_several([one, other]))

    says = case.documents.get(kind="mediation_agreement").says
    assert [row["payer"] for row in says["instalments"]] == [one.paper_name, f"{other.paper_name}的承保保险公司"]
    assert says["shares"] == [
        {"hospital": one.paper_name, "own": "40000.00", "insured": "0.00"},
        {"hospital": other.paper_name, "own": "0.00", "insured": "60000.00"},
    ]


def case_of_two() -> tuple[DisputeCase, list[Organisation]]:
    """In mediation with two hospitals."""
    case, other = case_at("in_mediation"), organisation(OTHER_HOSPITAL)
    CaseHospital(case=case, hospital=other).save(force_insert=True)
    take(case, "record_consent", "mediator_sun", side="hospital", hospital=other, means="letter", paper=paper("同意函"))
    return DisputeCase.objects.get(pk=case.pk), [organisation(HOSPITAL), other]


def test_an_agreement_need_not_be_about_money(case: DisputeCase) -> None:
    nothing = Decimal("0.00")

    agreement = drafted(case, total_amount=nothing, hospital_amount=nothing, insurer_amount=nothing, instalments=[],
                        other_obligations="医院书面致歉。")  # fmt: skip
    assert not agreement.instalments.exists()


@pytest.mark.parametrize("amount", [Decimal("-1.00"), Decimal("1.005")])
def test_an_amount_that_cannot_be_written_in_capitals_is_refused(case: DisputeCase, amount: Decimal) -> None:
    with pytest.raises(Refused, match="协议金额：金额") as refused:
        drafted(case, total_amount=amount)
    assert refused.value.field == "total_amount"


@pytest.mark.rule("R18")
def test_a_copy_for_every_party_and_one_for_the_file() -> None:
    one, two = case_at("in_mediation"), case_at("in_mediation", people=(PATIENT, RELATIVE))

    assert [drafted(case).copies for case in (one, two)] == [3, 4]


@pytest.mark.rule("R20")
def test_there_is_no_oral_agreement() -> None:
    assert not any("口头" in label for label in AgreementKind.labels)
