"""Made-up people: names, identity numbers with a right check character, certificate numbers, phone numbers."""
from __future__ import annotations

import datetime as dt
import random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
FEMALE = "芳娜敏静丽艳娟霞秀玲桂英红梅兰燕洁琳雪慧颖倩婷蕾薇怡欣悦佳妍琪璐"
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林峰"
MIDDLE = "晓文建国志海春秋玉金永德中天立新思子雨少长家振兴云"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def id_number(area: str, born: dt.date, sequence: int) -> str:
    """An 18-character identity number (GB 11643): area, birth date, sequence 0-999 (odd: male), check character."""
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    return body + _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


class People:
    """Hands out persons of one county, each identity number once."""

    def __init__(self, area: str, rng: random.Random):
        self._area, self._rng, self._taken = area, rng, set()

    def name(self, sex: str) -> str:
        rng = self._rng
        given = rng.choice(FEMALE if sex == "女" else MALE)
        return rng.choice(SURNAMES) + (rng.choice(MIDDLE) if rng.random() < 0.62 else "") + given

    def person(self, *, youngest: int, oldest: int, year: int) -> tuple[str, str, str, dt.date]:
        """(name, 男|女, identity number, birth date) of somebody between these ages in `year`."""
        rng = self._rng
        sex = "女" if rng.random() < 0.64 else "男"
        while True:
            born = dt.date(year - rng.randint(youngest, oldest), rng.randint(1, 12), rng.randint(1, 28))
            sequence = rng.randrange(1, 1000, 2) if sex == "男" else rng.randrange(0, 1000, 2)
            number = id_number(self._area, born, sequence)
            if number not in self._taken:
                self._taken.add(number)
                return self.name(sex), sex, number, born

    def certificate(self, kind: int, year: int) -> str:
        """A 17-digit teacher certificate number: year, province, authority, kind, sex digit, serial."""
        rng = self._rng
        return f"{year}99{rng.randint(1, 999):03d}{kind}{rng.randint(1, 2)}{rng.randint(1, 999999):06d}"
