"""Good and bad signatures that were not made by the program under judgement.

    foreign.py --ruqsat PROGRAM --python PYTHON-WITH-PYHANKO --work FOLDER

The program only fills the form (`issue --for-signing`); openssl, pyHanko and the scripts beside this
one sign it. Each good file must be valid, each bad one has one defect and must be answered with the
code of that defect and its exit code.
"""

import argparse
import json
import pathlib
import shutil
import sys

import cms
import pdf
from authority import AUTHENTICATION, DAY, NOW, Authority, Key, check_with_openssl
from common import SAMPLE, Gate, Ruqsat, codes, must, run

EXIT = {"valid": 0, "invalid": 1, "indeterminate": 3}
OTHER_BIN, OTHER_IIN = "120540900019", "780315390019"


class World:
    """The unsigned document, two authorities, and how to sign and ask."""

    def __init__(self, ruqsat, python, work):
        self.ruqsat, self.python, self.work = ruqsat, python, work
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self.cases = []
        ruqsat.must(
            "issue", SAMPLE, "-o", work / "unsigned.pdf", "--for-signing", "--lang", "kk-ru"
        )
        self.unsigned = (work / "unsigned.pdf").read_bytes()
        data = json.loads(SAMPLE.read_text())
        self.iin, self.bin = data["signatory"]["iin"], data["issuing_body_bin"]
        self.p256 = Authority(work / "p256", "JUDGE P256")
        self.rsa = Authority(work / "rsa", "JUDGE RSA", "rsa-2048")
        self.head = self.issue(self.p256, "head")
        self.rsa_head = self.issue(self.rsa, "head")

    def issue(self, authority, file, **options):
        options = {"iin": self.iin, "bin": self.bin, **options}
        return authority.issue(file, **options)

    def prepare(self, claimed=NOW, base=None, **options):
        return pdf.prepare(base or self.unsigned, claimed.strftime("D:%Y%m%d%H%M%SZ"), **options)

    def by_hand(
        self, certificate, authority, attributes=None, claimed=NOW, doc_mdp=None, **options
    ):
        """A file with a message put together attribute by attribute."""
        prepared = self.prepare(claimed, doc_mdp=doc_mdp)
        signed = prepared.signed_bytes()
        attributes = attributes(signed) if attributes else cms.baseline(signed, certificate)
        return prepared.embed(cms.message(attributes, certificate, [authority.ca], **options))

    def by_openssl(self, certificate, authority, *options, **field):
        prepared = self.prepare(**field)
        message = cms.openssl(
            prepared.signed_bytes(), certificate, authority.ca.path, *options, folder=self.work
        )
        return prepared.embed(message)

    def by_pyhanko(self, p12, password="judge"):
        out = self.work / "pyhanko.pdf"
        self.pyhanko("sign", p12, password, self.work / "unsigned.pdf", out)
        return out.read_bytes()

    def pyhanko(self, *arguments):
        return must(self.python, pathlib.Path(__file__).with_name("with_pyhanko.py"), *arguments)

    def case(self, name, file, status, expected, authority=None, trust=None, lists=None, **more):
        """Keeps a case: the file, what must be answered, and the evidence that the question has."""
        authority = authority or self.p256
        path = self.work / f"{name.replace(' ', '-')}.pdf"
        path.write_bytes(file)
        arguments = ["--trust", trust or authority.root.path]
        if lists != "none":
            arguments += ["--crl", lists or authority.folder / "crl"]
        expected = [expected] if isinstance(expected, str) else expected
        self.cases.append((name, path, arguments, status, expected, more.get("format")))

    def lists(self, name, authority=None, **options):
        return (authority or self.p256).write_lists(self.work / f"lists-{name}", **options)


