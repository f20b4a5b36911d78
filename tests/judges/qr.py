"""The code at the foot of a page, read by an independent decoder from a picture of the page.

Each document has another number in each run, some with every sign that the grammar escapes, and one
code is as long as an address may make it; zbar reads the code on every page as a scanner of 150 dots
an inch sees it, its text follows the grammar of the README as it is written down here once more, the
digest in it is that of the data that qpdf takes out of the file, and `verify --qr` knows the file by
it and by no other.

    python3 tests/judges/qr.py --ruqsat target/release/ruqsat --demo ruqsat-demo --work target/judges/qr
"""

import argparse
import base64
import hashlib
import json
import pathlib
import random
import shutil
import sys
import urllib.parse

from common import REPOSITORY, SAMPLE, Gate, run

REFUSAL = REPOSITORY / "fixtures/refusals/atyrau-2013.json"
BASE = "https://ruqsat.example/check"
# With a slash behind it, and as long as an address may be.
LONGEST = "https://ruqsat.example/" + "a" * 176 + "/"


def text_of(values):
    quoted = [urllib.parse.quote(value, safe="-._~") for value in values]
    return "RUQSAT1;" + ";".join(quoted)


def url_of(values, base=BASE):
    quoted = [urllib.parse.quote(value, safe="-._~") for value in values]
    return base + "?" + "&".join(f"{key}={value}" for key, value in zip("efndh", quoted))


def longest_of(values):
    return url_of(values, LONGEST)


def data_of(pdf):
    names = run("qpdf", "--list-attachments", pdf).text
    name = "permit.json" if "permit.json" in names else "document.json"
    return run("qpdf", f"--show-attachment={name}", pdf).stdout


def codes_on(pdf, work):
    """The codes on each page, as zbar reads them at 150 dots an inch, the least that an office scans with."""
    pages = work / pdf.stem
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir()
    run("pdftoppm", "-r", "150", "-gray", "-png", pdf, pages / "page")
    found = []
    for page in sorted(pages.glob("*.png")):
        read = run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page)
        found.append(read.text.splitlines())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ruqsat", required=True)
    parser.add_argument("--demo", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    gate = Gate("QR code")
    trust = next(p for p in arguments.demo.iterdir() if (p / "root.pem").exists())
    digits = f"{random.randrange(100_000):05}"
    signs = f"{digits} Ә;%/?&=+#№ қ"
    for case, form, number, options, spelt in [
        ("kk-ru", "permit", digits, ["--lang", "kk-ru"], text_of),
        ("kk", "permit", digits, ["--lang", "kk", "--qr-base", BASE], url_of),
        ("ru", "permit", digits, ["--lang", "ru", "--for-signing"], text_of),
        ("signs", "refusal", signs, [], text_of),
        ("signs in an address", "refusal", signs, ["--qr-base", BASE], url_of),
        ("longest address", "refusal", signs, ["--qr-base", LONGEST], longest_of),
    ]:
        document = json.loads((SAMPLE if form == "permit" else REFUSAL).read_text())
        document["number"] = number
        stem = case.replace(" ", "-")
        data = arguments.work / f"{stem}.json"
        data.write_text(json.dumps(document, ensure_ascii=False))
        pdf = arguments.work / f"{stem}.pdf"
        made = run(arguments.ruqsat, "issue", data, "-o", pdf, "--form", form, *options)
        gate.check(f"{case}: a {form} is made", made.code == 0, made.evidence)
        digest = hashlib.sha256(data_of(pdf)).digest()
        values = [
            document["edition"],
            form,
            f"{document['series']} № {number}" if form == "permit" else number,
            document["issue_date"],
            base64.urlsafe_b64encode(digest).decode().rstrip("="),
        ]
        expected = spelt(values)
        pages = codes_on(pdf, arguments.work)
        each = all(codes == [expected] for codes in pages) and pages
        gate.check(f"{case}: every page has the code", each, f"{expected}\n{pages}")

        def verify(text):
            return run(arguments.ruqsat, "verify", pdf, "--trust", trust, "--qr", text)

        same = verify(expected)
        gate.check(f"{case}: the file is known by it", same.code == 4, same.evidence)
        others = {
            "edition": [values[0] + "x", *values[1:]],
            "form": [values[0], "conclusion", *values[2:]],
            "number": [*values[:2], values[2][:-1] + "x", *values[3:]],
            "no number": [*values[:2], "", *values[3:]],
            "date": [*values[:3], "2013-12-05", values[4]],
            "data": [*values[:4], base64.urlsafe_b64encode(digest[::-1]).decode().rstrip("=")],
        }
        for what, changed in others.items():
            other = verify(spelt(changed))
            gate.check(f"{case}: no other {what}", other.code == 1, other.evidence)
        for what, text in [
            ("another address", "https://ruqsat.example/"),
            ("in lower case", expected.lower()),
            ("in upper case", expected.upper()),
            ("with more behind it", expected + "&x=1"),
            ("cut short", expected[:-1]),
        ]:
            none = verify(text)
            gate.check(f"{case}: {what} it is no code", none.code in (1, 2), none.evidence)
        # The judge must be able to say no: the upper half of a page has no code.
        top = ["-r", "200", "-png", "-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "1600", "-H", "900"]
        half = arguments.work / f"{stem}-half"
        run("pdftoppm", *top, "-singlefile", pdf, half)
        read = run("zbarimg", "--quiet", "--raw", f"{half}.png")
        gate.check(f"{case}: half a page has no code", read.code == 4, read.evidence)
    return 0 if gate.end() else 1


if __name__ == "__main__":
    sys.exit(main())
