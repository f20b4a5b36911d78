"""openssl reads and verifies every kind of certificate of the TEST authority.

    authority_certificates.py --ruqsat PROGRAM --work FOLDER

What each kind must say stands here anew, from the profile of the national authority; nothing is
taken from the program under judgement.
"""

import argparse
import hashlib
import pathlib
import re
import sys

import der
from authority_folder import (
    BIN,
    FIRST,
    GENERATIONS,
    IIN,
    ORGANISATION,
    PATRONYMIC,
    ROLES,
    SINGLE,
    SURNAME,
    TestAuthority,
    certificate_der,
    difference,
    fresh,
    public_key,
)
from common import Gate, Ruqsat, must, run

BASE = "http://test-ca.example:8080"
ROOT_NAME = "CN=RUQSAT TEST ROOT – NOT FOR REAL DOCUMENTS"
CA_NAME = "CN=RUQSAT TEST CA – NOT FOR REAL DOCUMENTS"
EMAIL, CLIENT = "E-mail Protection", "TLS Web Client Authentication"
ENTITY = "1.2.398.3.3.4.1.2"
PURPOSES = {
    "head": [ENTITY, f"{ENTITY}.1"],
    "can-sign": [ENTITY, f"{ENTITY}.2"],
    "financial": [ENTITY, f"{ENTITY}.3"],
    "hr": [ENTITY, f"{ENTITY}.4"],
    "employee": [ENTITY, f"{ENTITY}.5"],
    "individual": ["1.2.398.3.3.4.1.1"],
    "system": [ENTITY, f"{ENTITY}.6"],
    "treasury": [ENTITY, "1.2.398.5.19.1.2.2.1"],
}
USAGE = {
    ("2022", "sign"): "Digital Signature, Non Repudiation, Key Agreement",
    ("legacy", "sign"): "Digital Signature, Non Repudiation",
    ("legacy", "auth"): "Digital Signature, Key Encipherment",
}
KEYS = {
    "p256": ["Public Key Algorithm: id-ecPublicKey", "NIST CURVE: P-256"],
    "rsa-2048": ["Public Key Algorithm: rsaEncryption", "Public-Key: (2048 bit)"],
    "rsa-4096": ["Public Key Algorithm: rsaEncryption", "Public-Key: (4096 bit)"],
}
SIGNED = {
    "p256": "Signature Algorithm: ecdsa-with-SHA256",
    "rsa-2048": "Signature Algorithm: sha256WithRSAEncryption",
    "rsa-4096": "Signature Algorithm: sha256WithRSAEncryption",
}


def subject(role):
    """The attributes in the order of their kind."""
    person = f"CN={SURNAME} {FIRST}, SN={SURNAME}, serialNumber=IIN{IIN}, C=KZ"
    body = f"O={ORGANISATION}, OU=BIN{BIN}"
    return {
        "individual": f"{person}, GN={PATRONYMIC}",
        "system": f'UID=1.2.398.6.10.1.1, CN=ИС "Рұқсат", C=KZ, {body}',
        "treasury": f"DC=ROLE02, {person}, {body}, businessCategory=KS1234, GN={PATRONYMIC}",
    }.get(role, f"{person}, {body}, GN={PATRONYMIC}")


def purposes(holder):
    if holder.use == "auth":
        return [CLIENT, *PURPOSES[holder.role]]
    return [*([] if holder.role == "system" else [EMAIL]), *PURPOSES[holder.role]]


def policy(holder):
    if holder.generation == "2022":
        return "1.2.398.3.3.2"
    number = {"sign": 1, "auth": 2}[holder.use] + (2 if holder.role == "individual" else 0)
    return f"1.2.398.3.3.2.{number}"


def text_of(certificate):
    """What openssl says, a space between words, so that its columns do not matter."""
    shown = "utf8,sep_comma_plus_space"
    ran = must("openssl", "x509", "-in", certificate, "-noout", "-text", "-nameopt", shown)
    return re.sub(r"\s+", " ", ran.text)


