"""openssl reads the revocation lists of the TEST authority and decides by them.

    authority_lists.py --ruqsat PROGRAM --work FOLDER
"""

import argparse
import datetime
import pathlib
import re
import sys

from authority_folder import SINGLE, TestAuthority, fresh
from common import Gate, Ruqsat, must, run

# The words of the command line, and those of openssl; `unspecified` is said by leaving it out
# (RFC 5280 §5.3.1).
REASONS = {
    "unspecified": None,
    "key-compromise": "Key Compromise",
    "affiliation-changed": "Affiliation Changed",
    "superseded": "Superseded",
    "cessation-of-operation": "Cessation Of Operation",
    "privilege-withdrawn": "Privilege Withdrawn",
}
HOLD, REMOVED = "Certificate Hold", "Remove From CRL"
BASE = "http://127.0.0.1:8888"
# After the seconds of 32 bits have run out, 2038-01-19T03:14:07Z.
LATE = datetime.datetime(2038, 2, 1, 9, tzinfo=datetime.timezone.utc)


class Read:
    """A list as openssl tells it."""

    def __init__(self, authority, name):
        self.path = authority.folder / "crl" / f"{name}.crl"
        issuer = authority.root if name.startswith("root") else authority.ca
        self.ran = run(
            *("openssl", "crl", "-inform", "DER", "-in", self.path, "-CAfile", issuer),
            *("-noout", "-text"),
        )
        self.signed = self.ran.code == 0 and "verify OK" in self.ran.evidence
        self.text = re.sub(r"\s+", " ", self.ran.text)
        self.number = self._number(r"X509v3 CRL Number: (\w+)")
        self.base = self._number(r"X509v3 Delta CRL Indicator: critical (\w+)")

    def _number(self, pattern):
        found = re.search(pattern, self.text)
        return int(found[1], 0) if found else None

    def entries(self):
        """Serial number to (moment, reason)."""
        found = {}
        for part in self.ran.text.split("Serial Number: ")[1:]:
            part = part.split("Signature Algorithm")[0]
            serial = part.split(maxsplit=1)[0].lower()
            moment = re.search(r"Revocation Date: (.+)", part)[1]
            reason = re.search(r"X509v3 CRL Reason Code:\s*\n\s*(.+)", part)
            found[serial.lstrip("0")] = (moment.strip(), reason[1].strip() if reason else None)
        return found


def reason(read, holder):
    """Of an entry; "absent" when there is no entry."""
    return read.entries().get(holder.serial.lstrip("0"), (None, "absent"))[1]


def verify(authority, certificate, lists, *options, at=None):
    attime = ["-attime", int(at.timestamp())] if at else []
    return run(
        *("openssl", "verify", "-x509_strict", "-crl_check_all", "-purpose", "any"),
        *("-CAfile", authority.root, "-untrusted", authority.ca),
        *("-CRLfile", authority.lists(*lists), *options, *attime, certificate),
    )


COMPLETE, ALL = ("ca", "root"), ("ca", "ca-delta", "root", "root-delta")


def accepted(ran):
    return ran.code == 0 and ran.text.rstrip().endswith(": OK")


def refused(ran):
    return ran.code != 0 and "certificate revoked" in ran.evidence


