"""openssl asks the responders of the TEST authority, as anybody's client would.

    authority_responders.py --ruqsat PROGRAM --work FOLDER
"""

import argparse
import base64
import concurrent.futures
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

from authority_folder import LEGACY_SIGNING, TestAuthority, fresh
from common import Gate, Ruqsat, must, run

NEVER_ISSUED = "0x4711"
POLICY = "1.2.398.3.3.2.6.2"
# Those of the authority's GOST keys, and one of nobody.
OTHER_POLICIES = ["1.2.398.3.3.2.6.1", "1.2.398.3.3.2.6.3", "1.2.398.3.3.2.6.4", "1.2.3.4"]
CLIENTS = 16


def request(url, body=None, media_type=None, timeout=20):
    """Status, media type and content of an answer over HTTP."""
    headers = {"Content-Type": media_type} if media_type else {}
    asked = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get_content_type(), answer.read()


def ask(authority, server, *options, trust=None):
    """openssl as an OCSP client, by POST."""
    return run(
        *("openssl", "ocsp", "-url", server["ocsp"], "-issuer", authority.ca),
        *("-CAfile", trust or authority.chain, *options),
        timeout=60,
    )


def other_second(answer):
    """The same answer, produced in another second than its signature says."""
    changed = bytearray(answer)
    # producedAt, the first GeneralizedTime: its last digit stays one.
    changed[changed.index(b"\x18\x0f") + 2 + 13] ^= 1
    return bytes(changed)


def squeezed(ran):
    return re.sub(r"\s+", " ", ran.evidence)


def says(ran, *words):
    """A verified answer with these words in it."""
    text = squeezed(ran)
    return ran.code == 0 and "Response verify OK" in text and all(word in text for word in words)


