"""Forms of the three ways in which an application is received."""

from __future__ import annotations

from mediation.cases import codes
from mediation.cases.forms.fields import PaperForm, choice, hospital_field, offer_hospitals
from mediation.cases.stepform import PaperField, day_field


class ApplicationForm(PaperForm):
    """Who applied, how, with what paper. The day of the step is the day the request was received."""

    layout = (("申请", ("by_side", "hospital", "form")), ("申请书", ("paper", "held")))

    happened_on = day_field("收到申请的日期", help_text="审查期限自这一天起算，诉讼时效自这一天中断")
    by_side = choice("申请方", codes.Side)
    hospital = hospital_field("申请的医疗机构", required=False)
    form = choice("申请方式", codes.Form)
    paper = PaperField("申请书，或口头申请的签名记录", required=False)

    def adapt(self) -> None:
        """Offer the hospitals of this case."""
        if offer_hospitals(self) > 1:
            self.fields["hospital"].help_text = "医方申请的必选；双方申请而不选，表示各家医疗机构都已签名"


class ApplyDirectlyForm(ApplicationForm):
    step_name = "apply_directly"


class GuideToApplyForm(ApplicationForm):
    step_name = "guide_to_apply"


class RecordApplicationForm(ApplicationForm):
    step_name = "record_application"
