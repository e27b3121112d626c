"""Contexts of the notices, letters and receipts."""

# ruff: noqa: RUF009  # must() and may() are dataclasses.field()

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mediation.documents.contexts.base import PaperContext, may, must
from mediation.documents.contexts.parts import Listed, Share
from mediation.documents.one_page import Fitted, fit
from mediation.lines import BRIEF_COLUMNS, BRIEF_LINES, wrapped


@dataclass(frozen=True, kw_only=True)
class EscalationBrief(PaperContext):
    """上报呈批表: one page with which a town asks the city for help (R27)."""

    town: str = must("上报镇街")
    reported_on: date = must("上报日期")
    order_numbers: tuple[str, ...] = may("12345工单号", ())
    patient_name: str = must("患者")
    patient_contact: str = may("患方联系人及电话")
    hospital: str = must("医疗机构")
    department: str = may("科室")
    dispute_kind: str = may("纠纷类型")
    harm: str = may("损害后果")
    occurred_on: date | None = may("发生日期", None)
    claimed_amount: Decimal | None = may("诉求金额", None)
    reasons: tuple[str, ...] = must("上报理由")
    summary: str = must("纠纷概况")
    work_done: str = must("已做工作")
    patient_attitude: str = must("患方态度")
    hospital_attitude: str = must("医方态度")
    risk: str = must("风险与稳控措施")
    request: str = must("需市级解决的事项")
    attachments: tuple[str, ...] = may("附件", ())
    contact_name: str = must("镇街联系人")
    contact_phone: str = must("联系电话")
    transfers: int = may("流转次数", 0)
    by_time: bool = may("是否超期自动上报", False)

    @property
    def cells(self) -> list[Fitted]:
        """The long texts, cut to what one page holds; what is cut off goes to the 续页."""
        texts = [
            ("12345工单", "、".join(self.order_numbers) or "—"),
            ("上报理由", "；".join(self.reasons)),
            ("纠纷概况", self.summary),
            ("已做工作", self.work_done),
            ("双方态度", f"患方：{self.patient_attitude}\n医方：{self.hospital_attitude}"),
            ("风险稳控", self.risk),
            ("解决事项", self.request),
            ("附件", "、".join(self.attachments) or "无"),
        ]
        return fit(texts, BRIEF_COLUMNS, BRIEF_LINES - self._wrapped())

    def _wrapped(self) -> int:
        """Lines that the short fields take beyond one a row."""
        rows = (
            (self.patient_name, self.patient_contact),
            (f"{self.hospital}　{self.department}", ""),
            (f"{self.dispute_kind}　后果：{self.harm}", ""),
            (self.contact_name, self.contact_phone),
        )
        return sum(wrapped(*row) for row in rows)

    @property
    def continued(self) -> list[Fitted]:
        """The cells that go on on the 续页."""
        return [cell for cell in self.cells if cell.rest]


@dataclass(frozen=True, kw_only=True)
class AcceptanceNotice(PaperContext):
    """受理通知书 (条例 31, 38)."""

    addressee: str = must("送达人")
    applicant: str = must("申请人")
    respondent: str = may("同意调解的另一方")
    matter: str = must("纠纷事项")
    applied_on: date = must("申请日期")
    accepted_on: date = must("受理日期")
    due_on: date = must("调解期限届满日")
    due_is_provisional: bool = may("届满日暂定", False)
    mediators: tuple[str, ...] = may("调解员", ())
    papers: tuple[Listed, ...] = may("需提交的材料", ())
    papers_due_on: date | None = may("材料提交期限", None)
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class RightsNotice(PaperContext):
    """权利义务告知书 (人民调解法 23, 24; R06): signed by one side before the first meeting."""

    party: str = must("被告知人")
    standing: str = must("地位")
    respondent: str = must("另一方")
    mediators: tuple[str, ...] = may("调解员", ())


@dataclass(frozen=True, kw_only=True)
class RefusalNotice(PaperContext):
    """不予受理通知书: a written reason with its article (R05)."""

    addressee: str = must("送达人")
    applied_on: date = must("申请日期")
    respondent: str = must("另一方")
    matter: str = must("申请事项")
    reason: str = must("不予受理理由")
    article: str = must("依据")
    bureau: str = may("卫生健康主管部门", "卫生健康主管部门")