def good(world):
    w = world
    w.case(
        "openssl P-256 with signing time",
        w.by_openssl(w.head, w.p256, "-cades"),
        "valid",
        [],
        format="PAdES",
    )
    w.case(
        "openssl RSA with signing time",
        w.by_openssl(w.rsa_head, w.rsa, "-cades"),
        "valid",
        [],
        w.rsa,
        format="PAdES",
    )
    w.case("by hand P-256", w.by_hand(w.head, w.p256), "valid", [], format="PAdES-B-B")
    w.case("by hand RSA", w.by_hand(w.rsa_head, w.rsa), "valid", [], w.rsa, format="PAdES-B-B")
    w.case(
        "by hand certification",
        w.by_hand(w.head, w.p256, doc_mdp=1),
        "valid",
        [],
        format="PAdES-B-B",
    )
    w.case(
        "by hand BER of indefinite length", w.by_hand(w.head, w.p256, indefinite=True), "valid", []
    )
    w.case("by hand SHA-512 digest", sha512(w), "valid", [], w.rsa)
    w.case("by hand with an unknown attribute", unknown_attribute(w), "valid", [])
    w.case("pyHanko P-256", w.by_pyhanko(w.head.p12), "valid", [], format="PAdES-B-B")
    w.case("pyHanko RSA", w.by_pyhanko(w.rsa_head.p12), "valid", [], w.rsa, format="PAdES-B-B")
    signed, out = w.work / "pyHanko-P-256.pdf", w.work / "evidence.pdf"
    w.pyhanko("add-evidence", w.p256.folder, signed, out)
    w.case("pyHanko with evidence added later", out.read_bytes(), "valid", [])
    old = w.by_openssl(w.head, w.p256, "-cades", sub_filter="adbe.pkcs7.detached")
    w.case("openssl in an adbe field", old, "valid", [], format="CMS")
    can_sign = w.issue(w.p256, "can-sign", role="can-sign")
    w.case("employee with the right to sign", w.by_openssl(can_sign, w.p256, "-cades"), "valid", [])


def sha512(w):
    return w.by_hand(
        w.rsa_head,
        w.rsa,
        lambda signed: cms.baseline(signed, w.rsa_head, "sha512"),
        digest="sha512",
    )


def unknown_attribute(w):
    unknown = cms.attribute("2.999.1", cms.der.utf8("белгісіз"))
    return w.by_hand(w.head, w.p256, lambda signed: [*cms.baseline(signed, w.head), unknown])


def bad_document(w):
    """What happened to the file."""
    signed = w.by_openssl(w.head, w.p256, "-cades")
    altered = bytearray(signed)
    altered[pdf.stream_byte(w.unsigned)] ^= 1
    w.case("one byte of a stream changed", bytes(altered), "invalid", "DOC_ALTERED")
    early = bytearray(w.by_pyhanko(w.head.p12))
    early[pdf.stream_byte(w.unsigned)] ^= 0x20
    w.case("one byte changed after pyHanko", bytes(early), "invalid", "DOC_ALTERED")
    outside = ["PARTIAL_COVERAGE", "UNSIGNED_CHANGES"]
    w.case("a comment appended", signed + b"% appended\n", "invalid", outside)
    w.case("a byte appended", signed + b"\n\n", "invalid", outside)
    (w.work / "page.pdf").write_bytes(signed)
    w.pyhanko("add-page", w.work / "page.pdf", w.work / "page-added.pdf")
    w.case(
        "a page added by pyHanko",
        (w.work / "page-added.pdf").read_bytes(),
        "invalid",
        "UNSIGNED_CHANGES",
    )
    w.case("the catalogue replaced", replaced_catalogue(signed), "invalid", "UNSIGNED_CHANGES")
    w.case("a gap wider than the signature", wide_gap(w), "invalid", "PARTIAL_COVERAGE")
    w.case("a range that starts later", late_start(w), "invalid", "PARTIAL_COVERAGE")
    padded = bytearray(signed)
    padded[pdf.Pdf(signed).signatures()[0].byte_range[2] - 2] = ord("7")
    w.case("padding that is not zero", bytes(padded), "invalid", "SIGNATURE_UNREADABLE")


def replaced_catalogue(signed):
    document = pdf.Pdf(signed)
    return document.append({document.trailer["Root"].number: {**document.catalog(), "Lang": b"en"}})


def wide_gap(w):
    """Bytes right after /Contents that no range covers."""
    prepared = w.prepare()
    marker = prepared.file.index(b"/M (", prepared.end)
    numbers = b"/ByteRange [0 %d %d %d]" % (prepared.start, marker, len(prepared.file) - marker)
    return with_range(w, prepared, numbers)


def late_start(w):
    prepared = w.prepare()
    start, end = prepared.start, prepared.end
    numbers = b"/ByteRange [9 %d %d %d]" % (start - 9, end, len(prepared.file) - end)
    return with_range(w, prepared, numbers)


def with_range(w, prepared, numbers):
    """The file signed over other ranges than the usual ones."""
    at = prepared.file.rindex(b"/ByteRange [")
    width = len(pdf.RANGE)
    prepared.file = prepared.file[:at] + numbers.ljust(width) + prepared.file[at + width :]
    a, b, c, d = (int(word) for word in numbers[12:-1].split())
    signed = prepared.file[a : a + b] + prepared.file[c : c + d]
    return prepared.embed(cms.message(cms.baseline(signed, w.head), w.head, [w.p256.ca]))


