"""The code at the foot of a page, read by an independent decoder from a picture of the page.

Each permit has another number in each run; zbar reads the code on every page, its text follows the
grammar of the README as it is written down here once more, the digest in it is that of the data that
qpdf takes out of the file, and `verify --qr` knows the file by it and no other.

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

from common import SAMPLE, Gate, run

BASE = "https://ruqsat.example/check"


def text_of(values):
    quoted = [urllib.parse.quote(value, safe="-._~") for value in values]
    return "RUQSAT1;" + ";".join(quoted)


def url_of(values):
    quoted = [urllib.parse.quote(value, safe="-._~") for value in values]
    return BASE + "?" + "&".join(f"{key}={value}" for key, value in zip("efndh", quoted))


def data_of(pdf):
    names = run("qpdf", "--list-attachments", pdf).text
    name = "permit.json" if "permit.json" in names else "document.json"
    return run("qpdf", f"--show-attachment={name}", pdf).stdout


def codes_on(pdf, work):
    """The codes on each page, as zbar reads them at 200 dots an inch, which is what an office prints."""
    pages = work / pdf.stem
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir()
    run("pdftoppm", "-r", "200", "-gray", "-png", pdf, pages / "page")
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
    for language, options, spelt in [
        ("kk-ru", [], text_of),
        ("kk", ["--qr-base", BASE], url_of),
        ("ru", ["--for-signing"], text_of),
    ]:
        permit = json.loads(SAMPLE.read_text())
        permit["number"] = f"{random.randrange(100_000):05}"
        data = arguments.work / f"{language}.json"
        data.write_text(json.dumps(permit, ensure_ascii=False))
        pdf = arguments.work / f"{language}.pdf"
        made = run(arguments.ruqsat, "issue", data, "-o", pdf, "--lang", language, *options)
        gate.check(f"{language}: a permit is made", made.code == 0, made.evidence)
        digest = hashlib.sha256(data_of(pdf)).digest()
        values = [
            permit["edition"],
            "permit",
            f"{permit['series']} № {permit['number']}",
            permit["issue_date"],
            base64.urlsafe_b64encode(digest).decode().rstrip("="),
        ]
        expected = spelt(values)
        pages = codes_on(pdf, arguments.work)
        each = all(codes == [expected] for codes in pages) and pages
        gate.check(f"{language}: every page has the code", each, f"{expected}\n{pages}")

        def verify(text):
            return run(arguments.ruqsat, "verify", pdf, "--trust", trust, "--qr", text)

        same = verify(expected)
        gate.check(f"{language}: the file is known by it", same.code == 4, same.evidence)
        other = verify(spelt([*values[:2], values[2][:-1] + "x", *values[3:]]))
        gate.check(f"{language}: no other file is", other.code == 1, other.evidence)
        none = verify("https://ruqsat.example/")
        gate.check(f"{language}: another text is no code", none.code == 2, none.evidence)
        # The judge must be able to say no: the upper half of a page has no code.
        top = ["-r", "200", "-png", "-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "1600", "-H", "900"]
        half = arguments.work / f"{language}-half"
        run("pdftoppm", *top, "-singlefile", pdf, half)
        read = run("zbarimg", "--quiet", "--raw", f"{half}.png")
        gate.check(f"{language}: half a page has no code", read.code == 4, read.evidence)
    return 0 if gate.end() else 1


if __name__ == "__main__":
    sys.exit(main())
