"""manage.py make_user NAME --role R --scope CODE [--scope CODE …] --json"""

from __future__ import annotations

import datetime as dt
import json as jsonlib
import sys

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.passwords import create_user, issue_token
from schools.memberships import BadScope, give_membership


class Command(BaseCommand):
    help = "建立用户并授予角色；密码只显示这一次。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True)
        parser.add_argument("--scope", action="append", required=True)
        parser.add_argument("--ledgers", default="", help="限定台账，逗号分隔")
        parser.add_argument("--display-name", default="")
        parser.add_argument("--from", dest="valid_from", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--to", dest="valid_to", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--demo", action="store_true", help="演示用户：不强制改密")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, username: str, role: str, scope: list[str], json: bool, **options) -> None:
        if User.objects.filter(username=username).exists():
            self._refuse(f"用户名“{username}”已被使用，请换一个。", json, 1)
        ledgers = [code for code in options["ledgers"].split(",") if code]
        by = Actor.operator()
        try:
            with transaction.atomic():
                user, password = create_user(username, display_name=options["display_name"], is_demo=options["demo"], by=by)
                for text in scope:
                    give_membership(
                        user, role=role, scope=text, ledgers=ledgers, valid_from=options["valid_from"], valid_to=options["valid_to"], by=by
                    )
                token = issue_token(user)
        except BadScope as error:
            self._refuse(str(error), json, 2)
        result = {"username": username, "password": password, "token": token}
        self.stdout.write(jsonlib.dumps(result, ensure_ascii=False) if json else f"用户 {username}\n密码 {password}\n令牌 {token}")

    def _refuse(self, message: str, as_json: bool, code: int) -> None:
        if as_json:
            self.stdout.write(jsonlib.dumps({"error": message}, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(code)