def years(certificate):
    """The term of a certificate in whole years, `None` where it is no number of them."""
    ran = must("openssl", "x509", "-in", certificate, "-noout", "-dates", "-dateopt", "iso_8601")
    start, stop = re.findall(r"=(\d{4}-\d\d-\d\d) ", ran.text)
    same_day = start[5:] == stop[5:] or {start[5:], stop[5:]} == {"02-29", "02-28"}
    return int(stop[:4]) - int(start[:4]) if same_day else None


def colons(octets):
    return octets.hex(":").upper()


def addresses(issuer, *, responder=True):
    """Where the certificates of an issuer point to."""
    file = "root" if issuer == "root" else "ca"
    found = [f"X509v3 CRL Distribution Points: Full Name: URI:{BASE}/crl/{file}.crl"]
    found.append(f"CA Issuers - URI:{BASE}/ca/{file}.cer")
    if responder:
        found.append(f"OCSP - URI:{BASE}/ocsp")
        found.append(f"X509v3 Freshest CRL: Full Name: URI:{BASE}/crl/{file}-delta.crl")
    return found


def key_identifier(holder):
    """SHA-1 of the key's BIT STRING since 2022, of the whole SubjectPublicKeyInfo before."""
    spki = public_key(holder.path)
    hashed = spki if holder.generation == "legacy" else der.content(der.children(spki)[1])[1:]
    return hashlib.sha1(hashed).digest()


def leaf(gate, authority, algorithm, holder, signed):
    """One certificate of a holder: its text, then its path."""
    text, encoded = text_of(holder.path), certificate_der(holder.path)
    identifier = key_identifier(holder)
    # The template of the right to sign since 2022 marks the purposes, not the usage, as critical.
    turned = holder.role == "can-sign" and holder.generation == "2022"
    usage = USAGE[holder.generation, holder.use]
    if algorithm != "p256":
        # RSA agrees on no keys.
        usage = usage.removesuffix(", Key Agreement")
    of_usage, of_purposes = ("", " critical") if turned else (" critical", "")
    wanted = [
        "Version: 3 (0x2)",
        signed,
        *KEYS[algorithm],
        f"Issuer: {CA_NAME}",
        f"Subject: {subject(holder.role)} Subject Public Key Info",
        f"X509v3 Key Usage:{of_usage} {usage} X509v3",
        f"X509v3 Extended Key Usage:{of_purposes} {', '.join(purposes(holder))} ",
        f"X509v3 Certificate Policies: Policy: {policy(holder)} ",
        f"X509v3 Subject Key Identifier: {colons(identifier)}",
        *addresses("ca"),
    ]
    missing = difference(wanted, text)
    single = holder.generation == "2022"
    # keyStorage: a file
    storage = der.sequence(der.oid("1.2.398.3.3.5.1.1"))
    if (storage in encoded and der.oid("1.2.398.3.3.5") in encoded) != single:
        missing.append("the place where the key is kept")
    serial = int(holder.serial, 16)
    if single != (serial == int.from_bytes(identifier, "big") & ~(0x80 << 152)):
        missing.append("a serial number of its generation")
    if serial.bit_length() > 159:
        missing.append("a positive serial number of 20 octets")
    term = 3 if holder.role == "system" else 1
    if years(holder.path) != term:
        missing.append(f"a term of {term} years")
    if "CA:TRUE" in text:
        missing.append("that it is no authority")
    gate.check(f"{algorithm}: {holder.name}", not missing, "\n".join([*missing, text]))
    ran = verify(authority, holder.path, "-crl_check_all", "-use_deltas", crls=authority.lists())
    gate.check(f"{algorithm}: {holder.name}: the path, strictly, with all lists", ok(ran), ran.evidence)


def verify(authority, certificate, *options, crls=None):
    lists = ["-CRLfile", crls] if crls else []
    return run(
        *("openssl", "verify", "-x509_strict", *options, *lists),
        *("-CAfile", authority.root, "-untrusted", authority.ca, certificate),
    )


def ok(ran):
    return ran.code == 0 and ran.text.rstrip().endswith(": OK")


