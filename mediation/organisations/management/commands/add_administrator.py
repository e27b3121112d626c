"""manage.py add_administrator USERNAME --name 姓名: the first account of an installation; it makes all others."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mediation.organisations.models import Kind, Organisation, User, appoint
from workflow.records import record_system
from workflow.vocabulary import Role


class Command(BaseCommand):
    help = "新建系统管理员账号，口令在提示后输入，或由标准输入的第一行给出；其余账号由管理员在页面上添加。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("--name", required=True, help="姓名")

    def handle(self, *, username: str, name: str, **options: Any) -> None:
        if User.objects.filter(username=username).exists():
            raise CommandError(f"用户名 {username} 已有人使用")
        system = Organisation.objects.filter(kind=Kind.SYSTEM).first()
        if system is None:
            raise CommandError("请先执行 manage.py load_reference")
        user = User(username=username, full_name=name)
        password = _asked()
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as refused:
            raise CommandError("；".join(refused.messages)) from refused
        user.set_password(password)
        with transaction.atomic():
            user.save()
            appoint(user, Role.ADMINISTRATOR, system)
            now, data = timezone.now(), {"account": user.pk}
            record_system("account_added", actor_id=None, data=data, now=now)
        self.stdout.write(f"已新建系统管理员 {username}。")


def _asked() -> str:
    """The password, typed twice by a person, or piped in by a script."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("口令：")
    if getpass("再输入一次：") != password:
        raise CommandError("两次输入的口令不一致")
    return password
