"""Forms of intake and of the ways out before acceptance."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mediation.cases import codes, grounds
from mediation.cases.case import DisputeCase
from mediation.cases.facts import kept_hospitals
from mediation.cases.forms.fields import PaperForm, choice, choices, clock_time, on_the_day, town_field
from mediation.cases.stepform import StepForm, text_field
from mediation.cases.steps.intake import residence_of


class DispatchForm(StepForm):
    step_name = "dispatch"
    layout = (("派往", ("town", "basis", "residence_town", "opinion")),)

    town = town_field("责任镇街")
    basis = choice(
        "依据", grounds.DispatchBasis, help_text="先看医疗机构所在地；无法确定的，依次按发生地、居住地、市级指定"
    )
    residence_town = town_field("患者居住镇街", required=False, help_text="居住地镇街可以看到本案，协助联系")
    opinion = text_field("派单意见", required=False)

    def prefill(self) -> dict[str, Any]:
        """The hospital's town, and the patient's."""
        towns = {hospital.town for hospital in kept_hospitals(self.case) if hospital.town}
        known: dict[str, Any] = {"residence_town": self.case.residence_town or residence_of(self.case)}
        if len(towns) == 1 and not self.case.declines:
            known |= {"town": towns.pop(), "basis": grounds.DispatchBasis.HOSPITAL}
        return known


class RedirectForm(StepForm):
    step_name = "redirect"
    layout = (("改派", ("town", "reason", "note")),)

    town = town_field("改派至")
    reason = choice("理由", grounds.RedirectReason)
    note = text_field("说明", help_text="指定后该镇街不得退单，市医调委也不再退回")


class DeclineForm(StepForm):
    step_name = "decline"
    layout = (("退单", ("reason", "proposed", "proposed_body", "note")),)

    reason = choice("理由", grounds.DeclineReason)
    proposed = town_field("建议由哪个镇街办理", required=False)
    proposed_body = forms.CharField(label="或其他单位", required=False, max_length=80)
    note = text_field("依据", help_text="退单只有一次机会，须写明不属于本镇街的依据")


class DivertForm(PaperForm):
    step_name = "divert"
    layout = (
        ("转出", ("ground", "category", "receiving_body")),
        ("答复来电人", ("reply",)),
        ("凭据", ("paper", "held")),
    )

    ground = choice("理由", grounds.DivertGround)
    category = choice("应属类别", codes.Category, required=False, help_text="不是医疗纠纷的必选")
    receiving_body = forms.CharField(label="受理单位", max_length=80)
    reply = text_field("公开答复", help_text="来电人会看到，请勿写内部情况")


class MarkDuplicateForm(StepForm):
    step_name = "mark_duplicate"
    layout = (("并入", ("original", "reason")),)

    original = forms.CharField(
        label="原案案号", max_length=40, help_text="正在办理的那一件，如 2026-00187 或 东医纠〔2026〕187号"
    )
    reason = text_field("认定依据", help_text="如：同一患者、同一医院、同一次诊疗")

    def clean_original(self) -> DisputeCase:
        """A case this person may see; for any other the answer is the same."""
        found = re.fullmatch(r"\D*(\d{4})\D+(\d{1,6})\D*", self.cleaned_data["original"].strip())
        number = f"{found[1]}-{int(found[2]):05d}" if found else ""
        case = DisputeCase.objects.visible_to(self.user).filter(number=number).first()
        if case is None:
            raise forms.ValidationError("没有这件案件")
        return case


class UnlinkForm(StepForm):
    step_name = "unlink"
    layout = (("为什么不是同一件事", ("reason",)),)

    reason = text_field("取消并案的理由", help_text="如：核对后系同名的另一患者。另立的新案自接收之日重新计算期限")


class DropForm(StepForm):
    step_name = "drop"
    layout = (("无法继续", ("ground", "note")),)

    ground = choice("原因", grounds.DropGround)
    note = text_field("办理情况", help_text="何时、如何联系或引导，结果如何")


class StepInForm(StepForm):
    step_name = "step_in"
    layout = (("主动介入", ("triggers", "note")),)

    triggers = choices("认定重大纠纷的依据", grounds.MajorTrigger)
    note = text_field("介入情况", help_text="引导双方申请；收到申请后才起算审查期限")


class WithdrawForm(PaperForm):
    step_name = "withdraw"
    layout = (("撤回", ("side", "means", "at", "reason")), ("书面请求（受理后必须有）", ("paper", "held")))

    side = choice("撤回的一方", codes.Side)
    means = choice("方式", codes.Means)
    at = clock_time("来电、来访时间", required=False)
    reason = text_field("原话或理由")

    def facts(self) -> dict[str, Any]:
        """The hour as a moment of the day of the call."""
        return on_the_day(super().facts())
