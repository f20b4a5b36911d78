"""pyHanko's certvalidator on paths of the TEST authority. Runs in its own environment.

with_certvalidator.py ROOT.pem CA.pem < CASES > ANSWERS

A case is a line of JSON, {name, leaf, crls: [files], ocsps: [files]}; so is an answer, {name, ok, error}.
Nothing is fetched, and revocation must be known for the whole path.
"""

import asyncio
import json
import pathlib
import sys

from asn1crypto import ocsp
from pyhanko.keys import load_cert_from_pemder
from pyhanko_certvalidator import CertificateValidator, ValidationContext


def answer(root, ca, case):
    try:
        asyncio.run(validate(root, ca, case))
    except Exception as error:  # whatever it is, the path is not accepted
        return {"name": case["name"], "ok": False, "error": f"{type(error).__name__}: {error}"}
    return {"name": case["name"], "ok": True, "error": None}


async def validate(root, ca, case):
    context = ValidationContext(
        trust_roots=[root],
        other_certs=[ca],
        crls=[pathlib.Path(path).read_bytes() for path in case["crls"]],
        ocsps=[ocsp.OCSPResponse.load(pathlib.Path(path).read_bytes()) for path in case["ocsps"]],
        allow_fetching=False,
        revocation_mode="require",
    )
    leaf = load_cert_from_pemder(case["leaf"])
    validator = CertificateValidator(leaf, intermediate_certs=[ca], validation_context=context)
    await validator.async_validate_usage({"digital_signature"})


if __name__ == "__main__":
    root, ca = (load_cert_from_pemder(path) for path in sys.argv[1:3])
    for line in sys.stdin:
        print(json.dumps(answer(root, ca, json.loads(line)), ensure_ascii=False), flush=True)
