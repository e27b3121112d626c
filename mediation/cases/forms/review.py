"""Forms of the committee's review: consent, declarations, decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from mediation.cases import codes, grounds
from mediation.cases.conditions import needs_consent
from mediation.cases.facts import kept_hospitals
from mediation.cases.forms.fields import OneSideForm, PaperForm, choice
from mediation.cases.stepform import PaperField, StepForm, day_field, text_field
from workflow.vocabulary import Role


class SeekConsentForm(StepForm):
    step_name = "seek_consent"
    layout = (("征求意见", ("note",)),)

    note = text_field("内部备注", required=False, help_text="征求意见函自动生成，发给尚未同意的各方")


class WordForm(OneSideForm):
    """A side's word on taking part, with its evidence."""

    layout: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("谁同意", ("side", "hospital", "means")),
        ("凭据", ("paper", "held")),
    )

    means = choice("方式", codes.Means)
    paper = PaperField("同意的凭据", required=False)

    def prefill(self) -> dict[str, Any]:
        """The side whose word is missing; a liaison speaks for the own hospital."""
        mine = self.user.organisations(Role.HOSPITAL_LIAISON)
        if mine:
            own = [hospital for hospital in kept_hospitals(self.case) if hospital.pk in mine]
            return {"side": codes.Side.HOSPITAL, "hospital": own[0] if own else None}
        if needs_consent(self.case, codes.Side.PATIENT):
            return {"side": codes.Side.PATIENT}
        missing = [h for h in kept_hospitals(self.case) if needs_consent(self.case, codes.Side.HOSPITAL, h.pk)]
        return {"side": codes.Side.HOSPITAL, "hospital": missing[0]} if missing else {}


class ConsentGivenForm(WordForm):
    step_name = "consent_given"


class RecordConsentForm(WordForm):
    step_name = "record_consent"
    layout = (("谁的意见", ("side", "hospital", "given", "means")), ("凭据", ("paper", "held")))

    given = forms.TypedChoiceField(
        label="意见", choices=[("yes", "同意调解"), ("no", "不同意、收回同意")], coerce=lambda said: said == "yes"
    )


class ConsentRefusedForm(OneSideForm):
    step_name = "consent_refused"
    layout = (("谁不同意", ("side", "hospital", "answer", "means", "note")), ("凭据", ("paper", "held")))

    answer = choice("答复情况", grounds.Answer)
    means = choice("表示拒绝的方式", codes.Means, required=False)
    note = text_field("答复内容或联系经过")


class DeclareRoutesForm(PaperForm):
    step_name = "declare_routes"
    layout = (
        ("声明", ("side", "court", "bureau")),
        ("已受理的", ("body", "accepted_on")),
        ("签名的声明", ("paper", "held")),
    )

    side = choice("声明方", codes.Side)
    court = choice(
        "人民法院", codes.RouteAnswer, help_text="只有已经受理才不能调解；仅提出起诉的不影响（条例第31条第4款）"
    )
    bureau = choice("卫生健康部门行政调解", codes.RouteAnswer)
    body = forms.CharField(label="受理机关和案号", required=False, max_length=80)
    accepted_on = day_field("该机关受理日期", required=False)


class AcceptForm(PaperForm):
    step_name = "accept"
    layout = (("受理", ("note",)), ("受理审批表", ("paper", "held")))

    happened_on = day_field("受理日期", help_text="30个工作日自次日起算；不能早于申请、同意和声明的日期")
    note = text_field("受理意见", required=False)
    paper = PaperField("受理审批表（扫描件）", required=False)


class RefuseForm(PaperForm):
    step_name = "refuse"
    layout = (("不予受理", ("ground", "reason")), ("审批表", ("paper", "held")))

    ground = choice("依据", grounds.RefusalGround)
    reason = text_field("理由", rows=5, help_text="写入不予受理通知书")
