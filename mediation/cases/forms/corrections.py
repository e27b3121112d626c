"""Forms of correcting a wrong fact and of looking behind a mask."""

from __future__ import annotations

from django import forms

from mediation.cases.correctable import correction_targets
from mediation.cases.forms.fields import EMPTY
from mediation.cases.pages.eyes import Eyes
from mediation.cases.revealable import reveal_targets, told_to
from mediation.cases.stepform import StepForm, text_field
from workflow.engine import office, right_to
from workflow.lifecycle import STEPS


class CorrectForm(StepForm):
    step_name = "correct"
    layout = (("更正", ("target", "value", "reason")),)

    target = forms.ChoiceField(label="哪一项", widget=forms.Select({"data-span": "full"}))
    value = text_field(
        "更正为",
        help_text="日期写作 2026-03-02，时间写作 2026-03-02 09:30；金额只写数字；是否类填“是”或“否”；类别、方式等填列表中的名称；"
        "人名用“、”分开；可以没有的填“无”",
    )
    reason = text_field(
        "更正理由",
        help_text="原值加密保留，记录不可删除；已出具、已签名的文书保持原样，协议的约定和各方表示的意见不在此更正，须重新登记",
    )

    def adapt(self) -> None:
        """What this person may correct, by kinds; a link beside a row on file leads to the facts of that row alone."""
        asked = "" if self.is_bound else str(self.initial.get("target") or "")
        asked = "" if "." in asked else asked  # a draft: the whole list, with its choice
        groups = self._targets()
        told = told_to(self.case, self.user, [one for group in groups.values() for one in group])
        named = [one for one in told if one[0].startswith(f"{asked}.")]
        offered = {title: [one for one in group if one in (named or told)] for title, group in groups.items()}
        self.fields["target"].choices = [EMPTY, *((title, found) for title, found in offered.items() if found)]  # type: ignore[attr-defined]

    def _targets(self) -> dict[str, list[tuple[str, str]]]:
        right = right_to(STEPS["correct"], self.case, office().rights(self.case, self.user))
        return correction_targets(self.case, Eyes.of(self.user, self.case), right) if right is not None else {}


class RevealForm(StepForm):
    step_name = "reveal"
    layout = (("查看", ("target", "reason")),)

    target = forms.ChoiceField(label="查看哪一项")
    reason = text_field("查看理由", help_text="谁、何时、为什么查看，都会留下记录")

    def adapt(self) -> None:
        """Everything in this case that is masked; looking happens now, so no other day is asked for."""
        del self.fields["happened_on"], self.fields["late_reason"]
        targets = told_to(self.case, self.user, reveal_targets(self.case))
        self.fields["target"].choices = [EMPTY, *targets]  # type: ignore[attr-defined]