class Ocsp:
    """The responder, asked about one certificate of each status."""

    def __init__(self, gate, authority):
        self.gate, self.authority = gate, authority
        names = ("good", "held", "stolen", "released")
        self.good, self.held, self.stolen, self.released = (
            authority.issue("employee", name=f"ocsp-{name}") for name in names
        )
        self.legacy = authority.issue("hr", LEGACY_SIGNING)
        authority.change("hold", self.held)
        authority.change("revoke", self.stolen, "--reason", "key-compromise")
        authority.change("hold", self.released)
        authority.change("release", self.released)

    def check(self, what, holds, evidence=""):
        self.gate.check(f"{self.authority.work.name}: {what}", holds, evidence)

    def statuses(self, server):
        """Every status, under a nonce that openssl makes and compares."""
        of = self.authority
        signed = "Response verify OK"
        for what, holder, words in (
            ("good", self.good, [f"{self.good.path}: good"]),
            ("good, of the generation before", self.legacy, [f"{self.legacy.path}: good"]),
            ("released from a hold", self.released, [f"{self.released.path}: good"]),
            ("on hold", self.held, [": revoked", "Reason: certificateHold"]),
            ("revoked", self.stolen, [": revoked", "Reason: keyCompromise"]),
        ):
            ran = ask(of, server, "-cert", holder.path)
            calm = "WARNING" not in ran.evidence and "Nonce" not in ran.evidence
            self.check(f"ocsp: {what}", says(ran, *words) and calm, ran.evidence)
        ran = ask(of, server, "-serial", NEVER_ISSUED, "-resp_text")
        # openssl calls the extended-revoke extension (RFC 6960 §4.4.8) "valid".
        words = [
            f"{NEVER_ISSUED}: revoked",
            "Reason: certificateHold",
            "Revocation Time: Jan 1 00:00:00 1970 GMT",
            " valid: ",
        ]
        self.check("ocsp: a serial number never issued", says(ran, *words), ran.evidence)
        ran = ask(of, server, "-cert", self.good.path, "-no_nonce", "-resp_text")
        plain = says(ran, ": good") and "OCSP Nonce" not in ran.evidence
        self.check("ocsp: no nonce asked, none given", plain, ran.evidence)
        ran = ask(of, server, "-sha256", "-cert", self.good.path)
        self.check("ocsp: asked by SHA-256", says(ran, ": good"), ran.evidence)
        both = ["-cert", self.good.path, "-cert", self.stolen.path]
        ran = ask(of, server, *both)
        words = [f"{self.good.path}: good", f"{self.stolen.path}: revoked"]
        self.check("ocsp: two certificates in one request", says(ran, *words), ran.evidence)
        ran = ask(of, server, "-cert", self.good.path, trust=self.stranger())
        self.check(
            "ocsp: an answer is not believed under another root",
            ran.code != 0 and signed not in ran.evidence,
            ran.evidence,
        )
        ran = run(
            *("openssl", "ocsp", "-url", server["ocsp"], "-issuer", of.root, "-cert", of.ca),
            *("-CAfile", of.root),
        )
        self.check("ocsp: the root answers for the issuing CA", says(ran, ": good"), ran.evidence)

    def stranger(self):
        path = self.authority.work / "stranger.pem"
        must(
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stranger"),
            *("-keyout", self.authority.work / "stranger.key", "-out", path),
        )
        return path

    def by_get(self, server):
        """RFC 6960 A.1: the request in the address."""
        asked = self.authority.work / "request.der"
        must(
            *("openssl", "ocsp", "-issuer", self.authority.ca, "-cert", self.stolen.path),
            *("-no_nonce", "-reqout", asked),
        )
        encoded = urllib.parse.quote(base64.b64encode(asked.read_bytes()).decode(), safe="")
        status, media_type, body = request(f"{server['ocsp']}/{encoded}")
        answer = self.authority.work / "answer.der"
        answer.write_bytes(body)
        self.check(
            "ocsp: GET answers in the right media type",
            (status, media_type) == (200, "application/ocsp-response"),
            (status, media_type, body[:80]),
        )
        ran = run(
            *("openssl", "ocsp", "-respin", answer, "-issuer", self.authority.ca),
            *("-cert", self.stolen.path, "-CAfile", self.authority.chain),
        )
        self.check("ocsp: GET says the same", says(ran, ": revoked"), ran.evidence)
        # A spoilt answer first seen refused by the same command.
        answer.write_bytes(other_second(body))
        ran = run(
            *("openssl", "ocsp", "-respin", answer, "-issuer", self.authority.ca),
            *("-cert", self.stolen.path, "-CAfile", self.authority.chain),
        )
        self.check(
            "ocsp: a spoilt answer is refused", not says(ran, ": revoked"), ran.evidence
        )

    def signed_by(self, server, who):
        """Whose key signed: the delegate with its certificate inside, or the authority itself."""
        ran = ask(self.authority, server, "-cert", self.good.path, "-resp_text")
        delegated = "OCSP RESPONDER" in ran.evidence
        self.check(
            f"ocsp: signed by {who}",
            says(ran, ": good") and delegated == (who == "the delegate"),
            ran.evidence,
        )

    def nonsense(self, server):
        status, media_type, body = request(
            server["ocsp"], b"no request", "application/ocsp-request"
        )
        # OCSPResponse { malformedRequest }
        self.check(
            "ocsp: what is no request is called malformed",
            media_type == "application/ocsp-response" and body == bytes.fromhex("30030a0101"),
            (status, media_type, body),
        )