def bad_message(w):
    """What is wrong with the CMS."""
    other = Key(w.work / "other.key", "p256")
    unreadable = "SIGNATURE_UNREADABLE"
    w.case(
        "signature of another key",
        w.by_hand(w.head, w.p256, key=other),
        "invalid",
        "SIGNATURE_BROKEN",
    )
    other_rsa = Key(w.work / "other-rsa.key", "rsa-2048")
    w.case(
        "signature of another RSA key",
        w.by_hand(w.rsa_head, w.rsa, key=other_rsa),
        "invalid",
        "SIGNATURE_BROKEN",
        w.rsa,
    )
    w.case("no ESS attribute", w.by_openssl(w.head, w.p256), "invalid", "SIGNER_CERT_UNIDENTIFIED")

    def without(drop):
        return lambda signed: [a for a in cms.baseline(signed, w.head) if not drop(a)]

    has = lambda identifier: lambda a: cms.der.children(a)[0] == cms.der.oid(identifier)
    twin = w.issue(w.p256, "twin")
    foreign_ess = lambda signed: [
        *cms.baseline(signed, w.head)[:2],
        cms.signing_certificate_v2(twin),
    ]
    w.case(
        "ESS attribute of another certificate",
        w.by_hand(w.head, w.p256, foreign_ess),
        "invalid",
        "SIGNER_CERT_UNIDENTIFIED",
    )
    w.case(
        "no content-type",
        w.by_hand(w.head, w.p256, without(has(cms.CONTENT_TYPE))),
        "invalid",
        unreadable,
    )
    w.case(
        "no message-digest",
        w.by_hand(w.head, w.p256, without(has(cms.MESSAGE_DIGEST))),
        "invalid",
        unreadable,
    )
    twice = lambda signed: [*cms.baseline(signed, w.head), cms.message_digest(b"another document")]
    w.case("two message-digests", w.by_hand(w.head, w.p256, twice), "invalid", unreadable)
    wrong_type = lambda signed: [
        cms.content_type("1.2.840.113549.1.7.5"),
        *cms.baseline(signed, w.head)[1:],
    ]
    w.case("another content-type", w.by_hand(w.head, w.p256, wrong_type), "invalid", unreadable)
    elsewhere = lambda signed: cms.baseline(b"another document", w.head)
    w.case(
        "digest of another document", w.by_hand(w.head, w.p256, elsewhere), "invalid", "DOC_ALTERED"
    )
    w.case("version no standard knows", w.by_hand(w.head, w.p256, version=9), "invalid", unreadable)
    backwards = lambda signed: sorted(cms.baseline(signed, w.head), reverse=True)
    w.case(
        "attributes out of order",
        w.by_hand(w.head, w.p256, backwards, in_order=False),
        "invalid",
        unreadable,
    )
    w.case(
        "without any certificate",
        w.by_hand(w.head, w.p256, certificates=[]),
        "invalid",
        "SIGNER_CERT_UNIDENTIFIED",
    )
    sha1 = lambda signed: cms.baseline(signed, w.rsa_head, "sha1")
    w.case(
        "SHA-1",
        w.by_hand(w.rsa_head, w.rsa, sha1, digest="sha1"),
        "indeterminate",
        "WEAK_ALGORITHM",
        w.rsa,
    )
    short = w.issue(w.rsa, "short", kind="rsa-1024")
    w.case("RSA of 1024 bits", w.by_hand(short, w.rsa), "indeterminate", "WEAK_ALGORITHM", w.rsa)
    garbage = w.prepare().embed(b"\x30\x82\x01\x00" + bytes(range(256)))
    other_filter = w.by_openssl(w.head, w.p256, "-cades", sub_filter="adbe.x509.rsa_sha1")
    w.case("a SubFilter of another kind", other_filter, "invalid", unreadable)
    w.case("garbage for a message", garbage, "invalid", "SIGNATURE_UNREADABLE")


