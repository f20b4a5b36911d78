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
from decimal import Decimal, getcontext

from common import Gate, Ruqsat, must

getcontext().prec = 60  # exact sums: a quantity has up to 32 digits
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
                "name": {
                    "kk": words.text(True, *shape["name"]) + " " + words.alphabet(),
                    "ru": words.text(False, *shape["name"]),
                },
                "address": {"index": self.digits(6), **words.pair(4, 8)},
                "id": (
                    {"kind": "bin", "value": self.bin()}
                    if r.random() < 0.5
                    else {"kind": "iin", "value": self.iin()}
                ),
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
            permit["attachments"] = {
                "action_plan": self.reference(),
                "monitoring": self.reference(),
            }
        if count := shape.get("air"):
            permit["annex1"] = [
                {
                    "code": self.digits(4),
                    "name": words.pair(1, 7),
                    "gps": self.number(3, 9),
                    "tonnes": tonnes(whole=4, places=9),
                }
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
                        {
                            "name": words.pair(1, 4),
                            "mg_dm3": self.number(4, 3),
                            "g_h": self.number(5, 3),
                            "tonnes": tonnes(whole=4, places=6),
                        }
                        for _ in range(rows)
                    ],
                }
                for rows in outlets
            ]
        if count := shape.get("waste"):
            permit["annex3"] = [
                {
                    "name": words.pair(1, 6),
                    "code": f"{r.choice(LATIN)}{r.choice(LATIN)}{self.digits(3)}",
                    "level": r.choice(("green", "amber", "red")),
                    "tonnes": tonnes(whole=6, places=3),
                    "place": words.pair(1, 6),
                }
                for _ in range(count)
            ]
        if count := shape.get("sulfur"):
            permit["annex4"] = [
                {
                    "map": f"№ {at + 1}-{self.digits(2)}",
                    "form": r.choice(("open", "closed")),
                    "tonnes": tonnes(**shape.get("amounts", {"whole": 7, "places": 3, "least": 4})),
                    "place": words.pair(1, 6),
                }
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
                return {
                    "from": self.date(first, first),
                    "to": self.date(last, last) if last > first else f"{first}-12-31",
                }
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


# How many values these shapes have, whatever they are.
VALUES = 5669
SHAPES = [
    {
        "lang": "kk-ru",
        "category": "II",
        "name": (2, 5),
        "air": 43,
        "discharge": [6],
        "waste": 4,
        "sulfur": 2,
        "conditions": 8,
    },
    {"lang": "kk-ru", "category": "III", "name": (9, 16), "years": 3, "air": 400},
    {
        "lang": "kk",
        "category": "IV",
        "name": (1, 1),
        "years": 1,
        "waste": 1,
        "conditions": 1,
        "validity": "open",
    },
    {
        "lang": "ru",
        "category": "II",
        "name": (2, 4),
        "years": 10,
        "discharge": [3, 1, 7],
        "sulfur": 5,
    },
    {
        "lang": "kk",
        "category": "III",
        "name": (2, 4),
        "years": 2,
        "air": 1,
        "sulfur": 1,
        "amounts": {"whole": 20, "places": 12, "least": 20},
        "validity": "dates",
    },
    {
        "lang": "ru",
        "category": "IV",
        "name": (3, 6),
        "years": 4,
        "air": 12,
        "waste": 60,
        "conditions": 30,
    },
    {
        "lang": "kk-ru",
        "category": "II",
        "name": (1, 3),
        "years": 7,
        "air": 9,
        "discharge": [2],
        "waste": 3,
        "sulfur": 3,
        "validity": "dates",
    },
]

WORDS = {
    "kk": {
        "series": "Сериясы А-W № {}",
        "year": "{} жылы {} тонна",
        "plan": "({} жылғы № {})",
        "validity": "мерзімі {} жылдан {} жылға дейін",
        "total": "Барлығы",
        "unit": "т/жыл",
        "footer": r"^Сериясы А-W № {} — (\d+)-бет, барлығы (\d+)$",
        "green": "жасыл",
        "amber": "янтарь",
        "red": "қызыл",
        "open": "ашық түрде",
        "closed": "жабық түрде",
    },
    "ru": {
        "series": "Серия А-W № {}",
        "year": "в {} году {} тонн",
        "plan": "(№ {1} от {0} года)",
        "validity": "с {} года по {} год",
        "total": "ВСЕГО",
        "unit": "т/год",
        "footer": r"^Серия А-W № {} — Страница (\d+) из (\d+)$",
        "green": "зеленый",
        "amber": "янтарный",
        "red": "красный",
        "open": "в открытом виде",
        "closed": "в закрытом виде",
    },
}
KINDS = {"air": "annex1", "discharge": "annex2", "waste": "annex3", "sulfur": "annex4"}


def printed(value):
    """A quantity on the page: decimal comma, U+00A0 between thousands, every place given."""
    whole, _, places = value.partition(".")
    groups = f"{int(whole):,}".replace(",", "\u00a0")
    return f"{groups},{places}" if places else groups


def day(iso):
    year, month, date = iso.split("-")
    return f"{date}.{month}.{year}"


class Expected:
    """What the form must say, in order: (text, number of values in it).

    The page is only asked into how many tables the layout has divided the years.
    """

    def __init__(self, permit, page):
        self.permit, self.page, self.languages = permit, page, page.languages
        self.items, self.at = [], 0
        for language in self.languages:
            self.sheet(language)
        self.appendix1()
        self.appendix2()
        self.appendix3()
        self.appendix4()
        self.appendix5()

    def add(self, text, values=1):
        self.items.append((text, values))
        found = self.page.squeezed.find(squeezed(text), self.at)
        self.at = self.at if found < 0 else found + len(squeezed(text))

    def both(self, pair):
        """A text that stands in each language of the document, Kazakh first."""
        return "".join(pair[language] for language in self.languages)

    def sheet(self, language):
        p, words = self.permit, WORDS[language]
        user, facility = p["nature_user"], p["facility"]
        self.add(words["series"].format(p["number"]))
        self.add(p["issuing_body"][language])
        self.add(user["name"][language])
        self.add(f"{user['address']['index']}, {user['address'][language]}", 2)
        self.add(user["id"]["value"])
        self.add(user["account_number"])
        self.add(facility["name"][language])
        self.add(facility["location"][language])
        for number, kind in enumerate(KINDS, 1):
            self.add(f"{number}. ", 0)
            lines = list(p["totals"].get(kind, {}).items())
            for at, (year, tonnes) in enumerate(lines):
                end = "." if at == len(lines) - 1 else ";"
                self.add(words["year"].format(year, printed(tonnes)) + end, 2)
            if not lines:
                self.add("—", 1)
        if attachments := p.get("attachments"):
            for reference in (attachments["action_plan"], attachments["monitoring"]):
                self.add(words["plan"].format(day(reference["date"]), reference["no"]), 2)
        validity = p["validity"]
        if "to_year" in validity:
            self.add(words["validity"].format(validity["from_year"], validity["to_year"]), 2)
        elif "to" in validity:
            self.add(words["validity"].format(day(validity["from"]), day(validity["to"])), 2)
        self.add(f"{day(p['issue_date'])}, {p['issue_place'][language]}", 2)
        self.add(p["signatory"]["position"][language])
        self.add(p["signatory"]["name"][language])

    def head(self, number):
        p = self.permit
        for language in self.languages:
            self.add(WORDS[language]["series"].format(p["number"]))
        self.add(self.both(p["nature_user"]["name"]), len(self.languages))
        basis = p.get("basis")
        if basis and number == 1:
            for language in self.languages:
                name = basis["conclusion_name"][language]
                date = day(basis["conclusion_date"])
                self.add(f"{name}, № {basis['conclusion_no']}, {date}", 3)

    def table(self, years, rows, cells, total):
        """A table for each span of years; values that each of them repeats count once."""
        for span in self.spans(years):
            first = span[0] == years[0]
            self.add("".join(span), len(span))
            for number, row in enumerate(rows, 1):
                left = cells(number, row)
                figures = [printed(row["tonnes"][year]) for year in span]
                self.add("".join(left + figures), len(left) * first + len(figures))
            words = "".join(WORDS[language]["total"] for language in self.languages)
            sums = [printed(total(year)) for year in span]
            extra = self.gps_total(rows) if "gps" in rows[0] else []
            self.add(words + "".join(extra + sums), len(extra) * first + len(sums))

    def spans(self, years):
        """The years of each table: how many fit beside each other is the layout's business."""
        unit = "".join(WORDS[language]["unit"] for language in self.languages)
        while years:
            head = self.page.squeezed.find(squeezed(unit) + years[0], self.at)
            start = head + len(squeezed(unit))
            count = len(years)
            while count > 1 and not self.page.squeezed.startswith("".join(years[:count]), start):
                count -= 1
            yield years[:count]
            years = years[count:]

    def gps_total(self, rows):
        return [printed(f"{sum(Decimal(row['gps']) for row in rows):f}")]

    def appendix1(self):
        if not (rows := self.permit.get("annex1")):
            return
        totals = self.permit["totals"]["air"]
        self.head(1)
        self.table(
            list(totals),
            rows,
            lambda number, row: [
                str(number),
                "—",
                row["code"],
                self.both(row["name"]),
                printed(row["gps"]),
            ],
            totals.get,
        )

    def appendix2(self):
        if not (outlets := self.permit.get("annex2")):
            return
        years = list(self.permit["totals"]["discharge"])
        self.head(2)
        for outlet in outlets:
            flow = f"{printed(outlet['m3_h'])}; {printed(outlet['thousand_m3_year'])}"
            self.add(f"№ {outlet['outlet']}{self.both(outlet['receiver'])}{flow}", 4)
            rows = outlet["rows"]

            def total(year, rows=rows):
                return f"{sum(Decimal(row['tonnes'][year]) for row in rows):f}"

            self.table(
                years,
                rows,
                lambda _, row: [
                    self.both(row["name"]),
                    printed(row["mg_dm3"]),
                    printed(row["g_h"]),
                ],
                total,
            )
        if len(outlets) > 1:
            totals = self.permit["totals"]["discharge"]
            for span in self.spans(years):
                self.add("".join(span), len(span))
                self.add("".join(printed(totals[year]) for year in span), len(span))

    def appendix3(self):
        if not (rows := self.permit.get("annex3")):
            return
        totals = self.permit["totals"]["waste"]
        self.head(3)
        self.table(
            list(totals),
            rows,
            lambda _, row: [
                self.both(row["name"]),
                row["code"],
                self.word(row["level"]),
                self.both(row["place"]),
            ],
            totals.get,
        )

    def appendix4(self):
        if not (rows := self.permit.get("annex4")):
            return
        totals = self.permit["totals"]["sulfur"]
        self.head(4)
        self.table(
            list(totals),
            rows,
            lambda _, row: [row["map"], self.both(row["place"]), self.word(row["form"])],
            totals.get,
        )

    def appendix5(self):
        self.head(5)
        for number, condition in enumerate(self.permit["annex5"], 1):
            self.add(f"{number}{self.both(condition)}——", 1 + len(self.languages))

    def word(self, code):
        return "".join(WORDS[language][code] for language in self.languages)


def squeezed(text):
    """Without any white space: where a line breaks is the layout's business, not the data's."""
    return re.sub(r"\s+", "", text)


class Page:
    """The text of a PDF, its footers taken out and kept."""

    def __init__(self, text, number, languages):
        self.languages, self.footers = languages, []
        pages = text.split("\f")[:-1]
        for index, page in enumerate(pages):
            found = []
            for language in languages:
                footer = re.compile(WORDS[language]["footer"].format(number), re.MULTILINE)
                found += footer.findall(page)
                page = footer.sub("", page)
            self.footers.append(found)
            pages[index] = page
        self.text = "\n".join(pages)
        self.squeezed = squeezed(self.text)

    def footers_are_right(self):
        """Page X of Y on each page, in one of the languages or in each of them."""
        last = str(len(self.footers))
        return all(
            found and set(found) == {(str(number), last)}
            for number, found in enumerate(self.footers, 1)
        )

    def missing(self, items):
        """The texts that do not follow each other in the file, with what stands there instead."""
        at, missing = 0, []
        for text, values in items:
            found = self.squeezed.find(squeezed(text), at)
            if found < 0:
                missing.append((text, values, self.squeezed[at : at + 120]))
            else:
                at = found + len(squeezed(text))
        return missing


WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')


def misplaced(boxes):
    """Words that cross another word or the margin of a page, in the output of pdftotext -bbox."""
    found = []
    for page in boxes.split("</page>")[:-1]:
        width, height = map(float, PAGE.search(page).groups())
        words = [(*map(float, match.groups()[:4]), match[5]) for match in WORD.finditer(page)]
        words.sort(key=lambda word: word[1])
        for at, (left, top, right, bottom, text) in enumerate(words):
            if left < MARGIN or top < MARGIN or right > width - MARGIN or bottom > height - MARGIN:
                found.append(f"{text!r} leaves the page")
            for other in words[at + 1 :]:
                if other[1] > bottom - SLACK:
                    break
                across = min(right, other[2]) - max(left, other[0])
                if across > SLACK and min(bottom, other[3]) - other[1] > SLACK:
                    found.append(f"{text!r} crosses {other[4]!r}")
    return found


# In points: what no word may come near, and what boxes of neighbouring lines may share.
MARGIN, SLACK = 20, 3.5


def spoil(text, random):
    """The same text with one letter or digit that is another."""
    places = [at for at, character in enumerate(text) if character.isalnum()]
    at = random.choice(places)
    other = "5" if text[at] != "5" else "6"
    return text[:at] + other + text[at + 1 :]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    options.add_argument("--seed", default=os.urandom(8).hex())
    given = options.parse_args()
    print(f"seed {given.seed}")
    given.work.mkdir(parents=True, exist_ok=True)
    ruqsat, generator = Ruqsat(given.ruqsat), Generator(given.seed)
    gate = Gate("generated permits")
    values = found = 0
    for index, shape in enumerate(SHAPES, 1):
        lang = shape["lang"]
        permit = generator.permit(shape)
        data, out = given.work / f"{index}.json", given.work / f"{index}.pdf"
        data.write_text(json.dumps(permit, ensure_ascii=False, indent=1))
        issued = ruqsat("issue", data, "-o", out, "--lang", lang, "--for-signing", "--force")
        if not gate.check(f"{index} is issued", issued.code == 0, issued.evidence):
            continue
        text = must("pdftotext", "-raw", out, "-").text
        page = Page(text, permit["number"], lang.split("-"))
        items = Expected(permit, page).items
        count = sum(values for _, values in items)
        missing = page.missing(items)
        values += count
        found += count - sum(item[1] for item in missing)
        what = (
            f"{index} {lang} {shape['category']}: {count} values in {len(items)} places, in order"
        )
        gate.check(
            what,
            not missing,
            "\n".join(f"{t!r}\n   after it: {rest!r}" for t, _, rest in missing[:6]),
        )
        gate.check(
            f"{index} pages are numbered 1 to {len(page.footers)}",
            page.footers_are_right(),
            page.footers,
        )
        gate.check(
            f"{index} all eighteen Kazakh letters", "kk" not in lang or set(KAZAKH) <= set(text)
        )
        # pdftotext writes U+00A0 as a space; what matters is that no figure is broken there.
        thousands = {
            p.replace("\u00a0", " ") for p in map(printed, quantities(permit)) if "\u00a0" in p
        }
        lost = sorted(figure for figure in thousands if figure not in page.text)
        gate.check(
            f"{index} {len(thousands)} figures of thousands are not broken", not lost, lost[:10]
        )
        wrong = misplaced(must("pdftotext", "-bbox", out, "-").text)
        gate.check(f"{index} no word crosses another or a margin", not wrong, "\n".join(wrong[:10]))
        if index == 1:
            boxes = must("pdftotext", "-bbox", out, "-").text
            word = WORD.search(boxes)[0]
            gate.check(
                "two words in one place are noticed", misplaced(boxes.replace(word, 2 * word, 1))
            )
        noticed = sum(
            bool(
                page.missing(
                    [*items[:at], (spoil(items[at][0], generator.random), 1), *items[at + 1 :]]
                )
            )
            for at in sample(generator.random, items)
        )
        gate.check(
            f"{index} a spoilt expectation is noticed 10 times of 10", noticed == 10, noticed
        )
    gate.check(f"{found} of {VALUES} values", found == values == VALUES, values)
    return gate.end()


def sample(random, items):
    candidates = [
        at for at, (text, values) in enumerate(items) if values and any(map(str.isalnum, text))
    ]
    return random.sample(candidates, 10)


def quantities(permit):
    for years in permit["totals"].values():
        yield from years.values()
    for annex in ("annex1", "annex3", "annex4"):
        for row in permit.get(annex, []):
            yield from row["tonnes"].values()
    for outlet in permit.get("annex2", []):
        yield outlet["m3_h"]
        yield outlet["thousand_m3_year"]
        for row in outlet["rows"]:
            yield from (row["mg_dm3"], row["g_h"], *row["tonnes"].values())


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
