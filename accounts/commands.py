"""What every command of the portal has in common (design.md §8): its arguments, its answer, its exit status.

Only JSON on stdout (words with nothing asked for), one Chinese sentence on stderr when it refuses; exit 0 done,
1 refused by the data (nothing changed), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
FIRST_YEAR, LAST_YEAR = 2000, 2100
# What argparse says, in the words of this portal; what matches none is shown as it stands.
_WORDS = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"one of the arguments (.+) is required", r"下列参数要给出一个：\1"),
    (r"argument (.+): not allowed with argument (.+)", r"参数 \1 不能与 \2 同时使用"),
    (r"argument (.+): expected one argument", r"参数 \1 后面没有写取值"),
    (r"argument (.+): expected at least one argument", r"参数 \1 后面没有写取值"),
    (r"argument (.+): invalid int value: '(.*)'", r"参数 \1 应为整数，写的是“\2”"),
    (r"argument (.+): invalid choice: '(.*)' \(choose from (.+)\)", r"参数 \1 写的是“\2”，可用的有：\3"),
    (r"argument (.+): (.+)", r"参数 \1：\2"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
)

# A database that is not there, or not yet made, is a matter of the operator's; anything else is a fault of ours and shown.
_DATABASE = (
    ("no such table", "数据库还没有建好，请先运行 manage.py migrate。"),
    ("does not exist", "数据库还没有建好，请先运行 manage.py migrate，并核对 DATABASE_URL 中的库名和用户名。"),
    ("could not connect", "连不上数据库，请核对 DATABASE_URL，并确认数据库已启动。"),
    ("connection failed", "连不上数据库，请核对 DATABASE_URL，并确认数据库已启动。"),
    ("Connection refused", "连不上数据库，请核对 DATABASE_URL，并确认数据库已启动。"),
    ("unable to open database", "数据库文件打不开，请核对 VAR_DIR 和它的权限。"),
)


def date(text: str) -> dt.date:
    """The type of a date argument, 2026-09-01."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写成 2026-09-01 的形式") from None


def year(text: str) -> int:
    """The type of a year argument: four digits of a time that ledgers can be of."""
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"应为 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位年份，写的是“{text}”")
    return int(text)


class PortalCommand(BaseCommand):
    """A command that ends by `finish` or `refuse`; every one takes --json."""

    # The answer is JSON whether or not it is asked for.
    always_json = False
    # What a refusal's JSON has beside "status" and "error", so that scripts find the keys they know.
    refused: dict[str, Any] = {}

    def create_parser(self, prog_name: str, subcommand: str, **options):
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.add_argument("--json", action="store_true", help="在标准输出写 JSON")
        django_error = parser.error
        self._asked_for_json = self.always_json or "--json" in sys.argv

        def error(message: str) -> NoReturn:
            if not self._called_from_command_line:
                django_error(message)
            sentence = _in_chinese(message)
            self.refuse(f"{sentence}。用法见 manage.py {subcommand} --help。", WRONG_USAGE)

        parser.error = error
        return parser

    def execute(self, *args, **options):
        self._asked_for_json = self.always_json or bool(options.get("json"))
        # Called by other code without the command line's own conversion of types.
        for name in ("year", "fiscal_year"):
            value = options.get(name)
            if value is not None and not FIRST_YEAR <= int(value) <= LAST_YEAR:
                raise CommandError(f"--{name.replace('_', '-')} 应为 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位年份，写的是“{value}”。", returncode=WRONG_USAGE)
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if sentence := next((words for sign, words in _DATABASE if sign in str(error)), ""):
                self.refuse(sentence, WRONG_USAGE)
            raise

    def finish(self, result: dict, text: str = "", code: int = DONE) -> NoReturn | None:
        """Answer with the JSON (asked for by --json) or the words; with a code other than 0 the process ends with it."""
        self.answer(result, text)
        if code:
            sys.exit(code)
        return None

    def answer(self, result: dict, text: str = "") -> None:
        """Only print: JSON when asked for, else the words, if any."""
        if self._asked_for_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        elif text:
            self.stdout.write(text)

    def refuse(self, sentence: str, code: int = REFUSED, **more: Any) -> NoReturn:
        """Nothing was changed: the sentence on stderr, with --json also {"status": "refused", "error": sentence, …}."""
        if self._asked_for_json:
            self.stdout.write(json.dumps({"status": "refused", "error": sentence, **self.refused, **more}, ensure_ascii=False))
        self.say(sentence)
        sys.exit(code)

    def say(self, sentence: str) -> None:
        """A sentence for the person at the terminal, never mixed with the answer."""
        self.stderr.write(sentence)
        self.stderr.flush()


def _in_chinese(message: str) -> str:
    for pattern, words in _WORDS:
        if found := re.fullmatch(pattern, message):
            return found.expand(words)
    return message
