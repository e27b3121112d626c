"""Every kind of paper that the product issues: its title, template, contents, number, copies, signatures, article.

The catalogue is the whole truth about a kind; who may issue it, and with which transition, is the lifecycle's.
"""

from dataclasses import dataclass
from types import MappingProxyType

from mediation.documents import contexts
from mediation.documents.contexts import PaperContext

IN_DOSSIER = "随卷宗保管"
WITH_ORDER = "随12345工单归档"


@dataclass(frozen=True)
class Copies:
    """How many copies are printed: so many for each party, and so many kept or sent on."""

    per_party: int
    kept: int

    def count(self, parties: int) -> int:
        """Copies in all, for a paper with this many parties."""
        return self.per_party * parties + self.kept


EACH_PARTY_AND_FILE = Copies(1, 1)
ADDRESSEE_AND_FILE = Copies(0, 2)
FILE_ONLY = Copies(0, 1)


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper. `series` is the word that sets its numbers apart (东医调受〔2026〕3号); None: not numbered."""

    key: str
    title: str
    context: type[PaperContext]
    article: str
    signed_by: tuple[str, ...]
    copies: Copies = ADDRESSEE_AND_FILE
    series: str | None = None
    sealed: bool = True
    retention: str = IN_DOSSIER

    @property
    def template(self) -> str:
        """Name of the template, below templates/documents."""
        return f"{self.key}.html"

    @property
    def is_numbered(self) -> bool:
        """Whether a number is given when the paper is issued."""
        return self.series is not None


KINDS = (
    PaperKind(
        "escalation_brief",
        "上报呈批表",
        contexts.EscalationBrief,
        "医疗纠纷分级处置：镇街属地管理、分级负责",
        ("镇街经办人", "镇街负责人"),
        series="报",
        sealed=False,
    ),
    PaperKind(
        "application_receipt",
        "申请收件回执",
        contexts.ApplicationReceipt,
        "《最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定》第十二条",
        ("收件人", "申请人"),
        series="收",
    ),
    PaperKind(
        "papers_request",
        "补正材料通知书",
        contexts.PapersRequest,
        "《医疗纠纷预防和处理条例》第三十一条第二款",
        (),
        series="补",
    ),
    PaperKind(
        "consent_request",
        "征求意见函",
        contexts.ConsentRequest,
        "《医疗纠纷预防和处理条例》第三十一条第一款",
        ("被征求意见方",),
        series="函",
    ),
    PaperKind(
        "acceptance_notice",
        "受理通知书",
        contexts.AcceptanceNotice,
        "《医疗纠纷预防和处理条例》第三十一条、第三十八条",
        (),
        copies=EACH_PARTY_AND_FILE,
        series="受",
    ),
    PaperKind(
        "rights_notice",
        "权利义务告知书",
        contexts.RightsNotice,
        "《中华人民共和国人民调解法》第二十三条、第二十四条",
        ("被告知人", "告知人"),
        sealed=False,
    ),
    PaperKind(
        "refusal_notice",
        "不予受理通知书",
        contexts.RefusalNotice,
        "《医疗纠纷预防和处理条例》第三十一条",
        (),
        series="不受",
    ),
    PaperKind(
        "routes_notice",
        "其他解决途径告知书",
        contexts.RoutesNotice,
        "《中华人民共和国人民调解法》第二十六条",
        ("被告知人",),
        series="告",
    ),
    PaperKind(
        "appraisal_entrustment",
        "鉴定委托书",
        contexts.AppraisalEntrustment,
        "《医疗纠纷预防和处理条例》第三十四条、第三十六条、第三十七条",
        ("患方", "医方", "调解员"),
        copies=Copies(1, 2),
        series="鉴",
    ),
    PaperKind(
        "meeting_invitation",
        "调解会通知书",
        contexts.MeetingInvitation,
        "《中华人民共和国人民调解法》第二十条、第二十三条",
        (),
        series="会",
    ),
    PaperKind(
        "mediation_agreement",
        "人民调解协议书",
        contexts.MediationAgreement,
        "《中华人民共和国人民调解法》第二十九条、《医疗纠纷预防和处理条例》第三十九条",
        ("当事人", "人民调解员", "记录人"),
        copies=EACH_PARTY_AND_FILE,
        series="",
    ),
    PaperKind(
        "settlement_agreement",
        "和解协议书",
        contexts.SettlementAgreement,
        "《医疗纠纷预防和处理条例》第三十条",
        ("当事人", "见证人"),
        copies=EACH_PARTY_AND_FILE,
        series="和",
        sealed=False,
    ),
    PaperKind(
        "confirmation_notice",
        "司法确认告知书",
        contexts.ConfirmationNotice,
        "《医疗纠纷预防和处理条例》第三十九条第二款、《中华人民共和国人民调解法》第三十三条",
        ("被告知人",),
        copies=EACH_PARTY_AND_FILE,
        series="确",
    ),
    PaperKind(
        "failure_notice",
        "调解终止告知书",
        contexts.FailureNotice,
        "《中华人民共和国人民调解法》第二十六条、《医疗纠纷预防和处理条例》第三十八条",
        ("被告知人",),
        copies=EACH_PARTY_AND_FILE,
        series="终告",
    ),
    PaperKind(
        "termination_notice",
        "终止通知书",
        contexts.TerminationNotice,
        "《医疗纠纷预防和处理条例》第三十一条第四款",
        (),
        copies=EACH_PARTY_AND_FILE,
        series="终",
    ),
    PaperKind(
        "caller_reply",
        "12345答复",
        contexts.CallerReply,
        "《广东省12345政务服务便民热线管理办法》",
        (),
        copies=FILE_ONLY,
        sealed=False,
        retention=WITH_ORDER,
    ),
    PaperKind(
        "investigation_record",
        "调查笔录",
        contexts.InvestigationRecord,
        "《中华人民共和国人民调解法》第二十七条",
        ("被调查人", "调查人", "记录人"),
        copies=FILE_ONLY,
        sealed=False,
    ),
    PaperKind(
        "meeting_record",
        "调解笔录",
        contexts.MeetingRecord,
        "《中华人民共和国人民调解法》第二十七条",
        ("当事人", "人民调解员", "记录人"),
        copies=FILE_ONLY,
    ),
    PaperKind(
        "follow_up_record",
        "回访记录",
        contexts.FollowUpRecord,
        "《中华人民共和国人民调解法》第三十一条",
        ("被回访人", "回访人"),
        copies=FILE_ONLY,
    ),
    PaperKind(
        "dossier_cover",
        "卷宗封面",
        contexts.DossierCover,
        "《中华人民共和国人民调解法》第二十七条",
        ("立卷人", "检查人"),
        copies=FILE_ONLY,
        sealed=False,
    ),
    PaperKind(
        "dossier_catalogue",
        "卷内目录",
        contexts.DossierCatalogue,
        "《中华人民共和国人民调解法》第二十七条",
        (),
        copies=FILE_ONLY,
        sealed=False,
    ),
    PaperKind(
        "dossier_back_cover",
        "卷宗封底",
        contexts.DossierBackCover,
        "《中华人民共和国人民调解法》第二十七条",
        ("立卷人", "检查人"),
        copies=FILE_ONLY,
        sealed=False,
    ),
)

CATALOGUE = MappingProxyType({kind.key: kind for kind in KINDS})


def kind_of(key: str) -> PaperKind:
    """The kind with this key. Raises KeyError for a kind that the product does not issue."""
    return CATALOGUE[key]
