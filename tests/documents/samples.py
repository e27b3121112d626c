"""Invented papers with real town names: one context for every kind of the catalogue."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from mediation.documents import contexts
from mediation.documents.contexts import PaperContext

SHANGHAI = ZoneInfo("Asia/Shanghai")
MADE_AT = datetime(2026, 4, 10, 9, 30, tzinfo=SHANGHAI)
UID = UUID("0197f3d2-5a70-7c11-9a3e-2b8c2f6c1d11")

COMMITTEE = contexts.Issuer(
    name="东莞市医疗争议专业人民调解委员会（示例）",
    seal_name="调解委员会印章",
    address="东莞市南城街道示例路8号3楼",
    phone="0769-0000 0000",
    hours="工作日8:30—12:00，14:30—17:30",
)
TOWN = contexts.Issuer(name="东莞市道滘镇医疗纠纷处置工作专班（示例）", seal_name="盖章", phone="0769-0000 1111")
CASE = "东医纠2026-000123"
MATTER = "患者陈示例在东莞市高埗示例医院住院诊疗产生的医疗纠纷"
CONTACT = {"contact_name": "黎示例", "contact_phone": "0769-0000 0001"}

PATIENT = contexts.Party(
    standing="申请人（患方）",
    name="陈示例",
    sex="女",
    nation="汉族",
    age=46,
    id_no="441900198001010000",
    occupation="企业职工",
    address="东莞市道滘镇示例村一巷3号",
    phone="138 0000 0000",
    agent="陈大文",
    agent_standing="申请人之子",
    agent_authority="代为陈述、协商、签署调解协议、代收款项",
)
HOSPITAL = contexts.Party(
    standing="被申请人（医方）",
    name="东莞市高埗示例医院",
    is_unit=True,
    unit_code="12441900MB2C00000X",
    representative="刘示例，院长",
    address="东莞市高埗镇示例大道66号",
    phone="0769-0000 2222",
    agent="周示例",
    agent_standing="医患关系办公室主任",
    agent_authority="代为陈述、协商、签署调解协议",
)
PAPERS = (
    contexts.Listed(name="身份证明、户口簿", quantity="各1份", note="复印件，核对原件"),
    contexts.Listed(name="授权委托书", quantity="1份", note="写明代理事项、权限和期限"),
    contexts.Listed(name="住院病历、检查检验报告", quantity="1套", note="向医疗机构申请复制并加盖印章"),
    contexts.Listed(name="医疗费用票据", quantity="全部", note="原件，核对后退回"),
)
FACTS = (
    "2026年1月12日，申请人因“右上腹反复疼痛三个月”到被申请人处住院，诊断为胆囊结石伴慢性胆囊炎，1月14日行腹腔镜胆囊切除术。"
    "术后第二日申请人出现腹痛、黄疸，1月18日经检查诊断为胆总管损伤，当日转至上级医院行胆肠吻合术，共住院31日，"
    "支出医疗费人民币捌万陆仟贰佰叁拾肆元伍角陆分（¥86,234.56）。\n"
    "申请人认为被申请人手术操作不当、术后观察不及时；被申请人认为胆管损伤属于手术并发症，已尽告知义务。"
)


def common(number: str = "", issuer: contexts.Issuer = COMMITTEE) -> dict[str, Any]:
    """The fields that every paper has."""
    return {"issuer": issuer, "case_number": CASE, "number": number, "issued_on": date(2026, 4, 10)}


def agreement(**changes: Any) -> contexts.MediationAgreement:
    """A complete 人民调解协议书 with two instalments."""
    values: dict[str, Any] = {
        **common("东医调〔2026〕12号"),
        "parties": (PATIENT, HOSPITAL),
        "facts": FACTS,
        "issues": "（一）诊疗行为是否存在过错；（二）过错与损害后果之间的因果关系和责任程度；（三）赔偿数额。",
        "responsibilities": (
            contexts.Responsibility(
                party="东莞市高埗示例医院",
                text="依据鉴定意见，诊疗行为存在过错，与损害后果之间存在因果关系，双方确认承担主要责任（比例70%）",
            ),
            contexts.Responsibility(party="陈示例", text="自身疾病和个体解剖因素占次要原因（比例30%）"),
        ),
        "terms": (
            "被申请人向申请人一次性赔偿医疗费、误工费、护理费、住院伙食补助费、残疾赔偿金、精神损害抚慰金等各项损失，数额见下",
            "被申请人负责申请人胆肠吻合术后两年内的复查，免收复查的挂号费和检查费",
            "申请人收到全部款项后，双方就本次纠纷的权利义务终结，不再以同一事实和理由主张权利",
        ),
        "total": Decimal("100500.00"),
        "hospital_amount": Decimal("20100.00"),
        "insurer_amount": Decimal("80400.00"),
        "insurer": "示例财产保险股份有限公司东莞分公司",
        "payee": "陈示例",
        "instalments": (
            contexts.Instalment(
                payer="东莞市高埗示例医院", amount=Decimal("20100.00"), due_on=date(2026, 4, 24), manner="银行转账"
            ),
            contexts.Instalment(
                payer="示例财产保险股份有限公司东莞分公司",
                amount=Decimal("80400.00"),
                due_on=date(2026, 5, 15),
                manner="银行转账",
            ),
        ),
        "manner": "银行转账至申请人陈示例在示例银行道滘支行的账户（尾号0000），申请人收款后三日内出具收条",
        "place": "东莞市道滘镇",
        "deadline": "2026年5月15日前分两期履行完毕",
        "mediators": ("林示例", "何示例"),
        "recorder": "梁示例",
        "accepted_on": date(2026, 3, 2),
        "signed_at_place": "东莞市南城街道",
    }
    return contexts.MediationAgreement(**{**values, **changes})


def brief(**changes: Any) -> contexts.EscalationBrief:
    """A 上报呈批表 of ordinary length."""
    values: dict[str, Any] = {
        **common("道医报〔2026〕7号", TOWN),
        "town": "道滘镇",
        "reported_on": date(2026, 2, 27),
        "order_numbers": ("260220101108115409", "260223154210008812"),
        "patient_name": "陈示例",
        "patient_contact": "陈大文（儿子）138 0000 0000",
        "hospital": "东莞市高埗示例医院",
        "department": "普通外科",
        "dispute_kind": "手术操作",
        "harm": "器官功能障碍",
        "occurred_on": date(2026, 1, 14),
        "claimed_amount": Decimal("380000.00"),
        "reasons": ("诉求金额超过10万元", "双方分歧较大，镇街调处未果", "涉及两个镇街"),
        "summary": "患者1月14日在高埗示例医院行腹腔镜胆囊切除术，术后发生胆总管损伤，转上级医院再次手术，住院31日。"
        "家属认为手术操作不当、观察不及时，要求赔偿38万元；医院认为属手术并发症，愿意协商医疗费用。",
        "work_done": "2月20日签收工单，当日联系家属；2月23日到医院了解情况；2月25日组织双方在镇综治中心协商一次，"
        "已告知协商、人民调解、行政调解、诉讼等途径，已引导双方封存病历并发放告知书。",
        "patient_attitude": "愿意接受市级调解，情绪总体稳定，不接受低于20万元的方案。",
        "hospital_attitude": "同意调解，希望先做医疗损害鉴定以明确责任。",
        "risk": "患方亲属约6人曾到医院门诊大厅聚集，已由派出所到场劝离；村委会安排专人联系，每日报告。",
        "request": "请市医调委接收，组织医疗损害鉴定并主持调解；请协调保险机构提前介入。",
        "attachments": ("12345工单2份", "联系记录3份", "病历复印件1套", "告知书回执1份"),
        "contact_name": "叶示例",
        "contact_phone": "0769-0000 1111",
        "transfers": 1,
    }
    return contexts.EscalationBrief(**{**values, **changes})


def say(*turns: tuple[str, str]) -> tuple[contexts.Utterance, ...]:
    """Turns of a written record."""
    return tuple(contexts.Utterance(speaker=speaker, text=text) for speaker, text in turns)


ROUTES = {
    "addressee": "陈示例",
    "respondent": "东莞市高埗示例医院",
    "matter": MATTER,
    "ended_on": date(2026, 4, 10),
    "application_received_on": date(2026, 2, 26),
    "bureau": "东莞市卫生健康局",
    "courts": ("东莞市第一人民法院", "东莞市第三人民法院"),
    "legal_aid": "12348公共法律服务热线",
}


def every_context() -> dict[str, PaperContext]:
    """Key of the catalogue → a complete context."""
    from tests.documents.more_samples import notices, records

    settlement = {name: getattr(agreement(), name) for name in agreement().__dataclass_fields__}
    for name in ("mediators", "recorder", "accepted_on", "of_town", "signatures"):
        settlement.pop(name)
    settlement.update(
        issuer=TOWN,
        number="道医和〔2026〕3号",
        total=Decimal("8600.00"),
        hospital_amount=Decimal("8600.00"),
        insurer_amount=None,
        instalments=(),
        effective_on=date(2026, 2, 25),
        witness_unit="道滘镇综治中心",
        witnesses=("叶示例",),
        deadline="2026年3月10日前一次付清",
    )
    return {
        "mediation_agreement": agreement(),
        "settlement_agreement": contexts.SettlementAgreement(**settlement),
        "escalation_brief": brief(),
        **notices(),
        **records(),
    }
