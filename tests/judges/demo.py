"""Outside judges on the files that `ruqsat demo` wrote.

    demo.py JUDGE --demo FOLDER --work FOLDER [--ruqsat PROGRAM] [--python PYTHON] [--dss CLASSPATH-FILE]

JUDGE is one of qpdf, pdfsig, openssl, dss, pyhanko, altered, verify. Each is first given a spoilt
file, which it must refuse.
"""

import argparse
import json
import pathlib
import shutil
import sys

from authority import pem
from common import SAMPLE, Gate, Ruqsat, codes, must, notes, run
from pdf import Pdf, stream_byte

HERE = pathlib.Path(__file__).resolve().parent
HEADINGS = {
    "en": "The signature is valid.",
    "ru": "Подпись действительна.",
    "kk": "Қолтаңба жарамды.",
}


class Demo:
    def __init__(self, given):
        self.given = given
        self.folder, self.work = given.demo.resolve(), given.work.resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.permit = self.folder / "permit.pdf"
        self.altered = self.folder / "permit-altered.pdf"
        self.revoked = self.folder / "permit-revoked.pdf"
        self.authority = self.folder / "ca"
        self.root = self.authority / "root.pem"
        self.spoilt = self.work / "spoilt.pdf"
        self.spoilt.write_bytes(self.one_bit_off())

    def one_bit_off(self):
        """The permit with one bit of a signed stream changed."""
        data = bytearray(self.permit.read_bytes())
        data[stream_byte(data)] ^= 1
        return bytes(data)

    def issuers(self):
        """The certificates of the authority's folder but the root."""
        found = [path for path in sorted(self.authority.glob("*.pem")) if path != self.root]
        return [path for path in found if b"BEGIN CERTIFICATE" in path.read_bytes()]

    def lists(self):
        """The complete ones: openssl without `-use_deltas`, and EU DSS, take a delta list for one."""
        found = sorted((self.authority / "crl").glob("*.crl"))
        return [file for file in found if not file.stem.endswith("-delta")]


