"""What every fixture says must be read whole out of its PDF, in each language, by pdftotext.

    texts.py --ruqsat PROGRAM --work FOLDER

Each text of the data that is printed in a language must stand there in one piece, in the order of
the content and as pdftotext lays it out by itself; the other language must not be there; no soft
hyphen may be. At the end the judge looks for a text with one letter changed, which it must not find.
"""

import argparse
import json
import pathlib
import sys

from common import FORMS, REPOSITORY, Gate, Ruqsat, must

LANGUAGES = {"kk": ["kk"], "ru": ["ru"], "kk-ru": ["kk", "ru"]}
# The letterhead of a provider is in both languages whatever is asked for.
ALWAYS = ("/provider/name", "/provider/details")
# Letters of a text that may stand in another one by chance.
SHORT = 12


def squeezed(text):
    """Without white space, which lines and cells add, and without hyphens, at which lines end."""
    return "".join(text.split()).replace("-", "")


def texts(value, pointer=""):
    """Pointer, language and text of each text that the data has in two languages."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("kk", "ru") and isinstance(member, str):
                yield pointer, name, member
            else:
                yield from texts(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from texts(element, f"{pointer}/{index}")


def read(pdf, *options):
    return must("pdftotext", *options, pdf, "-").text


def missing(data, languages, pdf):
    """What cannot be read in one piece, and soft hyphens."""
    lacking = []
    for options in ((), ("-raw",)):
        text = read(pdf, *options)
        if "\u00ad" in text:
            lacking.append("a soft hyphen")
        text = squeezed(text)
        for pointer, language, wanted in texts(data):
            if language in languages or pointer in ALWAYS:
                if squeezed(wanted) not in text:
                    lacking.append(f"{' '.join(options)} {pointer}/{language}: {wanted}")
    return lacking


def foreign(data, languages, pdf):
    """Texts of a language that was not asked for; words that both languages share do not count."""
    text = squeezed(read(pdf, "-raw"))
    printed = "\n".join(
        squeezed(wanted) for _, language, wanted in texts(data) if language in languages
    )
    return [
        f"{pointer}/{language}"
        for pointer, language, other in texts(data)
        if language not in languages
        and pointer not in ALWAYS
        and squeezed(other) not in printed
        and len(other) > SHORT
        and squeezed(other) in text
    ]


def out_of_order(data, pdf):
    """Texts of the main sheet whose Kazakh does not come before the Russian."""
    text = squeezed(read(pdf, "-raw"))
    pairs = {}
    for pointer, language, wanted in texts(data):
        pairs.setdefault(pointer, {})[language] = squeezed(wanted)
    return [
        pointer
        for pointer, pair in pairs.items()
        if pair["kk"] != pair["ru"] and text.find(pair["kk"]) > text.find(pair["ru"])
    ]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat = Ruqsat(given.ruqsat)
    given.work.mkdir(parents=True, exist_ok=True)
    gate = Gate("texts")
    for folder, form in FORMS.items():
        for path in sorted((REPOSITORY / "fixtures" / folder).glob("*.json")):
            data = json.loads(path.read_text())
            name = f"{folder}/{path.stem}"
            pdf = given.work / f"{folder}.{path.stem}.pdf"
            for language, printed in LANGUAGES.items():
                ruqsat.must(
                    "issue", "--form", form, "--lang", language, "--medium", "paper",
                    path, "-o", pdf, "--force",
                )
                wrong = missing(data, printed, pdf) + foreign(data, printed, pdf)
                gate.check(f"{name}, {language}: every text is read whole", not wrong, wrong)
            wrong = out_of_order(data, pdf)
            gate.check(f"{name}: Kazakh before Russian", not wrong, wrong)
    data["service_name"]["kk"] = data["service_name"]["kk"].replace("қ", "к", 1)
    gate.check("a text with another letter is found missing", missing(data, ["kk"], pdf))
    return gate.end()


if __name__ == "__main__":
    sys.exit(not main())
