"""pyHanko as signer and as judge. Runs in its own environment (requirements.txt).

with_pyhanko.py validate AUTHORITY-FOLDER FILE…
with_pyhanko.py sign P12 PASSWORD IN OUT
with_pyhanko.py add-page IN OUT            (an incremental update after signing)
with_pyhanko.py add-evidence AUTHORITY-FOLDER IN OUT     (a DSS after signing)
"""

import io
import json
import pathlib
import sys

from asn1crypto import crl as asn1_crl
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext


def evidence(folder):
    folder = pathlib.Path(folder)
    root = load_cert_from_pemder(str(folder / "root.pem"))
    others = [load_cert_from_pemder(str(p)) for p in folder.glob("*.pem") if p.name == "ca.pem"]
    lists = [p.read_bytes() for p in sorted((folder / "crl").glob("*.crl"))]
    if not others or not lists:
        sys.exit(f"{folder}: needs ca.pem and crl/*.crl")
    return root, others, lists


def validate(folder, *files):
    root, others, lists = evidence(folder)
    for file in files:
        answer = {"file": pathlib.Path(file).name, "ok": False}
        try:
            context = ValidationContext(
                trust_roots=[root],
                other_certs=others,
                crls=lists,
                allow_fetching=False,
                revocation_mode="require",
            )
            reader = PdfFileReader(io.BytesIO(pathlib.Path(file).read_bytes()))
            signatures = reader.embedded_signatures
            status = validate_pdf_signature(signatures[0], signer_validation_context=context)
            answer.update(
                ok=status.bottom_line and len(signatures) == 1,
                intact=status.intact,
                valid=status.valid,
                trusted=status.trusted,
                unchanged=status.docmdp_ok,
                coverage=status.coverage.name,
                summary=status.summary(),
                revoked=status.revoked,
            )
        except Exception as error:  # whatever it is, the file is not accepted
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer, ensure_ascii=False))


def sign(p12, password, source, target):
    signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=password.encode())
    if signer is None:
        sys.exit(f"{p12}: pyHanko could not read it")
    writer = IncrementalPdfFileWriter(io.BytesIO(pathlib.Path(source).read_bytes()))
    reader = PdfFileReader(io.BytesIO(pathlib.Path(source).read_bytes()))
    empty = [name for name, value, _ in fields.enumerate_sig_fields(reader) if value is None]
    metadata = signers.PdfSignatureMetadata(
        field_name=empty[0],
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    out = signers.PdfSigner(metadata, signer).sign_pdf(writer, existing_fields_only=True)
    pathlib.Path(target).write_bytes(out.getbuffer())


def add_page(source, target):
    writer = IncrementalPdfFileWriter(io.BytesIO(pathlib.Path(source).read_bytes()))
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 720 Td (added later) Tj ET")
    page = PageObject(
        contents=writer.add_object(stream),
        media_box=(0, 0, 595, 842),
        resources=generic.DictionaryObject(),
    )
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    pathlib.Path(target).write_bytes(out.getbuffer())


def add_evidence(folder, source, target):
    root, others, lists = evidence(folder)
    stream = io.BytesIO(pathlib.Path(source).read_bytes())
    DocumentSecurityStore.add_dss(
        stream,
        sig_contents=None,
        certs=[root, *others],
        crls=[asn1_crl.CertificateList.load(data) for data in lists],
    )
    pathlib.Path(target).write_bytes(stream.getbuffer())


VERBS = {"validate": validate, "sign": sign, "add-page": add_page, "add-evidence": add_evidence}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