def qpdf(demo):
    gate = Gate("qpdf")
    cut = demo.work / "cut.pdf"
    cut.write_bytes(demo.permit.read_bytes()[: demo.permit.stat().st_size // 2])
    ran = run("qpdf", "--check", cut)
    gate.check("half a file is refused", ran.code != 0, ran.evidence)
    for file in (demo.permit, demo.altered, demo.revoked):
        ran = run("qpdf", "--check", file)
        clean = "No syntax or stream encoding errors found" in ran.text
        gate.check(f"{file.name} is sound", ran.code == 0 and clean, ran.evidence)
    return gate


def pdfsig(demo):
    gate = Gate("pdfsig")
    # A new database each time: NSS keeps certificates by issuer and serial number.
    trusting, empty = demo.work / "nss", demo.work / "nss-empty"
    for folder in (trusting, empty):
        folder.mkdir()
        must("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    must("certutil", "-A", "-d", f"sql:{trusting}", "-n", "root", "-t", "CT,C,C", "-i", demo.root)

    def ask(file, folder=trusting):
        return run("pdfsig", "-nssdir", f"sql:{folder}", "-no-ocsp", file)

    ran = ask(demo.spoilt)
    gate.check(
        "one changed bit is refused",
        "Signature is Valid" not in ran.text and "Digest Mismatch" in ran.text,
        ran.evidence,
    )
    ran = ask(demo.permit, empty)
    gate.check(
        "an unknown root is not trusted",
        "Certificate is Trusted" not in ran.text and "Signature is Valid" in ran.text,
        ran.evidence,
    )
    ran = ask(demo.permit)
    for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed"):
        gate.check(f"permit.pdf: {words}", words in ran.text, ran.evidence)
    gate.check("permit.pdf: one signature", ran.text.count("Signature #") == 1, ran.evidence)
    ran = ask(demo.altered)
    gate.check(
        "permit-altered.pdf is refused",
        "Digest Mismatch" in ran.text and "Signature is Valid" not in ran.text,
        ran.evidence,
    )
    ran = ask(demo.revoked)
    gate.check(
        "permit-revoked.pdf: the signature itself is whole",
        "Signature is Valid." in ran.text,
        ran.evidence,
    )
    return gate


def openssl(demo):
    gate = Gate("openssl cms")
    trusted = demo.work / "trusted.pem"
    trusted.write_bytes(demo.root.read_bytes())
    with_lists = demo.work / "trusted-with-lists.pem"
    lists = b"".join(pem("X509 CRL", path.read_bytes()) for path in demo.lists())
    with_lists.write_bytes(demo.root.read_bytes() + lists)

    def ask(file, anchors, *options):
        signature = Pdf(file.read_bytes()).signatures()[0]
        (demo.work / "cms.der").write_bytes(signature.cms)
        (demo.work / "content.bin").write_bytes(signature.signed)
        return run(
            "openssl",
            "cms",
            "-verify",
            "-cades",
            "-purpose",
            "any",
            "-binary",
            "-inform",
            "DER",
            "-in",
            demo.work / "cms.der",
            "-content",
            demo.work / "content.bin",
            "-CAfile",
            anchors,
            "-out",
            "/dev/null",
            *options,
        )

    def accepted(ran):
        return ran.code == 0 and "Verification successful" in ran.evidence

    ran = ask(demo.spoilt, trusted)
    gate.check(
        "one changed bit is refused",
        ran.code != 0 and "verification failure" in ran.evidence,
        ran.evidence,
    )
    stranger = demo.work / "stranger.pem"
    must(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=stranger",
        "-keyout",
        demo.work / "stranger.key",
        "-out",
        stranger,
    )
    ran = ask(demo.permit, stranger)
    gate.check(
        "another root is refused",
        ran.code != 0 and "certificate verify error" in ran.evidence,
        ran.evidence,
    )
    ran = ask(demo.permit, trusted)
    gate.check("permit.pdf is accepted", accepted(ran), ran.evidence)
    ran = ask(demo.permit, with_lists, "-crl_check_all")
    gate.check("permit.pdf is accepted with both lists", accepted(ran), ran.evidence)
    ran = ask(demo.altered, trusted)
    gate.check(
        "permit-altered.pdf is refused",
        ran.code != 0 and "verification failure" in ran.evidence,
        ran.evidence,
    )
    ran = ask(demo.revoked, trusted)
    gate.check(
        "permit-revoked.pdf is accepted where nobody asks for lists", accepted(ran), ran.evidence
    )
    ran = ask(demo.revoked, with_lists, "-crl_check_all")
    gate.check(
        "permit-revoked.pdf is refused with the lists",
        ran.code != 0 and "certificate revoked" in ran.evidence,
        ran.evidence,
    )
    signature = Pdf(demo.permit.read_bytes()).signatures()[0]
    whole = len(signature.signed) + len(signature.gap) == demo.permit.stat().st_size
    gate.check(
        "permit.pdf: all bytes are signed but the signature",
        whole and not signature.padding.strip(b"\0"),
        signature.byte_range,
    )
    return gate


def dss(demo):
    gate = Gate("EU DSS")
    classpath = demo.given.dss.read_text().strip()
    classes = demo.given.dss.parent / "classes"
    files = [demo.spoilt, demo.permit, demo.altered, demo.revoked]
    ran = run("java", "-cp", f"{classes}:{classpath}", "judge.Pades", demo.authority, *files)
    said = {}
    for line in ran.text.splitlines():
        file, number, indication, sub, level, *_ = line.split("\t")
        said.setdefault(file, []).append((number, indication, sub, level))
    evidence = ran.text + ran.stderr.decode()
    gate.check("every file was read", ran.code == 0 and len(said) == 4, evidence)

    def answer(file):
        answers = said.get(file.name, [])
        return answers[0] if len(answers) == 1 else (None,) * 4

    gate.check(
        "one changed bit is refused",
        answer(demo.spoilt)[1:3] == ("TOTAL_FAILED", "HASH_FAILURE"),
        evidence,
    )
    gate.check("permit.pdf: TOTAL_PASSED", answer(demo.permit)[1] == "TOTAL_PASSED", evidence)
    gate.check(
        "permit.pdf: PAdES-BASELINE-B", answer(demo.permit)[3] == "PAdES-BASELINE-B", evidence
    )
    gate.check(
        "permit-altered.pdf: TOTAL_FAILED", answer(demo.altered)[1] == "TOTAL_FAILED", evidence
    )
    refused = (
        answer(demo.revoked)[1] in ("TOTAL_FAILED", "INDETERMINATE")
        and "REVOKED" in answer(demo.revoked)[2]
    )
    gate.check("permit-revoked.pdf: not passed, revoked", refused, evidence)
    return gate


def pyhanko(demo):
    gate = Gate("pyHanko")
    files = [demo.spoilt, demo.permit, demo.altered, demo.revoked]
    ran = run(demo.given.python, HERE / "with_pyhanko.py", "validate", demo.authority, *files)
    said = {}
    for line in ran.text.splitlines():
        answer = json.loads(line)
        said[answer["file"]] = answer

    def answer(file):
        return said.get(file.name, {})

    gate.check(
        "one changed bit is refused", answer(demo.spoilt).get("intact") is False, ran.evidence
    )
    good = answer(demo.permit)
    gate.check(
        "permit.pdf is valid and trusted, with both lists", good.get("ok") is True, ran.evidence
    )
    gate.check(
        "permit.pdf: the whole file is covered", good.get("coverage") == "ENTIRE_FILE", ran.evidence
    )
    bad = answer(demo.altered)
    gate.check(
        "permit-altered.pdf is refused",
        bad.get("intact") is False and bad.get("ok") is False,
        ran.evidence,
    )
    late = answer(demo.revoked)
    gate.check(
        "permit-revoked.pdf is intact, and refused as revoked",
        late.get("intact") is True and late.get("ok") is False and late.get("revoked") is True,
        ran.evidence,
    )
    return gate


def altered(demo):
    """permit-altered.pdf is what the demo says: a good-looking file with another digit in a limit."""
    gate = Gate("altered file")
    before, after = demo.permit.read_bytes(), demo.altered.read_bytes()
    gate.check("the same size", len(before) == len(after), (len(before), len(after)))

    def text(file):
        ran = run("pdftotext", "-layout", file, "-")
        return ran if ran.code == 0 and not ran.stderr.strip() else None

    one, two = text(demo.permit), text(demo.altered)
    if not gate.check("pdftotext reads both without complaint", one and two):
        return gate
    gate.check(
        "the comparison sees no difference in equal texts", difference(one.text, one.text) == []
    )
    found = difference(one.text, two.text)
    gate.check("the texts differ in one character", len(found) == 1, found)
    gate.check(
        "it is a digit for another digit",
        len(found) == 1 and all(c.isdigit() for c in found[0][:2]),
        found,
    )
    totals = json.loads(SAMPLE.read_text())["totals"]
    limits = {grouped(value) for years in totals.values() for value in years.values()}
    word = stands_in(one.text, found[0][2], limits) if found else None
    gate.check("it stands in a year's limit", word is not None, found)
    drawn = run("pdftoppm", "-r", "30", "-png", demo.altered, demo.work / "page")
    pages = list(demo.work.glob("page*.png"))
    gate.check(
        "every page is drawn without complaint",
        drawn.code == 0 and not drawn.stderr.strip() and len(pages) > 0,
        drawn.evidence,
    )
    signed = Pdf(after).signatures()[0]
    changed = [at for at, (x, y) in enumerate(zip(before, after)) if x != y]
    a, b, c, d = signed.byte_range
    inside = changed and all(at < a + b or at >= c for at in changed)
    gate.check("every changed byte is a signed one", inside, changed[:20])
    return gate


def difference(one, two):
    if len(one) != len(two):
        return [("", "", f"lengths {len(one)} and {len(two)}")]
    return [(x, y, at) for at, (x, y) in enumerate(zip(one, two)) if x != y]


def stands_in(text, at, words):
    """One of the words that covers that place of the text."""
    for word in words:
        for start in range(max(0, at - len(word) + 1), at + 1):
            if text.startswith(word, start):
                return word
    return None


def grouped(value):
    """As pdftotext gives it: decimal comma, a space (U+00A0 in the file) between thousands."""
    whole, _, places = value.partition(".")
    return f"{int(whole):,}".replace(",", " ") + ("," + places if places else "")


def verify(demo):
    """The program's own verdict on the same files."""
    gate = Gate("ruqsat verify")
    ruqsat = Ruqsat(demo.given.ruqsat)

    def verdict(file, code, status, reasons, *arguments):
        arguments = arguments or ("--trust", demo.authority)
        ran, report = ruqsat.verify(file, *arguments)
        agreed = (
            ran.code == code and report.get("status") == status and codes(report)[:1] == reasons
        )
        gate.check(
            f"{file.name} {' '.join(map(str, reasons)) or 'valid'}: exit {code}",
            agreed,
            ran.evidence,
        )
        return ran, report

    verdict(demo.spoilt, 1, "invalid", ["DOC_ALTERED"])
    ran, report = verdict(demo.permit, 0, "valid", [])
    verdict(demo.altered, 1, "invalid", ["DOC_ALTERED"])
    verdict(demo.revoked, 1, "invalid", ["CERT_REVOKED_COMPROMISE"])
    verdict(demo.permit, 3, "indeterminate", ["REVOCATION_UNAVAILABLE"], "--trust", demo.root)
    verdict(demo.permit, 0, "valid", [], "--trust", demo.root, "--crl", demo.authority / "crl")

    data = json.loads(SAMPLE.read_text())
    permit = (report.get("document") or {}).get("permit") or {}
    gate.check(
        "the report names the permit",
        data["number"] in str(permit.get("number")) and permit.get("date") == data["issue_date"],
        ran.text,
    )
    signature = (report.get("signatures") or [{}])[0]
    gate.check("the format is PAdES-B-B", signature.get("format") == "PAdES-B-B", ran.text)
    signer = signature.get("signer") or {}
    gate.check(
        "the report names the signer's organisation",
        (signer.get("organisation") or {}).get("bin") == data["issuing_body_bin"],
        ran.text,
    )
    gate.check(
        "the whole IIN is not shown",
        data["signatory"]["iin"] not in ran.text
        and str(signer.get("iin_masked", "")).endswith(data["signatory"]["iin"][-4:]),
        ran.text,
    )
    for note in ("TEST_AUTHORITY", "TIME_CLAIMED_ONLY", "PERMIT_STATUS_NOT_CHECKED"):
        gate.check(f"note {note}", note in notes(report), notes(report))
    for language, heading in HEADINGS.items():
        said = ruqsat("verify", demo.permit, "--trust", demo.authority, "--lang", language)
        gate.check(f"in words, {language}", said.code == 0 and heading in said.text, said.evidence)
        said = ruqsat("verify", demo.altered, "--trust", demo.authority, "--lang", language)
        gate.check(
            f"altered in words, {language}",
            said.code == 1 and heading not in said.text and "DOC_ALTERED" in said.text,
            said.evidence,
        )
    piped = ruqsat("verify", "-", "--trust", demo.authority, stdin=demo.permit.read_bytes())
    gate.check("through a pipe", piped.code == 0, piped.evidence)
    nobody = ruqsat("verify", demo.permit)
    gate.check("without --trust: exit 2", nobody.code == 2 and not nobody.stdout, nobody.evidence)
    empty = demo.work / "empty.pdf"
    empty.write_bytes(b"")
    gate.check(
        "an empty file: exit 5", ruqsat("verify", empty, "--trust", demo.authority).code == 5
    )
    return gate


JUDGES = {
    "qpdf": qpdf,
    "pdfsig": pdfsig,
    "openssl": openssl,
    "dss": dss,
    "pyhanko": pyhanko,
    "altered": altered,
    "verify": verify,
}

if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("judge", choices=JUDGES)
    options.add_argument("--demo", type=pathlib.Path, required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    options.add_argument("--ruqsat", type=pathlib.Path)
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--dss", type=pathlib.Path)
    given = options.parse_args()
    sys.exit(0 if JUDGES[given.judge](Demo(given)).end() else 1)