def unit(gate, authority, what, certificate, wanted, term, purpose="any"):
    """A certificate of the authority itself."""
    text = text_of(certificate)
    missing = difference(wanted, text)
    if years(certificate) != term:
        missing.append(f"a term of {term} years")
    ran = verify(
        *(authority, certificate, "-purpose", purpose, "-crl_check_all", "-use_deltas"),
        crls=authority.lists(),
    )
    if not ok(ran):
        missing.append(ran.evidence)
    gate.check(f"{authority.folder.parent.name}: {what}", not missing, "\n".join([*missing, text]))


def units(gate, authority, algorithm):
    signed, key = SIGNED[algorithm], KEYS[algorithm]
    is_ca = [
        "X509v3 Basic Constraints: critical CA:TRUE",
        "X509v3 Key Usage: critical Certificate Sign, CRL Sign",
        "2.999.370.1:",
    ]
    root = [f"Issuer: {ROOT_NAME}", f"Subject: {ROOT_NAME} Subject", signed, *key, *is_ca]
    unit(gate, authority, "root", authority.root, root, 10)
    above = addresses("root", responder=False)
    ca = [f"Issuer: {ROOT_NAME}", f"Subject: {CA_NAME} Subject", signed, *key, *is_ca, *above]
    unit(gate, authority, "issuing CA", authority.ca, ca, 10)
    responder = [
        f"Issuer: {CA_NAME}",
        "CN=OCSP RESPONDER",
        "TEST",
        signed,
        *key,
        "X509v3 Key Usage: critical Digital Signature X509v3",
        "X509v3 Extended Key Usage: OCSP Signing ",
        "OCSP No Check:",
    ]
    unit(gate, authority, "OCSP responder", authority.responder, responder, 1, "ocsphelper")
    tsa = [
        f"Issuer: {CA_NAME}",
        "TEST",
        signed,
        *key,
        "X509v3 Extended Key Usage: critical Time Stamping ",
    ]
    unit(gate, authority, "TSA", authority.tsa, tsa, 3, "timestampsign")


def spoilt(gate, authority, holder):
    """What must be refused: another signature, another authority, a list that is missing."""
    encoded = bytearray(certificate_der(holder.path))
    encoded[-1] ^= 1
    path = authority.work / "spoilt.der"
    path.write_bytes(encoded)
    ran = verify(authority, path)
    gate.check("a spoilt signature is refused", not ok(ran), ran.evidence)
    text = text_of(holder.path)
    gate.check(
        "the comparison notices another role",
        difference([f"{ENTITY}.2"], text.replace(f"{ENTITY}.2", f"{ENTITY}.3")) != [],
    )
    ran = verify(authority, holder.path, "-crl_check_all", crls=authority.lists("root"))
    gate.check("a missing list is noticed", not ok(ran), ran.evidence)


def modes(gate, authority):
    """Keys are for their owner alone."""
    files = [*(authority.folder / "private").iterdir(), *authority.work.glob("*.p12")]
    open_to_others = [str(path) for path in files if path.stat().st_mode & 0o077]
    keys = [path for path in files if path.suffix == ".key"]
    gate.check("keys are for their owner alone", len(keys) == 4 and not open_to_others, files)
    for key in keys:
        must("openssl", "pkey", "-in", key, "-noout", "-check")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority certificates")
    for algorithm in ("p256", "rsa-2048"):
        authority = TestAuthority(
            ruqsat, work / algorithm, "--algorithm", algorithm, "--base-url", BASE
        )
        if algorithm == "p256":
            spoilt(gate, authority, authority.issue("can-sign", name="spoilt"))
        units(gate, authority, algorithm)
        for role in ROLES:
            for kind in GENERATIONS:
                leaf(gate, authority, algorithm, authority.issue(role, kind), SIGNED[algorithm])
        modes(gate, authority)
    # A key of another kind than that of the authority, and the largest authority.
    authority = TestAuthority(
        ruqsat, work / "rsa-4096", "--algorithm", "rsa-4096", "--base-url", BASE
    )
    units(gate, authority, "rsa-4096")
    for algorithm in ("p256", "rsa-2048"):
        holder = authority.issue("head", SINGLE, "--algorithm", algorithm, name=algorithm)
        leaf(gate, authority, algorithm, holder, SIGNED["rsa-4096"])
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