class Tsa:
    """The time-stamping unit."""

    def __init__(self, gate, authority):
        self.gate, self.authority = gate, authority
        self.data = authority.work / "data.bin"
        self.data.write_bytes(b"what was there at the time\n" * 1000)

    def check(self, what, holds, evidence=""):
        self.gate.check(f"{self.authority.work.name}: {what}", holds, evidence)

    def query(self, name, *options, data=None):
        path = self.authority.work / f"{name}.tsq"
        must("openssl", "ts", "-query", "-data", data or self.data, "-out", path, *options)
        return path

    def reply(self, server, query):
        status, media_type, body = request(
            server["tsa"], query.read_bytes(), "application/timestamp-query"
        )
        path = query.with_suffix(".tsr")
        path.write_bytes(body)
        return path, (status, media_type) == (200, "application/timestamp-reply")

    def verify(self, reply, *options):
        ran = run(
            *("openssl", "ts", "-verify", "-in", reply, "-CAfile", self.authority.root),
            *("-untrusted", self.authority.ca, *options),
        )
        return ran, ran.code == 0 and "Verification: OK" in ran.evidence

    def text(self, reply):
        return run("openssl", "ts", "-reply", "-in", reply, "-text")

    def stamps(self, server):
        for digest in ("sha256", "sha384", "sha512"):
            for kind, options in (
                ("nonce and certificate", ["-cert"]),
                ("no nonce", ["-no_nonce", "-cert"]),
                ("no certificate", []),
                ("the policy by name", ["-cert", "-tspolicy", POLICY]),
            ):
                query = self.query(f"{digest}-{kind.replace(' ', '-')}", f"-{digest}", *options)
                reply, well_sent = self.reply(server, query)
                known = [] if "-cert" in options else ["-untrusted", self.with_tsa()]
                ran, good = self.verify(reply, "-queryfile", query, *known)
                text = self.text(reply)
                words = [f"Policy OID: {POLICY}", f"Hash Algorithm: {digest}", "Accuracy:"]
                told = all(word in text.text for word in words)
                nonce = ("Nonce: unspecified" in text.text) == ("-no_nonce" in options)
                self.check(
                    f"tsa: {digest}, {kind}",
                    well_sent and good and told and nonce,
                    ran.evidence + text.evidence,
                )

    def with_tsa(self):
        """Certificates for a token that carries none."""
        path = self.authority.work / "with-tsa.pem"
        path.write_bytes(self.authority.ca.read_bytes() + self.authority.tsa.read_bytes())
        return path

    def others(self, server):
        """What a stamp must not verify."""
        query = self.query("first", "-sha256", "-cert")
        reply, _ = self.reply(server, query)
        other = self.authority.work / "other.bin"
        other.write_bytes(b"something else\n")
        ran, good = self.verify(reply, "-data", other)
        self.check("tsa: other data is refused", not good, ran.evidence)
        ran, good = self.verify(reply, "-queryfile", self.query("second", "-sha256", "-cert"))
        self.check(
            "tsa: another request's nonce is refused", not good and "nonce" in ran.evidence, ran.evidence
        )
        spoilt = bytearray(reply.read_bytes())
        spoilt[-1] ^= 1
        path = reply.with_name("spoilt.tsr")
        path.write_bytes(spoilt)
        ran, good = self.verify(path, "-queryfile", query)
        self.check("tsa: a spoilt signature is refused", not good, ran.evidence)
        numbers = set()
        for _ in range(5):
            reply, _ = self.reply(server, query)
            numbers.update(re.findall(r"Serial number: (\w+)", self.text(reply).text))
        self.check("tsa: no serial number twice", len(numbers) == 5, numbers)

    def refusals(self, server):
        for policy in OTHER_POLICIES:
            query = self.query("policy", "-sha256", "-cert", "-tspolicy", policy)
            reply, well_sent = self.reply(server, query)
            text = self.text(reply)
            refused = "Status: Rejected." in text.text and "unaccepted" in text.text.lower()
            self.check(
                f"tsa: policy {policy} is not accepted",
                well_sent and (refused or "policy" in text.text and "Rejected" in text.text),
                text.evidence,
            )
        query = self.query("sha1", "-sha1", "-cert")
        reply, well_sent = self.reply(server, query)
        text = self.text(reply)
        self.check(
            "tsa: SHA-1 is refused",
            well_sent and "Status: Rejected." in text.text and "algorithm" in text.text,
            text.evidence,
        )
        status, media_type, body = request(
            server["tsa"], b"no request", "application/timestamp-query"
        )
        (self.authority.work / "nonsense.tsr").write_bytes(body)
        text = self.text(self.authority.work / "nonsense.tsr")
        self.check(
            "tsa: what is no request is refused in an answer",
            media_type == "application/timestamp-reply" and "Status: Rejected." in text.text,
            (status, media_type, text.evidence),
        )


