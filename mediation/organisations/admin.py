"""The administration pages: an administrator corrects organisations, keeps accounts, and gives and takes roles.

Who may use them follows from the role 系统管理员 alone; every change of an organisation, an account or a role leaves an
event in the system's chain, in the same transaction.
"""

from __future__ import annotations

from typing import Any, cast

from axes.utils import reset
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from mediation.organisations.models import ROLE_KINDS, Organisation, User, appoint, dismiss
from workflow.records import record_system
from workflow.registry import Right
from workflow.vocabulary import Role

admin.site.site_header = admin.site.site_title = "系统管理"
CHOOSE = "请选择"  # where Django draws a row of hyphens


def record(request: HttpRequest, kind: str, **data: Any) -> None:
    """An event of the administrator's in the system's chain; names of fields and codes only."""
    actor = cast("User", request.user)
    home = next((right for right in actor.roles() if right.role == Role.ADMINISTRATOR), None)
    record_system(
        kind, actor_id=actor.pk, role=Role.ADMINISTRATOR.value, organisation_id=home.organisation_id if home else None, data=data,
        now=timezone.now(),
    )  # fmt: skip


class AdministratorsOnly(admin.ModelAdmin):
    """Django's own permissions play no part: the role decides. Nothing is deleted, because cases point at it."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        """A list asks in words."""
        return super().formfield_for_foreignkey(db_field, request, **{"empty_label": CHOOSE} | options)

    def formfield_for_choice_field(self, db_field: Any, request: Any, **options: Any) -> Any:
        """A list asks in words."""
        blank = db_field.blank or not db_field.has_default()
        options.setdefault("choices", db_field.get_choices(include_blank=blank, blank_choice=[("", CHOOSE)]))
        return super().formfield_for_choice_field(db_field, request, **options)

    def _may(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and any(right.role == Role.ADMINISTRATOR for right in user.roles())

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown to administrators."""
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Seen by administrators."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Added by administrators."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changed by administrators."""
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: an organisation or an account is put out of use instead."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(AdministratorsOnly):
    """Level and ownership of hospitals, names and prefixes for papers, committees of towns."""

    list_display = ("name", "kind", "grade", "ownership", "town", "confidence", "active")
    list_filter = ("kind", "ownership", "active")
    search_fields = ("name", "code")
    list_select_related = ("town",)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """Kind and code are what roles and fixtures hang on: set once."""
        return ("kind", "code") if obj else ()

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save, and say in the record which fields were touched."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            record(
                request, "organisation_changed" if change else "organisation_added", organisation=obj.pk, code=obj.code,
                fields=sorted(form.changed_data),
            )  # fmt: skip


def _role_choices(rights: Any) -> list[tuple[str, str]]:
    names = dict(Organisation.objects.filter(pk__in=[r.organisation_id for r in rights]).values_list("pk", "name"))
    ordered = sorted(rights, key=lambda right: (right.role.value, right.organisation_id))
    return [(_key(right), f"{right.role.label} · {names[right.organisation_id]}") for right in ordered]


def _key(right: Right) -> str:
    return f"{right.role.value}@{right.organisation_id}"


class RolesForm(UserChangeForm):
    """An account with its roles: one may be given, any taken away, at a time."""

    give_role = forms.ChoiceField(
        label="授予角色", required=False, choices=[("", CHOOSE), *((role.value, role.label) for role in ROLE_KINDS)]
    )
    give_at = forms.ModelChoiceField(
        Organisation.objects.filter(active=True),
        label="在哪个机构",
        required=False,
        empty_label=CHOOSE,
        help_text="角色与机构类别须相符",
    )
    take_away = forms.MultipleChoiceField(
        label="撤销角色", required=False, widget=forms.CheckboxSelectMultiple, help_text="勾选的在保存时撤销"
    )

    class Meta:
        model = User
        fields = ("username", "full_name", "employee_no", "phone", "affiliations", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.instance.roles() if self.instance.pk else frozenset()
        cast("forms.MultipleChoiceField", self.fields["take_away"]).choices = _role_choices(held)

    def clean(self) -> dict[str, Any]:
        """A role goes with the kind of organisation that has it."""
        said = super().clean() or self.cleaned_data
        role, where = said.get("give_role"), said.get("give_at")
        if bool(role) != bool(where):
            self.add_error("give_at", "授予角色须同时选择机构")
        elif role and where and ROLE_KINDS[Role(role)] != where.kind:
            self.add_error("give_at", f"{where.get_kind_display()}没有“{Role(role).label}”这一角色")
        return said


class AccountCreationForm(AdminUserCreationForm):
    """A new account: name and first password; roles follow on the next page."""

    class Meta:
        model = User
        fields = ("username", "full_name")


@admin.register(User)
class AccountAdmin(AdministratorsOnly, UserAdmin):
    """Accounts and roles. Superusers, single permissions and bare groups are not offered: roles are all there is."""

    form = RolesForm
    add_form = AccountCreationForm
    list_display = ("username", "full_name", "employee_no", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "full_name", "employee_no")
    autocomplete_fields = ("affiliations",)
    actions = ("unlock",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("人员", {"fields": ("full_name", "employee_no", "phone", "affiliations", "is_active")}),
        ("角色", {"fields": ("give_role", "give_at", "take_away")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "full_name", "usable_password", "password1", "password2")}),)

    @admin.action(description="解除登录锁定", permissions=["change"])
    def unlock(self, request: HttpRequest, accounts: Any) -> None:
        """Let somebody try again before the quarter of an hour is over; who was let in is on record."""
        for account in accounts:
            with transaction.atomic():
                reset(username=account.username)
                record(request, "account_unlocked", account=account.pk)
        self.message_user(request, "已解除登录锁定。")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save the account, then its roles, each with its event."""
        account = sorted(set(form.changed_data) - {"give_role", "give_at", "take_away", "password1", "password2"})
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if not change or account:
                record(request, "account_changed" if change else "account_added", account=obj.pk, fields=account)
            if change:
                self._change_roles(request, obj, form.cleaned_data)

    def _change_roles(self, request: HttpRequest, account: User, said: dict[str, Any]) -> None:
        for key in said.get("take_away", ()):
            role, _, where = key.partition("@")
            dismiss(account, Role(role), Organisation.objects.get(pk=where))
            record(request, "role_taken", account=account.pk, role=role, organisation=int(where))
        if said.get("give_role"):
            role = Role(said["give_role"])
            appoint(account, role, said["give_at"])
            record(request, "role_given", account=account.pk, role=role.value, organisation=said["give_at"].pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002
        """A password set by the administrator is on record too (that it was, never which)."""
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            if request.method == "POST" and answer.status_code == 302:
                record(request, "password_set", account=int(id))
        return answer


admin.site.unregister(Group)  # a group is a role on an organisation; it is given above, never edited by hand