@dataclass(frozen=True, kw_only=True)
class ConsentRequest(PaperContext):
    """征求意见函: asks the other side whether it agrees to mediation (条例 31¶1)."""

    addressee: str = must("被征求意见方")
    applicant: str = must("申请人")
    applied_on: date = must("申请日期")
    matter: str = must("争议事项")
    request: str = must("调解请求")
    attempt: int = may("第几次征求意见", 1)
    reply_by: date = must("答复期限")
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class PapersRequest(PaperContext):
    """补正材料通知书."""

    addressee: str = must("送达人")
    applied_on: date | None = may("申请日期", None)
    matter: str = must("纠纷事项")
    papers: tuple[Listed, ...] = must("需补正的材料")
    due_on: date = must("补正期限")
    working_days: int = must("补正工作日数")
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class RoutesNotice(PaperContext):
    """其他解决途径告知书 (人民调解法 26): mediation did not begin or is over; what a party can still do."""

    addressee: str = must("送达人")
    respondent: str = must("另一方")
    matter: str = must("纠纷事项")
    reason: str = must("原因")
    ended_on: date = must("结束日期")
    ended: str = may("如何结束")
    remedy: str = may("协议的履行")
    application_received_on: date | None = may("申请收到日期", None)
    bureau: str = may("卫生健康主管部门", "卫生健康主管部门")
    courts: tuple[str, ...] = may("可以起诉的法院", ())
    legal_aid: str = may("法律援助联系方式", "12348公共法律服务热线")


@dataclass(frozen=True, kw_only=True)
class FailureNotice(RoutesNotice):
    """调解终止告知书（调解不成）, by refusal, disagreement, lost contact, or expiry (人民调解法 26, 条例 38)."""

    accepted_on: date = must("受理日期")
    article: str = must("依据")


@dataclass(frozen=True, kw_only=True)
class TerminationNotice(PaperContext):
    """终止通知书: court or health bureau has accepted the same dispute (条例 31¶4; R03)."""

    addressee: str = must("送达人")
    respondent: str = must("另一方")
    matter: str = must("纠纷事项")
    accepted_on: date = must("受理日期")
    authority: str = must("已受理的机关")
    authority_case_number: str = may("该机关案号")
    authority_accepted_on: date = must("该机关受理日期")
    ended_on: date = must("终止日期")
    reason: str = may("说明")


@dataclass(frozen=True, kw_only=True)
class AppraisalEntrustment(PaperContext):
    """鉴定委托书 (条例 34, 36, 37; R12)."""

    institution: str = must("鉴定机构")
    is_joint: bool = must("双方共同委托")
    patient: str = must("患方")
    patient_name: str = must("患者")
    patient_sex: str = may("患者性别")
    patient_age: int | None = may("患者年龄", None)
    hospitals: tuple[str, ...] = must("医疗机构")
    summary: str = must("基本案情")
    questions: tuple[str, ...] = must("鉴定事项")
    materials: tuple[Listed, ...] = may("鉴定材料", ())
    shares: tuple[Share, ...] = may("鉴定费预付", ())
    consents: tuple[str, ...] = must("双方同意的记录")
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class MeetingInvitation(PaperContext):
    """调解会通知书."""

    addressee: str = must("被邀请人")
    matter: str = must("纠纷事项")
    starts_at: datetime = must("时间")
    place: str = must("地点")
    mediators: tuple[str, ...] = must("调解员")
    recorder: str = may("记录人")
    agenda: tuple[str, ...] = may("议程", ())
    bring: tuple[str, ...] = may("需携带的材料", ())
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class ConfirmationNotice(PaperContext):
    """司法确认告知书 (条例 39¶2, 人民调解法 33; R19)."""

    addressee: str = must("送达人")
    agreement_number: str = must("协议书编号")
    effective_on: date = must("协议生效日期")
    last_day: date = must("申请期限届满日")
    last_day_is_provisional: bool = may("届满日暂定", False)
    courts: tuple[str, ...] = must("管辖法院")
    contact_name: str = must("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class CallerReply(PaperContext):
    """12345答复: the public text only; internal handling notes have no field here (表单 A2)."""

    order_number: str = must("工单号")
    received_at: datetime = must("受理时间")
    appeal_kind: str = must("诉求类型")
    caller: str = must("来电人称谓")
    matter: str = must("诉求事项")
    reply: str = must("答复内容")
    is_interim: bool = may("阶段性答复", False)
    next_step: str = may("后续安排")
    contact_name: str = may("联系人")
    contact_phone: str = must("联系电话")


@dataclass(frozen=True, kw_only=True)
class ApplicationReceipt(PaperContext):
    """申请收件回执: the day of receipt interrupts the limitation of action (R31); nobody records its hour."""

    applicant: str = must("申请人")
    respondent: str = may("被申请人")
    committee: str = may("代收后转交的调解委员会")
    patient_name: str = may("患者")
    matter: str = must("申请事项")
    received_on: date = must("收到日期")
    is_oral: bool = may("口头申请", False)
    papers: tuple[Listed, ...] = may("收到的材料", ())
    decide_by: date = must("审查期限届满日")
    inquiry_code: str = may("进度查询码")
    receiver: str = must("收件人")
    contact_phone: str = must("联系电话")
