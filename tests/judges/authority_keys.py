"""Key files of the TEST authority, opened by openssl and NSS, and what it certifies by request.

    authority_keys.py --ruqsat PROGRAM --work FOLDER
"""

import argparse
import pathlib
import re
import sys

from authority_folder import (
    BIN,
    FIRST,
    IIN,
    LEGACY_SIGNING,
    ORGANISATION,
    PASSWORD,
    SINGLE,
    SURNAME,
    TestAuthority,
    fresh,
    public_key,
)
from common import Gate, Ruqsat, must, run


def opened(path, *options, password=PASSWORD):
    return run("openssl", "pkcs12", "-in", path, "-passin", f"pass:{password}", *options)


def key_fits(p12, certificate, *options):
    """The key inside is that of the certificate."""
    key = opened(p12, "-nocerts", "-nodes", *options)
    if key.code != 0:
        return False
    public = run("openssl", "pkey", "-pubout", "-outform", "DER", stdin=key.stdout)
    return public.stdout == public_key(certificate)


def certificates(ran):
    return ran.text.count("BEGIN CERTIFICATE")


def modern(gate, name, holder):
    ran = opened(holder.p12, "-info", "-nodes")
    gate.check(
        f"{name}: PBES2 with AES-256, a MAC of SHA-256, and the issuer inside",
        ran.code == 0
        and "PBES2, PBKDF2, AES-256-CBC" in ran.evidence
        and "MAC: sha256" in ran.evidence
        and certificates(ran) == 2,
        ran.evidence,
    )
    gate.check(f"{name}: the key is that of the certificate", key_fits(holder.p12, holder.path))


def legacy(gate, name, holder):
    """As the national authority writes them, bad cryptography and all."""
    ran = opened(holder.p12, "-info", "-nodes")
    gate.check(f"{name}: openssl 3 refuses it by default", ran.code != 0, ran.evidence)
    ran = opened(holder.p12, "-info", "-nodes", "-legacy")
    identifier = must("openssl", "x509", "-in", holder.path, "-noout", "-ext", "subjectKeyIdentifier")
    identifier = "".join(re.findall(r"[0-9A-F]{2}", identifier.text.split("\n", 1)[1]))
    friendly = re.search(r"friendlyName: *(\S+)", ran.text)
    gate.check(
        f"{name}: 40 bits of RC2, 3DES, a MAC of SHA-1, the leaf alone under its key identifier",
        ran.code == 0
        and "pbeWithSHA1And40BitRC2-CBC" in ran.evidence
        and "pbeWithSHA1And3-KeyTripleDES-CBC" in ran.evidence
        and "MAC: sha1, Iteration 1024" in ran.evidence
        and certificates(ran) == 1
        and friendly
        and friendly[1].upper() == identifier,
        ran.evidence,
    )
    # AuthenticatedSafe and the first ContentInfo in it (RFC 7292 §4).
    indefinite = b"\x30\x80\x30\x80\x06\x09" in holder.p12.read_bytes()
    gate.check(f"{name}: BER of indefinite lengths", indefinite)
    fits = key_fits(holder.p12, holder.path, "-legacy")
    gate.check(f"{name}: the key is that of the certificate", fits)


def nss(gate, name, authority, holder):
    """Into a new database: NSS keeps certificates by issuer and serial number."""
    folder = fresh(authority.work / f"nss-{holder.p12.stem}")
    database = ("-d", f"sql:{folder}")
    must("certutil", "-N", *database, "--empty-password")
    ran = run("pk12util", "-i", holder.p12, *database, "-W", "wrong", "-K", "")
    gate.check(f"{name}: pk12util refuses a wrong password", ran.code != 0, ran.evidence)
    ran = run("pk12util", "-i", holder.p12, *database, "-W", PASSWORD, "-K", "")
    keys = run("certutil", "-K", *database)
    gate.check(
        f"{name}: pk12util imports key and certificate",
        ran.code == 0 and len(re.findall(r"^<", keys.text, re.MULTILINE)) == 1,
        ran.evidence + keys.evidence,
    )


def files(gate, ruqsat, work):
    for algorithm in ("p256", "rsa-2048"):
        authority = TestAuthority(ruqsat, work / algorithm, "--algorithm", algorithm)
        new = authority.issue("head", SINGLE, name="modern")
        ran = opened(new.p12, "-nokeys", password="wrong")
        gate.check(f"{algorithm}: a wrong password is refused", ran.code != 0, ran.evidence)
        modern(gate, f"{algorithm}, modern", new)
        nss(gate, f"{algorithm}, modern", authority, new)
        for kind in (SINGLE, LEGACY_SIGNING):
            old = authority.issue("head", kind, "--legacy", name=f"legacy-{kind[0]}")
            legacy(gate, f"{algorithm}, {kind[0]}, --legacy", old)
            nss(gate, f"{algorithm}, {kind[0]}, --legacy", authority, old)
    return authority


def certified(authority, request, out):
    return authority.ruqsat(
        *("ca", "issue", "--ca", authority.folder, "--role", "head", "--iin", IIN),
        *("--bin", BIN, "--org", ORGANISATION, "--name", f"{SURNAME} {FIRST}"),
        *("--csr", request, "-o", out),
    )


def requests(gate, authority):
    """A key that its holder made, for which openssl wrote the request."""
    for kind in ("ec -pkeyopt ec_paramgen_curve:P-256", "rsa:2048"):
        name = kind.split()[0].split(":")[0]
        request, key = authority.work / f"{name}.csr", authority.work / f"{name}.key"
        must(
            *("openssl", "req", "-new", "-newkey", *kind.split(), "-nodes", "-subj", "/CN=own key"),
            *("-keyout", key, "-out", request),
        )
        out = authority.work / f"{name}-certified.pem"
        ran = certified(authority, request, out)
        public = must("openssl", "pkey", "-in", key, "-pubout", "-outform", "DER").stdout
        gate.check(
            f"{name}: certified by request, for that key",
            ran.code == 0 and public_key(out) == public,
            ran.evidence,
        )
        path = run(
            *("openssl", "verify", "-x509_strict", "-CAfile", authority.root),
            *("-untrusted", authority.ca, out),
        )
        gate.check(f"{name}: its path holds", path.code == 0, path.evidence)
        der = bytearray(must("openssl", "req", "-in", request, "-outform", "DER").stdout)
        der[-1] ^= 1
        spoilt = authority.work / f"{name}-spoilt.csr"
        spoilt.write_bytes(der)
        never = authority.work / f"{name}-never.pem"
        ran = certified(authority, spoilt, never)
        gate.check(
            f"{name}: a request that its key did not sign is refused",
            ran.code != 0 and not never.exists(),
            ran.evidence,
        )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority keys")
    requests(gate, files(gate, ruqsat, work))
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