def bad_signer(w):
    """Who signed."""

    def signed_by(name, code, how=w.by_openssl, **options):
        certificate = w.issue(w.p256, name, **options)
        file = how(certificate, w.p256, *(["-cades"] if how == w.by_openssl else []))
        w.case(f"signer {name}", file, "invalid", code)

    signed_by("employee", "SIGNER_NO_AUTHORITY", role="employee")
    signed_by("hr", "SIGNER_NO_AUTHORITY", role="hr")
    signed_by("individual", "SIGNER_NO_AUTHORITY", bin=None)
    signed_by("of another organisation", "BIN_MISMATCH", bin=OTHER_BIN)
    signed_by("another person", "IIN_MISMATCH", iin=OTHER_IIN)
    signed_by("for log-in", "WRONG_KEY_USAGE", usage=AUTHENTICATION)
    signed_by("not yet in force", "CERT_NOT_YET_VALID", w.by_hand, not_before=NOW + DAY)
    expired = w.issue(w.p256, "expired", not_before=NOW - 30 * DAY, not_after=NOW - 2 * DAY)
    late = w.by_hand(expired, w.p256, claimed=NOW - DAY)
    w.case("claims to be signed after expiry", late, "invalid", "CERT_EXPIRED_AT_SIGNING")
    early = w.by_hand(expired, w.p256, claimed=NOW - 9 * DAY)
    w.case("claims to be signed before expiry", early, "indeterminate", "CERT_EXPIRED_NO_PROOF")
    young = w.by_hand(w.head, w.p256, claimed=NOW - 40 * DAY)
    w.case("claims to be signed before issue", young, "invalid", "CERT_NOT_YET_VALID")
    future = w.by_hand(w.head, w.p256, claimed=NOW + DAY)
    w.case("claims to be signed tomorrow", future, "indeterminate", "PROOF_OF_TIME_MISSING")


def bad_revocation(w):
    """What the authority says of the certificate."""
    file = w.by_hand(w.head, w.p256)

    def listed(name, at, reason, status, code):
        lists = w.lists(name.replace(" ", "-"), revoked=[(w.head, at, reason)])
        w.case(name, file, status, code, lists=lists)

    before = NOW - DAY
    listed("revoked before signing", before, "superseded", "invalid", "CERT_REVOKED_BEFORE_SIGNING")
    listed("revoked without a reason", before, None, "invalid", "CERT_REVOKED_BEFORE_SIGNING")
    listed(
        "key compromised before signing",
        before,
        "compromise",
        "invalid",
        ["CERT_REVOKED_COMPROMISE", "CERT_REVOKED_BEFORE_SIGNING"],
    )
    listed("on hold", before, "hold", "indeterminate", "CERT_ON_HOLD")
    listed(
        "revoked in the same second", NOW, "superseded", "invalid", "CERT_REVOKED_BEFORE_SIGNING"
    )
    old = w.by_hand(w.head, w.p256, claimed=NOW - 5 * DAY)
    lists = w.lists("later", revoked=[(w.head, NOW - DAY, "cessation")])
    w.case(
        "revoked after the claimed time",
        old,
        "indeterminate",
        "CERT_REVOKED_TIME_UNPROVEN",
        lists=lists,
    )
    lists = w.lists("compromised", revoked=[(w.head, NOW - DAY, "compromise")])
    w.case(
        "key compromised after the claimed time",
        old,
        "invalid",
        "CERT_REVOKED_COMPROMISE",
        lists=lists,
    )
    w.case("no list", file, "indeterminate", "REVOCATION_UNAVAILABLE", lists="none")
    w.case(
        "list of another authority",
        file,
        "indeterminate",
        "REVOCATION_UNAVAILABLE",
        lists=w.rsa.folder / "crl",
    )
    stale = w.lists("stale", this_update=NOW - 9 * DAY, next_update=NOW - DAY)
    w.case("list that has run out", file, "indeterminate", "REVOCATION_STALE", lists=stale)
    spoilt = w.lists("spoilt", spoil=True)
    w.case(
        "list with a broken signature", file, "indeterminate", "REVOCATION_UNTRUSTED", lists=spoilt
    )
    revoked = w.lists("authority", revoked_authority=(NOW - DAY, "superseded"))
    w.case("authority revoked", file, "indeterminate", "CA_CERT_REVOKED", lists=revoked)


