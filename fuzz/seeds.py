#!/usr/bin/env python3
"""Lays the public test data as first inputs for the fuzz targets: seeds.py CORPORA FOLDER.

One folder a target; a file's name is the digest of its content, so that none stands twice. Nothing
of it is kept in the project.
"""

import base64
import binascii
import hashlib
import json
import pathlib
import re
import sys

TIME_STAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
# A national list of hundreds of thousands of entries would only make each run slow.
LARGEST = 64 * 1024


def pem_blocks(text):
    for block in re.findall(r"-----BEGIN [^-]+-----([^-]+)-----END", text):
        yield base64.b64decode(block)


def der_of(content):
    """The DER inside a file of DER, PEM or bare base64."""
    if content[:1] == b"\x30":
        return [content]
    text = content.decode("ascii", "ignore")
    if "-----BEGIN" in text:
        return list(pem_blocks(text))
    try:
        return [base64.b64decode("".join(text.split()), validate=True)]
    except binascii.Error:
        return []


def element(content, offset):
    """The DER element that begins at the offset, or nothing."""
    if offset + 2 > len(content):
        return b""
    length, header = content[offset + 1], 2
    if length == 0x80:
        return b""
    if length > 0x80:
        header += length - 0x80
        length = int.from_bytes(content[offset + 2 : offset + header], "big")
    return content[offset : offset + header + length]


def tokens(message):
    """The time-stamp tokens that a message carries as unsigned attributes."""
    start = message.find(TIME_STAMP_TOKEN)
    while start >= 0:
        values = element(message, start + len(TIME_STAMP_TOKEN))
        if values[:1] == b"\x31":
            header = 2 if values[1] < 0x80 else 2 + values[1] - 0x80
            yield values[header:]
        start = message.find(TIME_STAMP_TOKEN, start + 1)


def messages_of_pdf(content):
    for digits in re.findall(rb"<([0-9A-Fa-f\s]{400,})>", content):
        digits = re.sub(rb"\s", b"", digits)
        message = bytes.fromhex(digits[: len(digits) & ~1].decode())
        if SIGNED_DATA in message[:40]:
            yield message.rstrip(b"\0")


def messages_of_mail(content):
    for part in re.split(rb"\r?\n--", content):
        head, _, body = part.replace(b"\r", b"").partition(b"\n\n")
        if b"base64" in head:
            yield base64.b64decode(body.split(b"--")[0])


def collect(corpora):
    seeds = {name: [] for name in ("certificate", "crl", "cms", "ocsp", "tsp")}
    for path in sorted(corpora.glob("**/*")):
        if not path.is_file():
            continue
        content, suffix, folder = path.read_bytes(), path.suffix, path.parent.name
        if suffix in (".crt", ".cer", ".pem"):
            seeds["certificate"] += der_of(content)
        elif suffix == ".crl":
            seeds["crl"] += der_of(content)
        elif suffix == ".ors" or "ocsp" in path.parts[-3:] and suffix in (".der", ".bin"):
            seeds["ocsp"] += der_of(content)
        elif folder == "tsp":
            seeds["tsp"] += der_of(content)
        elif suffix == ".eml" or folder == "smime":
            seeds["cms"] += messages_of_mail(content)
        elif suffix == ".pdf":
            seeds["cms"] += messages_of_pdf(content)
    for case in json.loads((corpora / "x509-limbo/limbo.json").read_text())["testcases"]:
        pem = [case["peer_certificate"], *case["trusted_certs"], *case["untrusted_intermediates"]]
        seeds["certificate"] += [der for text in pem for der in pem_blocks(text)]
        seeds["crl"] += [der for text in case.get("crls") or [] for der in pem_blocks(text)]
    for message in seeds["cms"]:
        seeds["tsp"] += tokens(message)
    seeds["cms"] += seeds["tsp"]
    return seeds


def main():
    corpora, out = map(pathlib.Path, sys.argv[1:])
    for name, seeds in collect(corpora).items():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds:
            if 0 < len(seed) <= LARGEST:
                (folder / hashlib.sha256(seed).hexdigest()[:24]).write_bytes(seed)
        print(f"{name}: {len(list(folder.iterdir()))} seeds")


main()
