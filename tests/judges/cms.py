"""CMS signatures that the program under judgement did not make.

Two makers: `openssl cms` itself, and messages put together here attribute by attribute (with the
signature value from openssl), for what openssl will not write, wrong things above all.
"""

import hashlib

import der
from authority import NOW
from common import must

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SIGNER_LOCATION = "1.2.840.113549.1.9.16.2.17"

DIGESTS = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
RSA_ENCRYPTION = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null())
ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}


def openssl(signed, certificate, issuers, *options, folder):
    """`openssl cms -sign`, detached, DER."""
    content = folder / "content.bin"
    content.write_bytes(signed)
    return must(
        "openssl",
        "cms",
        "-sign",
        "-binary",
        "-nosmimecap",
        "-md",
        "sha256",
        "-outform",
        "DER",
        "-in",
        content,
        "-signer",
        certificate.path,
        "-inkey",
        certificate.key.path,
        "-certfile",
        issuers,
        *options,
    ).stdout


def attribute(identifier, *values):
    return der.sequence(der.oid(identifier), der.set_of(*values))


def content_type(kind=DATA):
    return attribute(CONTENT_TYPE, der.oid(kind))


def message_digest(signed, digest="sha256"):
    return attribute(MESSAGE_DIGEST, der.octets(hashlib.new(digest, signed).digest()))


def signing_certificate_v2(certificate):
    """RFC 5035, with SHA-256 as the default that DER leaves out."""
    identifier = der.sequence(der.octets(hashlib.sha256(certificate.der).digest()))
    return attribute(SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identifier)))


def signing_certificate_v1(certificate):
    identifier = der.sequence(der.octets(hashlib.sha1(certificate.der).digest()))
    return attribute(SIGNING_CERTIFICATE, der.sequence(der.sequence(identifier)))


def signing_time(moment=NOW):
    return attribute(SIGNING_TIME, der.time(moment))


def baseline(signed, certificate, digest="sha256"):
    """The signed attributes of PAdES B-B and no more."""
    return [content_type(), message_digest(signed, digest), signing_certificate_v2(certificate)]


def message(
    attributes,
    certificate,
    issuers=(),
    key=None,
    digest="sha256",
    in_order=True,
    version=1,
    certificates=None,
    signed_digest=None,
    indefinite=False,
):
    """A detached SignedData over these signed attributes."""
    key = key or certificate.key
    body = b"".join(sorted(attributes) if in_order else attributes)
    signature = key.sign(der.tlv(0x31, body), signed_digest or digest)
    algorithm = RSA_ENCRYPTION if key.rsa else der.sequence(der.oid(ECDSA[digest]))
    digest_algorithm = der.sequence(der.oid(DIGESTS[digest]))
    signer = der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer, certificate.serial),
        digest_algorithm,
        der.context(0, body),
        algorithm,
        der.octets(signature),
    )
    if certificates is None:
        certificates = [certificate.der, *(issuer.der for issuer in issuers)]
    wrap = der.indefinite if indefinite else der.tlv
    signed_data = wrap(
        0x30,
        der.integer(version),
        der.set_of(digest_algorithm),
        der.sequence(der.oid(DATA)),
        wrap(0xA0, *sorted(certificates)) if certificates else b"",
        wrap(0x31, signer),
    )
    return wrap(0x30, der.oid(SIGNED_DATA), wrap(0xA0, signed_data))