def bad_chain(w):
    """Where the certificate comes from."""
    stranger = Authority(w.work / "stranger", "JUDGE STRANGER")
    head = w.issue(stranger, "head")
    with_root = [head.der, stranger.ca.der, stranger.root.der]
    file = w.by_hand(head, stranger, certificates=with_root)
    w.case("root that nobody trusts", file, "indeterminate", "ROOT_UNTRUSTED")
    lonely = w.by_hand(head, stranger, certificates=[head.der])
    w.case("issuer that nobody knows", lonely, "indeterminate", "ISSUER_UNKNOWN")
    impostor = Authority(w.work / "impostor", "JUDGE P256")
    head = w.issue(impostor, "head")
    chain = [head.der, impostor.ca.der, impostor.root.der]
    w.case(
        "root with a trusted name",
        w.by_hand(head, impostor, certificates=chain),
        "invalid",
        "ROOT_IMPOSTOR",
    )
    no_ca = Authority(w.work / "no-ca", "JUDGE NO CA", is_ca=False)
    w.case(
        "issuer that is no authority",
        w.by_hand(w.issue(no_ca, "head"), no_ca),
        "invalid",
        "CHAIN_INVALID",
        no_ca,
    )
    ended = Authority(w.work / "ended", "JUDGE ENDED", ca_not_after=NOW - DAY)
    w.case(
        "issuer that has expired",
        w.by_hand(w.issue(ended, "head"), ended),
        "indeterminate",
        "CA_CERT_EXPIRED",
        ended,
    )


def test_authority(w):
    """Certificates of the program's own TEST authority in pyHanko's hands."""
    (w.work / "password").write_text("сынақ-7\n")
    ca, p12 = w.work / "test-ca", w.work / "test-head.p12"
    w.ruqsat.must("ca", "init", ca)
    w.ruqsat.must(
        "ca",
        "issue",
        "--ca",
        ca,
        "--role",
        "head",
        "--iin",
        w.iin,
        "--bin",
        w.bin,
        "--org",
        "Сынақ басқармасы",
        "--name",
        "ЖАНҰЗАҚОВ ҚАЙРАТ СЕРІКҰЛЫ",
        "-o",
        p12,
        "--password-file",
        w.work / "password",
    )
    file = w.by_pyhanko(p12, "сынақ-7")
    lists = ca / "crl"
    w.case(
        "pyHanko with a PKCS12 of ours",
        file,
        "valid",
        [],
        trust=ca / "root.pem",
        lists=lists,
        format="PAdES-B-B",
    )
    w.case("TEST authority that nobody named", file, "invalid", "TEST_CERTIFICATE", lists=lists)


def agrees(ran, report, status, expected, format):
    statuses = [status] if isinstance(status, str) else status
    answer = report.get("status")
    if answer not in statuses or ran.code != EXIT.get(answer):
        return False
    if answer == "valid":
        signature = (report.get("signatures") or [{}])[0]
        return codes(report) == [] and format in (None, signature.get("format"))
    return codes(report)[:1] != [] and codes(report)[0] in expected


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    world = World(Ruqsat(given.ruqsat), given.python, given.work.resolve())
    for group in (
        good,
        bad_document,
        bad_message,
        bad_signer,
        bad_revocation,
        bad_chain,
        test_authority,
    ):
        group(world)

    gate = Gate("foreign signatures")
    self_check(gate, world)
    for name, path, arguments, status, expected, format in world.cases:
        ran, report = world.ruqsat.verify(path, *arguments)
        wanted = f"{status} {' or '.join(expected) if expected else format or ''}"
        gate.check(
            f"{name}: {wanted}", agrees(ran, report, status, expected, format), ran.evidence[:1500]
        )
    nothing, report = world.ruqsat.verify(
        world.work / "unsigned.pdf", "--trust", world.p256.root.path
    )
    gate.check(
        "the unsigned file: exit 4",
        nothing.code == 4 and codes(report)[:1] == ["NO_SIGNATURE"],
        nothing.evidence[:1500],
    )
    return gate.end()


def self_check(gate, world):
    """The material is sound, and a wrong answer would be seen."""
    ran = check_with_openssl(world.p256, world.head)
    gate.check("openssl accepts the chain of these judges", ran.code == 0, ran.evidence)
    files = {name: path for name, path, *_ in world.cases}
    ours = [files["by hand P-256"], files["openssl P-256 with signing time"]]
    lines = [
        json.loads(line)
        for line in world.pyhanko("validate", world.p256.folder, *ours).text.splitlines()
    ]
    gate.check(
        "pyHanko accepts the good files", [line["ok"] for line in lines] == [True, True], lines
    )
    altered, answer = world.ruqsat.verify(
        files["one byte of a stream changed"],
        "--trust",
        world.p256.root.path,
        "--crl",
        world.p256.folder / "crl",
    )
    gate.check(
        "an altered file expected to be valid is noticed",
        not agrees(altered, answer, "valid", [], None),
    )
    gate.check(
        "a wrong code is noticed", not agrees(altered, answer, "invalid", ["BIN_MISMATCH"], None)
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
