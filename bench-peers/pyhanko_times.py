"""How long pyHanko's certificate validator takes: pyhanko_times.py MATERIAL PKITS.

Loops in this process and prints microseconds as JSON. Its libraries are loaded before.
"""

import asyncio
import datetime
import json
import pathlib
import sys
import time

from asn1crypto import crl, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy, PKIXValidationParams

UTC = datetime.timezone.utc
# As in the material's NOW.
MOMENT = datetime.datetime(2026, 11, 24, 12, tzinfo=UTC)
PKITS_MOMENT = datetime.datetime(2023, 11, 1, tzinfo=UTC)


def judge(leaf, others, anchor, lists, moment, revocation, params, loop):
    context = ValidationContext(
        trust_roots=[anchor],
        other_certs=others,
        crls=lists,
        moment=moment,
        revocation_mode=revocation,
        algorithm_usage_policy=DisallowWeakAlgorithmsPolicy(
            weak_hash_algos=frozenset(["md5", "md2"]), rsa_key_size_threshold=1024, dsa_key_size_threshold=1024
        ),
    )
    validator = CertificateValidator(leaf, validation_context=context, pkix_params=params)
    loop.run_until_complete(validator.async_validate_path())


def microseconds(call, least):
    """The shortest of all calls in some seconds."""
    call()
    started, best = time.perf_counter(), float("inf")
    while best == float("inf") or time.perf_counter() - started < least:
        begun = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - begun)
    return best * 1e6


def main():
    material, pkits = map(pathlib.Path, sys.argv[1:])
    loop = asyncio.new_event_loop()
    names = ["leaf.der", "ca.der", "root.der", "root.crl", "ca.crl"]
    leaf, ca, root, root_list, ca_list = [(material / name).read_bytes() for name in names]
    load, load_list = x509.Certificate.load, crl.CertificateList.load

    def cold():
        judge(load(leaf), [load(ca)], load(root), [root_list, ca_list], MOMENT, "require", None, loop)

    read = load(leaf), [load(ca)], load(root), [load_list(root_list), load_list(ca_list)]

    def warm():
        judge(*read, MOMENT, "require", None, loop)

    cases = []
    anchor = (pkits / "certs/TrustAnchorRootCertificate.crt").read_bytes()
    for case in json.loads((pkits / "pkits.json").read_text()):
        lists = set(case.get("crls", [])) | {"TrustAnchorRootCRL.crl"}
        params = dict(case.get("params", {}))
        if "user_initial_policy_set" in params:
            params["user_initial_policy_set"] = frozenset(params["user_initial_policy_set"])
        cases.append((
            (pkits / "certs" / case["cert"]).read_bytes(),
            [(pkits / "certs" / name).read_bytes() for name in case.get("other_certs", [])],
            [(pkits / "crls" / name).read_bytes() for name in sorted(lists)],
            "require" if case.get("revocation", True) else "soft-fail",
            PKIXValidationParams(**params),
            "error" not in case,
        ))

    def all_cases():
        right = 0
        for leaf, others, lists, revocation, params, expected in cases:
            if revocation == "soft-fail":
                lists = []
            try:
                judge(load(leaf), [load(der) for der in others], load(anchor), lists, PKITS_MOMENT, revocation, params, loop)
                found = True
            except Exception:
                found = False
            right += found == expected
        return right

    print(json.dumps({
        "cold": microseconds(cold, least=1),
        "warm": microseconds(warm, least=1),
        "pkits": microseconds(all_cases, least=6),
        "right": all_cases(),
    }))


main()
