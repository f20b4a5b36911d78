"""veraPDF on every document that `ruqsat` builds: PDF/A-3a and PDF/UA-1, before and after signing.

    vera.py --ruqsat PROGRAM --vera CLASSPATH-FILE --demo FOLDER --work FOLDER

CLASSPATH-FILE is what Maven wrote beside the classes of `vera/`. The judge is first given copies of
one document with one defect each, which it must refuse, and the same copy without a defect, which
it must not. qpdf reads every file too.
"""

import argparse
import json
import pathlib
import shutil
import sys

from common import FORMS, REPOSITORY, SAMPLE, Gate, Ruqsat, must, run

LANGUAGES = ("kk", "ru", "kk-ru")
MEDIA = ("draft", "paper", "electronic")
SIGNED = set(FORMS.values()) - {"questionnaire", "questionnaire-summary"}
# What is done to a copy, and the profiles that must refuse it.
DEFECTS = {
    "catalog without language": (b"/Lang (kk-KZ)", b"", ("ua1",)),
    "not marked": (b"/Marked true", b"/Marked false", ("3a", "ua1")),
    "no output intent": (b"/OutputIntents", b"/OutputIntentz", ("3a",)),
    "a level of headings left out": (b"/S /H1", b"/S /H3", ("ua1",)),
    "head cells without scope": (b"/Scope /Column", b"", ("ua1",)),
    "a paragraph among the rows": (b"/S /TR", b"/S /P", ("ua1",)),
    "data without relationship": (b"/AFRelationship /Data", b"", ("3a",)),
    "no claim": (b"<pdfaid:part>3</pdfaid:part>", b"", ("3a",)),
    "no claim of accessibility": (b"<pdfuaid:part>1</pdfuaid:part>", b"", ("ua1",)),
    "no title in the window": (b"/DisplayDocTitle true", b"/DisplayDocTitle false", ("ua1",)),
    "no parent tree": (b"/ParentTree ", b"/ParentTrex ", ("ua1",)),
}


class Vera:
    def __init__(self, given):
        self.classpath = given.vera.read_text().strip()
        self.classes = given.vera.resolve().parent / "classes"

    def judge(self, files):
        """Profile and file to verdict, in one run of the program."""
        ran = run(
            "java", "-cp", f"{self.classes}:{self.classpath}", "judge.Conformance", *files, timeout=1800
        )
        verdicts = {}
        for line in ran.text.splitlines():
            verdict, profile, file = line.split("\t")
            verdicts[profile, pathlib.Path(file)] = verdict
        if len(verdicts) != 2 * len(files):
            sys.exit(f"veraPDF did not judge every file:\n{ran.evidence}")
        return verdicts


def spoilt(pdf, work):
    """Copies with one defect each, and one without: its file and the profiles that must refuse."""
    plain = work / "plain.pdf"
    must("qpdf", "--qdf", "--object-streams=disable", "--newline-before-endstream", pdf, plain)
    copies = {"a copy without a defect": (plain, ())}
    for number, (name, (old, new, refused)) in enumerate(DEFECTS.items()):
        data = plain.read_bytes()
        if old not in data:
            sys.exit(f"{name}: {old} does not stand in the document")
        changed = work / f"defect-{number}.qdf"
        changed.write_bytes(data.replace(old, new))
        fixed = work / f"defect-{number}.pdf"
        fixed.write_bytes(must("fix-qdf", changed).stdout)
        copies[name] = (fixed, refused)
    return copies


def documents(ruqsat, work):
    """Every fixture of every form and edition, in every language and on every medium; each form of
    each edition once more in the words of the regulation."""
    built, seen = [], set()
    for folder, form in FORMS.items():
        for fixture in sorted((REPOSITORY / "fixtures" / folder).glob("*.json")):
            edition = json.loads(fixture.read_text())["edition"]
            shapes = [(language, medium, ()) for language in LANGUAGES for medium in MEDIA]
            if (form, edition) not in seen:
                seen.add((form, edition))
                shapes.append(("kk-ru", "electronic", ("--verbatim",)))
            for language, medium, more in shapes:
                name = "-".join([form, fixture.stem, language, medium, *more])
                out = work / f"{name}.pdf"
                how = {
                    "draft": ("--medium", "draft"),
                    "paper": ("--medium", "paper"),
                    "electronic": ("--for-signing",) if form in SIGNED else ("--medium", "electronic"),
                }
                arguments = ("--form", form, "--lang", language, *how[medium], *more)
                ruqsat.must("issue", fixture, *arguments, "-o", out, "--force")
                built.append(out)
    return built


def long_permit(work):
    """A permit with 400 pollutants."""
    permit = json.loads(SAMPLE.read_text())
    row = permit["annex1"][0]
    years = list(row["tonnes"])
    permit["annex1"] = [
        {
            **row,
            "code": f"{number:04}",
            "name": {"kk": f"зат {number}", "ru": f"вещество {number}"},
            "gps": "0.5",
            "tonnes": {year: "0.25" for year in years},
        }
        for number in range(1, 401)
    ]
    permit["totals"]["air"] = {year: "100" for year in years}
    file = work / "long.json"
    file.write_text(json.dumps(permit, ensure_ascii=False))
    return file


def main():
    parser = argparse.ArgumentParser()
    for name in ("vera", "demo", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--ruqsat", required=True)
    given = parser.parse_args()
    ruqsat, vera = Ruqsat(given.ruqsat), Vera(given)
    work = given.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    gate = Gate("veraPDF")

    files = documents(ruqsat, work)
    long = work / "long.pdf"
    ruqsat.must("issue", long_permit(work), "--for-signing", "-o", long, "--force")
    files.append(long)
    # Signed with evidence in later revisions, and signed by a certificate that was revoked.
    files += [given.demo / "permit.pdf", given.demo / "permit-revoked.pdf"]

    sample = work / "permit-atyrau-2013-kk-ru-electronic.pdf"
    copies = spoilt(sample, work)
    verdicts = vera.judge([file for file, _ in copies.values()] + files)
    for name, (file, refused) in copies.items():
        for profile in ("3a", "ua1"):
            verdict = verdicts[profile, file]
            if profile in refused:
                gate.check(f"{name} is refused by {profile}", verdict.startswith("FAIL"), verdict)
            elif not refused:
                gate.check(f"{name} is {profile}", verdict == "PASS", verdict)
    for file in files:
        for profile in ("3a", "ua1"):
            verdict = verdicts[profile, file]
            gate.check(f"{file.name} is {profile}", verdict == "PASS", verdict)
        ran = run("qpdf", "--check", file)
        gate.check(f"{file.name} is sound", ran.code == 0, ran.evidence)
    sys.exit(0 if gate.end() else 1)


main()