class Judge:
    def __init__(self, gate, authority):
        self.gate, self.authority = gate, authority

    def check(self, what, holds, evidence=""):
        self.gate.check(f"{self.authority.work.name}: {what}", holds, evidence)

    def read(self, name):
        return Read(self.authority, name)

    def decide(self, what, certificate, lists, wanted, *options, at=None):
        ran = verify(self.authority, certificate, lists, *options, at=at)
        self.check(what, wanted(ran), ran.evidence)

    def founded(self):
        """The lists of an authority that has revoked nothing, and a spoilt one."""
        complete, delta = self.read("ca"), self.read("ca-delta")
        path = self.authority.folder / "crl" / "spoilt.crl"
        spoilt = bytearray(complete.path.read_bytes())
        spoilt[-1] ^= 1
        path.write_bytes(spoilt)
        read = self.read("spoilt")
        path.unlink()
        self.check("a spoilt signature is refused", not read.signed, read.ran.evidence)
        for name, address in (("ca", "ca"), ("root", "root")):
            complete, delta = self.read(name), self.read(f"{name}-delta")
            freshest = f"X509v3 Freshest CRL: Full Name: URI:{BASE}/crl/{address}-delta.crl"
            scope = "X509v3 Issuing Distribution Point: critical"
            scoped = f"{scope} Full Name: URI:{BASE}/crl/{address}.crl"
            self.check(
                f"{name}.crl is signed, numbered, empty, and names its scope and its changes",
                complete.signed
                and complete.number
                and complete.base is None
                and complete.entries() == {}
                and "X509v3 Authority Key Identifier" in complete.text
                and freshest in complete.text
                and scoped in complete.text,
                complete.ran.evidence,
            )
            self.check(
                f"{name}-delta.crl is signed and begins at the complete list",
                delta.signed
                and delta.base == complete.number
                and delta.number >= complete.number
                and delta.entries() == {}
                and freshest not in delta.text
                and scoped in delta.text,
                delta.ran.evidence,
            )

    def reasons(self):
        """Each reason, and the moment that was asked for."""
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        numbers = [self.read("ca").number]
        for at, (word, said) in enumerate(REASONS.items()):
            holder = self.authority.issue("employee", name=word)
            moment = now - datetime.timedelta(minutes=10 - at)
            self.authority.change(
                "revoke", holder, "--reason", word, "--at", moment.isoformat()
            )
            read = self.read("ca")
            numbers.append(read.number)
            entry = read.entries().get(holder.serial.lstrip("0"))
            wanted = (moment.strftime("%b %e %H:%M:%S %Y GMT"), said)
            self.check(f"revoked, {word}", read.signed and entry == wanted, read.ran.evidence)
            self.decide(f"revoked, {word}: refused", holder.path, COMPLETE, refused)
        self.check("each list has the next number", numbers == rising(numbers), numbers)
        again = self.authority.ruqsat(
            "ca", "revoke", "--ca", self.authority.folder, holder.path, "--reason", "superseded"
        )
        same = self.read("ca").number == numbers[-1]
        self.check("nothing is revoked twice", again.code == 2 and same, again.evidence)

    def hold(self):
        """Suspended in the complete list, released by the delta list, then suspended by a delta."""
        good, held = (self.authority.issue("hr", name=name) for name in ("good", "held"))
        self.authority.change("hold", held)
        said = reason(self.read("ca"), held)
        self.check("on hold in the complete list", said == HOLD, said)
        self.decide("on hold: refused", held.path, COMPLETE, refused)
        self.decide("another is accepted", good.path, COMPLETE, accepted)
        self.authority.change("release", held, "--delta")
        said = reason(self.read("ca"), held), reason(self.read("ca-delta"), held)
        self.check("released by the delta list", said == (HOLD, REMOVED), said)
        self.decide("released: accepted with delta lists", held.path, ALL, accepted, "-use_deltas")
        self.decide("released: refused without them", held.path, COMPLETE, refused)
        self.authority.ruqsat.must("ca", "crl", "--ca", self.authority.folder)
        complete, delta = self.read("ca"), self.read("ca-delta")
        said = reason(complete, held), reason(delta, held)
        self.check("gone from the next complete list", said == ("absent", "absent"), said)
        self.check("whose delta list begins at it", delta.base == complete.number, delta.text)
        self.authority.change("hold", good, "--delta")
        said = reason(self.read("ca"), good), reason(self.read("ca-delta"), good)
        self.check("on hold by the delta list", said == ("absent", HOLD), said)
        self.decide("on hold by delta: refused with delta lists", good.path, ALL, refused, "-use_deltas")
        self.decide("on hold by delta: accepted without them", good.path, COMPLETE, accepted)
        self.authority.change("revoke", good, "--reason", "key-compromise")
        said = reason(self.read("ca"), good)
        self.check("a hold may end in revocation", said == "Key Compromise", said)
        said = [self.status(holder) for holder in (good, held)]
        self.check("ca status says the same", said == ["revoked", "valid"], said)
        listed = self.authority.ruqsat.must("ca", "list", "--ca", self.authority.folder).text
        rows = {line.split()[0]: line for line in listed.splitlines()}
        agree = "revoked" in rows[good.serial] and "valid" in rows[held.serial]
        self.check("ca list says the same", agree, listed)

    def status(self, holder):
        """The first word of `ca status`."""
        ran = self.authority.ruqsat.must("ca", "status", "--ca", self.authority.folder, holder.path)
        return re.split(r"\W", ran.text)[0]

    def authority_itself(self):
        """The root revokes the issuing CA, and everything below it falls."""
        holder = self.authority.issue("head", name="below")
        self.decide("before: accepted", holder.path, ALL, accepted, "-use_deltas")
        self.authority.ruqsat.must(
            *("ca", "revoke", "--ca", self.authority.folder, self.authority.ca),
            *("--reason", "superseded"),
        )
        serial = must("openssl", "x509", "-in", self.authority.ca, "-noout", "-serial").text
        serial = serial.split("=")[1].strip().lower().lstrip("0")
        read = self.read("root")
        self.check("the root's list names the issuing CA", serial in read.entries(), read.text)
        self.decide("whoever it certified is refused", holder.path, COMPLETE, refused)


def rising(numbers):
    return list(range(numbers[0], numbers[0] + len(numbers)))


def in_2038(gate, ruqsat, work):
    """An authority whose clock stands beyond the seconds of 32 bits."""
    before = (LATE - datetime.timedelta(days=40)).isoformat()
    authority = TestAuthority(ruqsat, work / "2038", "--at", before)
    judge = Judge(gate, authority)
    good, bad = (
        authority.issue("head", SINGLE, "--not-before", before, name=name)
        for name in ("good", "bad")
    )
    authority.change("revoke", bad, "--reason", "superseded", "--clock", LATE.isoformat())
    later = LATE + datetime.timedelta(hours=1)
    read = judge.read("ca")
    entry = read.entries().get(bad.serial.lstrip("0"))
    wanted = LATE.strftime("%b %e %H:%M:%S %Y GMT")
    judge.check("the entry and the list are of 2038", entry and entry[0] == wanted, read.text)
    updated = re.sub(r"  +", " ", f"Last Update: {wanted}")
    judge.check("its date is that of the clock", updated in re.sub(r"  +", " ", read.text), read.text)
    judge.decide("good is accepted", good.path, COMPLETE, accepted, at=later)
    judge.decide("revoked is refused", bad.path, COMPLETE, refused, at=later)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority lists")
    for algorithm in ("p256", "rsa-2048"):
        authority = TestAuthority(ruqsat, work / algorithm, "--algorithm", algorithm)
        judge = Judge(gate, authority)
        judge.founded()
        judge.reasons()
        judge.hold()
        judge.authority_itself()
    in_2038(gate, ruqsat, work)
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
