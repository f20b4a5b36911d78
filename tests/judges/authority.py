"""An authority of the judges: certificates of the national profile and revocation lists.

The bytes are encoded here, keys and signatures are made by openssl: nothing is shared with the
program under judgement.
"""

import base64
import datetime
import os
import pathlib

import der
from common import must, run

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)

ROLES = {
    "head": "1.2.398.3.3.4.1.2.1",
    "can-sign": "1.2.398.3.3.4.1.2.2",
    "hr": "1.2.398.3.3.4.1.2.4",
    "employee": "1.2.398.3.3.4.1.2.5",
}
LEGAL_ENTITY, INDIVIDUAL = "1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.1"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
REASONS = {"compromise": 1, "superseded": 4, "cessation": 5, "hold": 6}

RSA_SHA256 = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null())
ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))


class Key:
    """A private key in a file."""

    def __init__(self, path, kind):
        self.path, self.rsa = pathlib.Path(path), kind.startswith("rsa")
        options = (
            ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{kind[4:]}"]
            if self.rsa
            else ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        )
        must("openssl", "genpkey", *options, "-out", self.path)
        self.spki = must("openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER").stdout
        self.algorithm = RSA_SHA256 if self.rsa else ECDSA_SHA256

    def identifier(self):
        bit_string = der.content(der.children(self.spki)[1])[1:]
        return must("openssl", "dgst", "-sha1", "-binary", stdin=bit_string).stdout

    def sign(self, message, digest="sha256"):
        return must("openssl", "dgst", f"-{digest}", "-sign", self.path, stdin=message).stdout


class Certificate:
    def __init__(self, path, encoded, key):
        self.path, self.der, self.key = pathlib.Path(path), encoded, key
        body = der.children(der.children(encoded)[0])
        self.serial, self.issuer, self.subject = body[1], body[3], body[5]
        self.path.write_bytes(pem("CERTIFICATE", encoded))


def pem(label, encoded):
    text = base64.b64encode(encoded).decode()
    rows = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *rows, f"-----END {label}-----", ""]).encode()


def name(**attributes):
    """A distinguished name in the order given."""
    oids = {
        "cn": ("2.5.4.3", der.utf8),
        "surname": ("2.5.4.4", der.utf8),
        "serial": ("2.5.4.5", der.printable),
        "c": ("2.5.4.6", der.printable),
        "o": ("2.5.4.10", der.utf8),
        "ou": ("2.5.4.11", der.utf8),
        "given": ("2.5.4.42", der.utf8),
    }
    sets = []
    for attribute, value in attributes.items():
        if value is not None:
            identifier, kind = oids[attribute]
            sets.append(der.set_of(der.sequence(der.oid(identifier), kind(value))))
    return der.sequence(*sets)


def extension(identifier, value, critical=False):
    flag = der.boolean(True) if critical else b""
    return der.sequence(der.oid(identifier), flag, der.octets(value))


def key_usage(*numbers):
    byte = sum(0x80 >> number for number in numbers)
    unused = (byte & -byte).bit_length() - 1
    return extension("2.5.29.15", der.bits(bytes([byte]), unused), critical=True)


def list_address(url):
    full_name = der.context(0, der.context(0, der.tlv(0x86, url.encode())))
    return extension("2.5.29.31", der.sequence(der.sequence(full_name)))


SIGNING, AUTHENTICATION = (0, 1), (0, 2)


