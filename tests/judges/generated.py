"""Permits whose every value is random in this run: each value must stand in the PDF's text again.

    generated.py --ruqsat PROGRAM --work FOLDER [--seed HEX]

The shape of each permit (years, rows, kinds, category) is fixed, so that the number of values is
known; the values are not. `pdftotext -raw` gives the text in the order in which it was written, and
the values are looked for in the order in which the form has them.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import re
import sys
from decimal import Decimal

from common import Gate, Ruqsat, must

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
VOWELS, CONSONANTS = "аәеиоөұүыіэюя", "бвгғджзйкқлмнңпрстуфхһцчшщ"
LATIN = "ABCDEFGHIKLMNPRSTVXYZ"


class Words:
    """Random text of Kazakh or Russian letters."""

    def __init__(self, random):
        self.random = random
        self.owed = []

    def word(self, kazakh, longest=11):
        vowels = VOWELS if kazakh else "аеиоуыэюя"
        consonants = CONSONANTS if kazakh else "бвгджзйклмнпрстфхцчшщ"
        letters = [
            self.random.choice((consonants, vowels)[at % 2])
            for at in range(self.random.randint(2, longest))
        ]
        word = "".join(letters)
        return word.capitalize() if self.random.random() < 0.2 else word

    def text(self, kazakh, least=1, most=5):
        words = [self.word(kazakh) for _ in range(self.random.randint(least, most))]
        extra = self.random.random()
        if extra < 0.1:
            words[0] = f"«{words[0]}»"
        elif extra < 0.2:
            words.append(f"({self.random.choice('IVX')}, {self.random.randint(1, 99)}*)")
        elif extra < 0.3:
            words.append(f"№ {self.random.randint(1, 999)}")
        elif extra < 0.4:
            words[-1] = f"{words[-1]}-{self.word(kazakh)}/{self.word(kazakh)}"
        return " ".join(words)

    def pair(self, least=1, most=5):
        return {"kk": self.text(True, least, most), "ru": self.text(False, least, most)}

    def alphabet(self):
        """A name with each of the eighteen letters, in random order and random words."""
        letters = list(KAZAKH)
        self.random.shuffle(letters)
        return " ".join(
            "".join(letters[at : at + 3]) + self.word(True, 3).lower() for at in range(0, 18, 3)
        )


def control_digit(eleven):
    digits = [int(digit) for digit in eleven]
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(d * w for d, w in zip(digits, weights)) % 11
        if rest != 10:
            return str(rest)
    return None


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = Words(self.random)

    def digits(self, count):
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def with_control(self, make):
        while True:
            eleven = make()
            if digit := control_digit(eleven):
                return eleven + digit

    def bin(self):
        r = self.random
        return self.with_control(
            lambda: f"{r.randint(0, 25):02}{r.randint(1, 12):02}{r.choice('456')}{r.choice('012')}9{self.digits(4)}"
        )

    def iin(self):
        r = self.random

        def eleven():
            day = datetime.date(1940, 1, 1) + datetime.timedelta(days=r.randint(0, 23000))
            century = r.choice("34") if day.year < 2000 else r.choice("56")
            return f"{day:%y%m%d}{century}9{self.digits(3)}"

        return self.with_control(eleven)

    def date(self, first=2013, last=2014):
        r = self.random
        return datetime.date(r.randint(first, last), r.randint(1, 12), r.randint(1, 28)).isoformat()

    def number(self, whole=6, places=9, least=0):
        """An exact decimal as text: no exponent, no needless zero in front."""
        r = self.random
        digits = r.randint(max(least, 0), whole)
        head = str(r.randint(1, 10**digits - 1)) if digits else "0"
        tail = self.digits(r.randint(0, places))
        return f"{head}.{tail}" if tail else head

    def reference(self):
        return {"no": f"{self.digits(2)}/{self.digits(1)}-{self.digits(4)}", "date": self.date()}

    def permit(self, shape):
        r, words = self.random, self.words
        first = r.randint(2014, 2060)
        years = [str(first + at) for at in range(shape.get("years", 5))]

        def tonnes(**size):
            return {year: self.number(**size) for year in years}

        permit = {
            "edition": "atyrau-2013",
            "series": "А-W",
            "number": self.digits(5),
            "issue_date": self.date(),
            "issue_place": words.pair(1, 2),
            "issuing_body": {"kk": words.alphabet(), "ru": words.text(False, 6, 14)},
            "issuing_body_bin": self.bin(),
            "nature_user": {
                "name": {"kk": words.text(True, *shape["name"]) + " " + words.alphabet(), "ru": words.text(False, *shape["name"])},
                "address": {"index": self.digits(6), **words.pair(4, 8)},
                "id": {"kind": "bin", "value": self.bin()} if r.random() < 0.5 else {"kind": "iin", "value": self.iin()},
                "account_number": f"{r.choice(LATIN)}{r.choice(LATIN)}-{self.digits(6)}",
            },
            "facility": {
                "name": words.pair(1, 9),
                "location": {"kk": words.alphabet(), "ru": words.text(False, 3, 8)},
                "category": shape["category"],
            },
            "validity": self.validity(shape, years),
            "totals": {},
        }
        if shape["category"] != "IV":
            permit["basis"] = {
                "conclusion_name": words.pair(3, 9),
                "conclusion_no": f"{self.digits(2)}-{self.digits(3)}",
                "conclusion_date": self.date(2011, 2013),
                "decision": "agreed",
            }
            permit["attachments"] = {"action_plan": self.reference(), "monitoring": self.reference()}
        if count := shape.get("air"):
            permit["annex1"] = [
                {"code": self.digits(4), "name": words.pair(1, 7), "gps": self.number(3, 9), "tonnes": tonnes(whole=4, places=9)}
                for _ in range(count)
            ]
        if outlets := shape.get("discharge"):
            permit["annex2"] = [
                {
                    "outlet": self.digits(2),
                    "receiver": words.pair(1, 3),
                    "m3_h": self.number(4, 2),
                    "thousand_m3_year": self.number(4, 3),
                    "rows": [
                        {"name": words.pair(1, 4), "mg_dm3": self.number(4, 3), "g_h": self.number(5, 3), "tonnes": tonnes(whole=4, places=6)}
                        for _ in range(rows)
                    ],
                }
                for rows in outlets
            ]
        if count := shape.get("waste"):
            permit["annex3"] = [
                {"name": words.pair(1, 6), "code": f"{r.choice(LATIN)}{r.choice(LATIN)}{self.digits(3)}", "level": r.choice(("green", "amber", "red")), "tonnes": tonnes(whole=6, places=3), "place": words.pair(1, 6)}
                for _ in range(count)
            ]
        if count := shape.get("sulfur"):
            permit["annex4"] = [
                {"map": f"№ {at + 1}-{self.digits(2)}", "form": r.choice(("open", "closed")), "tonnes": tonnes(whole=7, places=3, least=4), "place": words.pair(1, 6)}
                for at in range(count)
            ]
        permit["totals"] = totals(permit, years)
        permit["annex5"] = [words.pair(4, 20) for _ in range(shape.get("conditions", 4))]
        permit["signatory"] = {
            "position": words.pair(1, 2),
            "name": {"kk": words.text(True, 3, 3), "ru": words.text(False, 3, 3)},
            "iin": self.iin(),
        }
        return permit

    def validity(self, shape, years):
        first, last = int(years[0]), int(years[-1])
        match shape.get("validity", "years"):
            case "years":
                return {"from_year": first, "to_year": last}
            case "dates":
                return {"from": self.date(first, first), "to": self.date(last, last) if last > first else f"{first}-12-31"}
            case "open":
                return {"from": f"{first}-01-01", "open_ended": True}


def totals(permit, years):
    """Sums of the appendix rows, with as many places as the longest of them."""

    def sums(rows):
        return {year: f"{sum(Decimal(row['tonnes'][year]) for row in rows):f}" for year in years}

    kinds = {
        "air": permit.get("annex1"),
        "discharge": [row for outlet in permit.get("annex2", []) for row in outlet["rows"]],
        "waste": permit.get("annex3"),
        "sulfur": permit.get("annex4"),
    }
    return {kind: sums(rows) for kind, rows in kinds.items() if rows}


SHAPES = [
    {"lang": "kk-ru", "category": "II", "name": (2, 5), "air": 43, "discharge": [6], "waste": 4, "sulfur": 2, "conditions": 8},
    {"lang": "kk-ru", "category": "III", "name": (9, 16), "years": 3, "air": 400},
    {"lang": "kk", "category": "IV", "name": (1, 1), "years": 1, "waste": 1, "conditions": 1, "validity": "open"},
    {"lang": "ru", "category": "II", "name": (2, 4), "years": 10, "discharge": [3, 1, 7], "sulfur": 5},
    {"lang": "kk", "category": "III", "name": (2, 4), "years": 2, "air": 1, "sulfur": 1, "validity": "dates"},
    {"lang": "ru", "category": "IV", "name": (3, 6), "years": 4, "air": 12, "waste": 60, "conditions": 30},
    {"lang": "kk-ru", "category": "II", "name": (1, 3), "years": 7, "air": 9, "discharge": [2], "waste": 3, "sulfur": 3, "validity": "dates"},
]