def files(check, authority, server):
    """Certificates and lists, fetched by openssl from the addresses that `ca serve` printed."""
    for name, path in (("root", authority.root), ("ca", authority.ca)):
        ran = run("openssl", "x509", "-in", f"{server['base']}/ca/{name}.cer", "-noout", "-fingerprint")
        known = must("openssl", "x509", "-in", path, "-noout", "-fingerprint").text
        status, media_type, _ = request(f"{server['base']}/ca/{name}.cer")
        check(
            f"{name}.cer is fetched",
            ran.text == known and media_type == "application/pkix-cert",
            (status, media_type, ran.evidence),
        )
    for name in ("root", "root-delta", "ca", "ca-delta"):
        status, media_type, body = request(f"{server['base']}/crl/{name}.crl")
        kept = (authority.folder / "crl" / f"{name}.crl").read_bytes()
        check(
            f"{name}.crl is fetched",
            (status, media_type, body) == (200, "application/pkix-crl", kept),
            (status, media_type, body[:80]),
        )
    for address in (f"{server['base']}/crl/../state.json", f"{server['base']}/private/ca.key",
                    f"{server['base']}/crl/%2e%2e/private/ca.key", f"{server['base']}/ca/nobody.cer"):
        status, _, body = request(address)
        check(f"{address.removeprefix(server['base'])} is not there", status == 404, (status, body[:80]))


def crowd(check, ocsp, server):
    """Sixteen clients at once, each with its own nonce."""
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        asked = [
            pool.submit(ask, ocsp.authority, server, "-cert", ocsp.good.path)
            for _ in range(CLIENTS * 4)
        ]
        answers = [future.result() for future in asked]
    wrong = [ran.evidence for ran in answers if not says(ran, ": good")]
    check(f"{CLIENTS} clients at once, {len(answers)} answers", not wrong, "\n".join(wrong[:2]))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority responders")
    for algorithm in ("p256", "rsa-2048"):
        authority = TestAuthority(ruqsat, work / algorithm, "--algorithm", algorithm)
        ocsp, tsa = Ocsp(gate, authority), Tsa(gate, authority)
        with authority.serving() as server:
            ocsp.check(
                "ca serve prints its addresses",
                set(server.addresses) >= {"base", "ocsp", "tsa", "crl", "ca"}
                and server["crl"] == f"{server['base']}/crl/ca.crl",
                server.line,
            )
            ocsp.statuses(server)
            ocsp.by_get(server)
            ocsp.signed_by(server, "the delegate")
            ocsp.nonsense(server)
            tsa.stamps(server)
            tsa.others(server)
            tsa.refusals(server)
            files(ocsp.check, authority, server)
            crowd(ocsp.check, ocsp, server)
            # What is revoked while it runs.
            late = authority.issue("employee", name="late")
            before = ask(authority, server, "-cert", late.path)
            authority.change("revoke", late, "--reason", "superseded")
            after = ask(authority, server, "-cert", late.path)
            ocsp.check(
                "ocsp: a change is seen at once",
                says(before, ": good") and says(after, ": revoked"),
                before.evidence + after.evidence,
            )
        code, seconds = server.stop()
        ocsp.check("ca serve ends cleanly when asked", code == 0 and seconds < 5, (code, seconds, server.errors))
        with authority.serving("--ocsp-signer", "authority") as server:
            ocsp.signed_by(server, "the authority")
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