class Authority:
    """A root and an issuing authority under it, in a folder."""

    def __init__(self, folder, title, kind="p256", **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.kind, self.title = kind, title
        self.root_key = Key(self.folder / "root.key", kind)
        self.ca_key = Key(self.folder / "ca.key", kind)
        root = name(cn=options.get("root_name", f"{title} ROOT"), c="KZ")
        self.root = self._authority_certificate(
            "root", root, self.root_key, root, self.root_key, {}
        )
        self.ca = self._authority_certificate(
            "ca", name(cn=f"{title} CA", c="KZ"), self.ca_key, root, self.root_key, options
        )
        self.write_lists()

    def _authority_certificate(self, file, subject, key, issuer, issuer_key, options):
        constraints = (
            der.sequence(der.boolean(True)) if options.get("is_ca", True) else der.sequence()
        )
        extensions = [
            extension("2.5.29.19", constraints, critical=True),
            key_usage(5, 6),
            extension("2.5.29.14", der.octets(key.identifier())),
            extension("2.5.29.35", der.sequence(der.tlv(0x80, issuer_key.identifier()))),
        ]
        start = NOW - 3650 * DAY
        stop = options.get("ca_not_after", NOW + 3650 * DAY)
        return self._certificate(
            file, subject, key.spki, key, issuer, issuer_key, start, stop, extensions
        )

    def _certificate(self, file, subject, spki, key, issuer, issuer_key, start, stop, extensions):
        serial = int.from_bytes(b"\1" + os.urandom(15), "big")
        body = der.sequence(
            der.context(0, der.integer(2)),
            der.integer(serial),
            issuer_key.algorithm,
            issuer,
            der.sequence(der.time(start), der.time(stop)),
            subject,
            spki,
            der.context(3, der.sequence(*extensions)),
        )
        encoded = der.sequence(body, issuer_key.algorithm, der.bits(issuer_key.sign(body)))
        return Certificate(self.folder / f"{file}.pem", encoded, key)

    def issue(
        self,
        file,
        iin,
        bin=None,
        role="head",
        usage=SIGNING,
        kind=None,
        key=None,
        not_before=None,
        not_after=None,
    ):
        """A signer's certificate, its key and a PKCS#12 of both (password: `judge`)."""
        key = key or Key(self.folder / f"{file}.key", kind or self.kind)
        organisation = "«Сынақ басқармасы» мемлекеттік мекемесі" if bin else None
        subject = name(
            cn="ЖАНҰЗАҚОВ ҚАЙРАТ",
            surname="ЖАНҰЗАҚОВ",
            serial=f"IIN{iin}",
            c="KZ",
            o=organisation,
            ou=f"BIN{bin}" if bin else None,
            given="СЕРІКҰЛЫ",
        )
        purposes = [LEGAL_ENTITY, ROLES[role]] if bin else [INDIVIDUAL]
        purposes = [EMAIL_PROTECTION, *purposes]
        extensions = [
            key_usage(*usage),
            extension("2.5.29.37", der.sequence(*map(der.oid, purposes))),
            extension("2.5.29.14", der.octets(key.identifier())),
            extension("2.5.29.35", der.sequence(der.tlv(0x80, self.ca_key.identifier()))),
            # NSS, below pdfsig -no-ocsp, answers "unknown issue" to a leaf without an address
            list_address(f"http://127.0.0.1:8888/crl/{self.folder.name}.crl"),
            extension("2.5.29.32", der.sequence(der.sequence(der.oid("1.2.398.3.3.2")))),
        ]
        start, stop = not_before or NOW - 30 * DAY, not_after or NOW + 335 * DAY
        certificate = self._certificate(
            file, subject, key.spki, key, self.ca.subject, self.ca_key, start, stop, extensions
        )
        certificate.p12 = self.folder / f"{file}.p12"
        must(
            "openssl",
            "pkcs12",
            "-export",
            "-inkey",
            key.path,
            "-in",
            certificate.path,
            "-certfile",
            self.ca.path,
            "-passout",
            "pass:judge",
            "-out",
            certificate.p12,
        )
        return certificate

    def write_lists(self, folder=None, revoked=(), revoked_authority=None, **options):
        """root.crl and ca.crl; `revoked` holds (certificate, moment, reason or None).

        Further options concern the issuing authority's list.
        """
        folder = pathlib.Path(folder or self.folder / "crl")
        folder.mkdir(exist_ok=True)
        authorities = [(self.ca, *revoked_authority)] if revoked_authority else []
        root = self.list_of(self.root.subject, self.root_key, authorities)
        (folder / "root.crl").write_bytes(root)
        ca = self.list_of(self.ca.subject, self.ca_key, revoked, **options)
        (folder / "ca.crl").write_bytes(ca)
        return folder

    def list_of(self, issuer, key, revoked, this_update=None, next_update=None, spoil=False):
        entries = []
        for certificate, at, reason in revoked:
            extensions = b""
            if reason:
                code = extension("2.5.29.21", der.enumerated(REASONS[reason]))
                extensions = der.sequence(code)
            entries.append(der.sequence(certificate.serial, der.time(at), extensions))
        body = der.sequence(
            der.integer(1),
            key.algorithm,
            issuer,
            der.time(this_update or NOW - HOUR),
            der.time(next_update or NOW + 30 * DAY),
            der.sequence(*entries) if entries else b"",
            der.context(
                0,
                der.sequence(
                    extension("2.5.29.35", der.sequence(der.tlv(0x80, key.identifier()))),
                    extension("2.5.29.20", der.integer(int(NOW.timestamp()))),
                ),
            ),
        )
        signature = bytearray(key.sign(body))
        if spoil:
            signature[-1] ^= 1
        return der.sequence(body, key.algorithm, der.bits(bytes(signature)))

    def trust(self, file="trust.pem"):
        """A file with the root and the issuing authority, for tools that want one."""
        path = self.folder / file
        path.write_bytes(self.root.path.read_bytes() + self.ca.path.read_bytes())
        return path


def check_with_openssl(authority, certificate):
    """openssl must accept what was encoded here, or the judge itself is broken."""
    lists = authority.folder / "lists.pem"
    lists.write_bytes(
        b"".join(
            pem("X509 CRL", (authority.folder / "crl" / file).read_bytes())
            for file in ("root.crl", "ca.crl")
        )
    )
    return run(
        "openssl",
        "verify",
        "-x509_strict",
        "-crl_check_all",
        "-CAfile",
        authority.root.path,
        "-untrusted",
        authority.ca.path,
        "-CRLfile",
        lists,
        certificate.path,
    )
