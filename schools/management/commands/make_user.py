"""manage.py make_user NAME --role R --scope CODE [--scope CODE …] --json"""

from __future__ import annotations

import re

from django.db import transaction

from accounts.actor import Actor
from accounts.commands import WRONG_USAGE, PortalCommand, date
from accounts.models import User
from accounts.passwords import create_user, issue_token
from schools.memberships import BadScope, give_membership

LONGEST_NAME = 64


class Command(PortalCommand):
    """The password and the token are shown this once."""

    help = "建立用户并授予角色；密码只显示这一次。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True)
        parser.add_argument("--scope", action="append", required=True, help="可重复：每个范围是一项任职")
        parser.add_argument("--ledgers", default="", help="限定台账，逗号分隔")
        parser.add_argument("--display-name", default="")
        parser.add_argument("--from", dest="valid_from", type=date, default=None)
        parser.add_argument("--to", dest="valid_to", type=date, default=None)
        parser.add_argument("--demo", action="store_true", help="演示用户：不强制改密")

    def handle(self, *, username: str, role: str, scope: list[str], **options) -> None:
        if not re.fullmatch(rf"[^\s\x00-\x1f\x7f]{{1,{LONGEST_NAME}}}", username):
            self.refuse(f"用户名应为 1 到 {LONGEST_NAME} 个字符，不含空格，写的是“{username}”。", WRONG_USAGE)
        if User.objects.filter(username=username).exists():
            self.refuse(f"用户名“{username}”已被使用，请换一个。")
        ledgers = [code.strip() for code in options["ledgers"].split(",") if code.strip()]
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
            self.refuse(str(error), WRONG_USAGE)
        self.finish({"username": username, "password": password, "token": token}, f"用户 {username}\n密码 {password}\n令牌 {token}")
