"""The registration form: the same for every window (A2), short enough for two minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.forms import BoundField

from mediation.cases import codes
from mediation.cases.codelists import LISTS, Labels
from mediation.cases.codes import PartyKind
from mediation.cases.forms.fields import RowsField, choice, choices, hospital_field, town_field
from mediation.cases.parties import is_minor
from mediation.cases.registration import Person, Registration, Respondent
from mediation.cases.stepform import day_field, money_field, text_field
from mediation.organisations.models import Kind, Organisation, User
from mediation.privacy.identity import IdKind, check_id_no, check_phone

NAMELESS = "匿名"


class Relation(TextChoices):
    """What the caller is to the patient; it says in which part the caller stands in the case."""

    SELF = "self", "本人"
    PARENT = "parent", "父母"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    RELATIVE = "relative", "其他近亲属"
    GUARDIAN = "guardian", "监护人"
    AGENT = "agent", "委托代理人"
    OTHER = "other", "其他"


PARTS = {
    Relation.PARENT: PartyKind.RELATIVE, Relation.SPOUSE: PartyKind.RELATIVE, Relation.CHILD: PartyKind.RELATIVE,
    Relation.RELATIVE: PartyKind.RELATIVE, Relation.GUARDIAN: PartyKind.GUARDIAN, Relation.AGENT: PartyKind.AGENT,
    Relation.OTHER: PartyKind.CALLER,
}  # fmt: skip
SOURCES = {Kind.HOTLINE: codes.Source.HOTLINE, Kind.TOWN: codes.Source.TOWN}


class RegistrationForm(forms.Form):
    """Patient, caller, hospital, what happened and what is asked for; ``registration()`` is what the door takes."""

    required_css_class = "required"
    layout = (
        ("从哪里来", ("desk", "source", "received_on", "late_reason")),
        ("患者", ("patient_name", "phone", "id_kind", "id_no", "sex", "born_on", "address", "residence_town")),
        (
            "来电人、申请人",
            ("relation", "caller_name", "caller_phone", "is_anonymous", "is_confidential", "unverified"),
        ),
        ("医疗机构", ("hospital", "department", "other_hospitals")),
        ("事由", ("occurred_on", "category", "cause", "harm", "summary", "diagnosis")),
        ("诉求", ("demands", "claimed_amount", "is_major")),
    )

    desk = forms.ModelChoiceField(Organisation.objects.none(), label="登记单位", empty_label=None)
    source = choice("来源", codes.Source)
    received_on = day_field("接收日期")
    late_reason = forms.CharField(
        label="补录原因", required=False, max_length=200, help_text="接收后超过 3 个工作日才登记的必填，主任可见"
    )
    patient_name = forms.CharField(label="患者姓名", max_length=80, required=False)
    phone = forms.CharField(label="患者电话", max_length=32, required=False)
    id_kind = forms.ChoiceField(label="证件类型", choices=IdKind.choices, initial=IdKind.NONE)
    id_no = forms.CharField(label="证件号码", max_length=40, required=False)
    sex = forms.ChoiceField(label="性别", choices=codes.Sex.choices, initial=codes.Sex.UNKNOWN)
    born_on = day_field("出生日期", required=False)
    address = forms.CharField(label="住址", max_length=200, required=False)
    residence_town = town_field("居住镇街", required=False)
    relation = choice("与患者关系", Relation, initial=Relation.SELF)
    caller_name = forms.CharField(label="来电人姓名", max_length=80, required=False, help_text="患者本人来电的不必另填")
    caller_phone = forms.CharField(label="来电人电话", max_length=32, required=False)
    is_anonymous = forms.BooleanField(label="来电人不愿留姓名", required=False)
    is_confidential = forms.BooleanField(label="要求保密", required=False, help_text="姓名、电话不向镇街和医疗机构显示")
    unverified = forms.BooleanField(
        label="号码系口述，未核对", required=False, help_text="号码校验不过而确为对方所报时勾选"
    )
    hospital = hospital_field("医疗机构")
    department = choice("科室", codes.Department, required=False)
    other_hospitals = RowsField(
        Organisation.objects.hospitals(), label="其他医疗机构", required=False, help_text="涉及几家的，按住 Ctrl 多选"
    )
    occurred_on = day_field("发生日期", required=False)
    category = forms.ChoiceField(label="类别", choices=codes.Category.choices, initial=codes.Category.MEDICAL_DISPUTE)
    cause = choice("案由", codes.Cause, required=False)
    harm = choice("损害后果", codes.Harm, required=False)
    summary = text_field("事由简述", rows=5, max_length=2000)
    diagnosis = forms.CharField(label="诊断", max_length=200, required=False)
    demands = choices("诉求", codes.Demand)
    claimed_amount = money_field("诉求金额（元）", required=False)
    is_major = forms.BooleanField(label="重大纠纷", required=False)

    def __init__(self, *args: Any, user: User, today: date, desks: Sequence[Organisation], **options: Any) -> None:
        self.user, self.today, self.desks = user, today, list(desks)
        first = self.desks[0] if self.desks else None
        known: dict[str, Any] = {"received_on": today}
        if first is not None:
            known |= {"desk": first, "source": SOURCES.get(Kind(first.kind), "")}
        options["initial"] = known | (options.get("initial") or {})
        super().__init__(*args, **options)
        self._offer_codes_in_force(today)
        rows = Organisation.objects.filter(pk__in=[desk.pk for desk in self.desks])
        self.fields["desk"].queryset = rows  # type: ignore[attr-defined]
        if len(self.desks) == 1:
            self.fields["desk"].widget = forms.HiddenInput()

    def _offer_codes_in_force(self, today: date) -> None:
        labels = Labels(today)
        for name in LISTS:
            field = cast("forms.ChoiceField", self.fields[name])
            blank = [pair for pair in cast("list[tuple[str, str]]", list(cast("Any", field.choices))) if pair[0] == ""]
            field.choices = [*blank, *labels.offered(name)]

    @property
    def sections(self) -> list[tuple[str, list[BoundField]]]:
        """The fields as the page shows them, in titled groups."""
        return [(title, [self[name] for name in names]) for title, names in self.layout]

    def clean(self) -> dict[str, Any]:
        """Numbers that can be right, somebody to speak of, and a caller where the patient did not call."""
        said = super().clean() or self.cleaned_data
        for name in ("phone", "caller_phone"):
            self._check_number(name, check_phone(said[name]) if said.get(name) else None)
        self._check_certificate(said)
        if said.get("relation") == Relation.SELF:
            self._caller_is_the_patient(said)
        if not said.get("patient_name") and not said.get("is_anonymous"):
            self.add_error("patient_name", "请填写患者姓名；来电人不愿留姓名的，请勾选")
        other = said.get("relation") not in (None, Relation.SELF)
        if other and not said.get("caller_name") and not said.get("is_anonymous"):
            self.add_error("caller_name", "请填写来电人姓名；来电人不愿留姓名的，请勾选")
        return said

    def _caller_is_the_patient(self, said: dict[str, Any]) -> None:
        """What the order knew of its caller is the patient's; two different names contradict it."""
        for name, other in (("patient_name", "caller_name"), ("phone", "caller_phone")):
            said[name] = said.get(name) or said.get(other, "")
        if said.get("caller_name") not in ("", None, said["patient_name"]):
            self.add_error("caller_name", "来电人是患者本人时两处姓名应一致，请核对与患者关系")

    def _check_number(self, name: str, found: Any) -> None:
        if found is None:
            return
        if found.ok:
            self.cleaned_data[name] = found.value
        elif not self.cleaned_data.get("unverified"):
            self.add_error(name, f"{found.message}确为对方所报的，请勾选“号码系口述，未核对”。")

    def _check_certificate(self, said: dict[str, Any]) -> None:
        if said.get("id_no") and said.get("id_kind") == IdKind.NONE:
            self.add_error("id_kind", "填写了证件号码，请选择证件类型")
        elif said.get("id_no") and said.get("id_kind"):
            found = check_id_no(said["id_kind"], said["id_no"], today=self.today)
            self._check_number("id_no", found)
            if found.ok and found.born_on and not said.get("born_on"):
                said["born_on"] = found.born_on
            if found.ok and found.sex and said.get("sex") == codes.Sex.UNKNOWN:
                said["sex"] = found.sex

    def registration(self, desk: Organisation | None = None) -> Registration:
        """What was typed, for the door; ``desk`` overrides the window chosen in the form."""
        said = self.cleaned_data
        others = [one for one in said["other_hospitals"] if one != said["hospital"]]
        return Registration(
            desk=desk or said["desk"], source=said["source"], received_on=said["received_on"], summary=said["summary"],
            people=self._people(), residence_town=said["residence_town"], category=said["category"],
            respondents=[Respondent(said["hospital"], said["department"]), *map(Respondent, others)],
            cause=said["cause"], harm=said["harm"], demands=said["demands"], claimed_amount=said["claimed_amount"],
            diagnosis=said["diagnosis"], occurred_on=said["occurred_on"], is_major=said["is_major"],
            is_confidential=said["is_confidential"], late_reason=said["late_reason"],
        )  # fmt: skip

    def _people(self) -> list[Person]:
        said = self.cleaned_data
        dead, self_called = said["harm"] == codes.Harm.DEATH, said["relation"] == Relation.SELF
        patient = Person(
            kind=PartyKind.PATIENT, name=said["patient_name"] or NAMELESS, phone=said["phone"], id_kind=said["id_kind"],
            id_no=said["id_no"], sex=said["sex"], born_on=said["born_on"], address=said["address"],
            relation=Relation.SELF.label, is_claimant=not dead, is_hidden=said["is_confidential"] and self_called,
        )  # fmt: skip
        if self_called:
            return [patient]
        relation = Relation(said["relation"])
        part = PARTS[relation]
        if relation == Relation.PARENT and not dead and is_minor(said["born_on"], said["received_on"]):
            part = PartyKind.GUARDIAN  # a minor's parents are the guardians (民法典 27)
        caller = Person(
            kind=part, name=said["caller_name"] or NAMELESS, phone=said["caller_phone"],
            relation=relation.label, is_claimant=dead and part == PartyKind.RELATIVE,
            is_hidden=said["is_confidential"],
        )  # fmt: skip
        return [patient, caller]
