"""Forms of changes among those who take part."""

from __future__ import annotations

from django import forms

from mediation.cases import codes, grounds
from mediation.cases.discretion import party_label
from mediation.cases.facts import kept_hospitals
from mediation.cases.forms.fields import PaperForm, choice, hospital_field
from mediation.cases.parties import Party
from mediation.cases.stepform import PaperField, StepForm, day_field, text_field
from mediation.organisations.models import Organisation
from mediation.privacy.identity import IdKind


class SubstitutePartyForm(PaperForm):
    step_name = "substitute_party"
    layout = (
        ("变更", ("reason", "party")),
        (
            "新的当事人或代理人",
            ("kind", "full_name", "relation", "phone", "id_kind", "id_no", "sex", "born_on", "address", "authority"),
        ),
        ("医疗机构合并、分立的", ("hospital", "successor")),
        ("证明", ("paper", "held")),
    )

    reason = choice("原因", grounds.Substitution)
    party = forms.ModelChoiceField(Party.objects.none(), label="被变更或被代理的人", required=False)
    kind = choice("身份", codes.PartyKind, required=False)
    full_name = forms.CharField(label="姓名", max_length=80, required=False)
    relation = forms.CharField(label="与患者关系", max_length=20, required=False)
    phone = forms.CharField(label="电话", max_length=32, required=False)
    id_kind = forms.ChoiceField(label="证件类型", choices=IdKind.choices, initial=IdKind.NONE)
    id_no = forms.CharField(label="证件号码", max_length=40, required=False)
    sex = forms.ChoiceField(label="性别", choices=codes.Sex.choices, initial=codes.Sex.UNKNOWN)
    born_on = day_field("出生日期", required=False)
    address = forms.CharField(label="住址", max_length=200, required=False)
    authority = forms.CharField(
        label="代理权限", max_length=80, required=False, help_text="如：特别授权，代为承认、放弃、变更请求，进行调解"
    )
    hospital = hospital_field("原医疗机构", required=False)
    successor = hospital_field("承继的医疗机构", required=False)
    paper = PaperField("证明材料", required=False)

    def adapt(self) -> None:
        """The people and hospitals of this case, by their masked names."""
        people, hospitals = self.fields["party"], self.fields["hospital"]
        people.queryset = self.case.parties.current()  # type: ignore[attr-defined]
        people.label_from_instance = self._label  # type: ignore[attr-defined]
        kept = [one.pk for one in kept_hospitals(self.case)]
        hospitals.queryset = Organisation.objects.filter(pk__in=kept)  # type: ignore[attr-defined]

    def _label(self, party: Party) -> str:
        return f"{party.get_kind_display()} {party_label(party, self.case, self.user)}"


class SeverForm(StepForm):
    step_name = "sever"
    layout = (("分出", ("hospital", "reason")),)

    hospital = hospital_field("分出哪一家医疗机构")
    reason = text_field("理由", help_text="另立关联案件，从登记开始办理")

    def adapt(self) -> None:
        """The hospitals still in this case."""
        kept = [one.pk for one in kept_hospitals(self.case)]
        self.fields["hospital"].queryset = Organisation.objects.filter(pk__in=kept)  # type: ignore[attr-defined]
