"""Every fault that the TEST authority plays on demand, seen from openssl.

    authority_faults.py --ruqsat PROGRAM --work FOLDER
"""

import argparse
import datetime
import pathlib
import re
import subprocess
import sys

from authority_folder import TestAuthority, free_port, fresh
from authority_responders import Tsa, ask, request, says
from common import Gate, Ruqsat, run


def ocsp_faults(gate, authority, holder):
    """What openssl says of each, in its own words."""
    faults = {
        "try-later": "Responder Error: trylater (3)",
        "unauthorized": "Responder Error: unauthorized (6)",
        "wrong-nonce": "Nonce Verify error",
        "stale": "WARNING: Status times invalid.",
        "malformed": "Error querying OCSP responder",
        "slow": "timeout",
        "bad-signature": "Response Verify Failure",
        "unknown": f"{holder.path}: unknown",
    }
    with authority.serving() as server:
        ran = ask(authority, server, "-cert", holder.path, "-timeout", "5")
        gate.check("ocsp: without a fault", says(ran, ": good"), ran.evidence)
    for fault, words in faults.items():
        with authority.serving("--fault", f"ocsp={fault}") as server:
            patience = "2" if fault == "slow" else "10"
            ran = ask(authority, server, "-cert", holder.path, "-timeout", patience)
            status, _, body = request(server["crl"])
            spared = status == 200 and body == (authority.folder / "crl/ca.crl").read_bytes()
        good = says(ran, ": good") and fault != "stale"
        seen = words in ran.evidence and not good
        gate.check(f"ocsp={fault}", seen and spared, ran.evidence)
        ended(gate, f"ocsp={fault}", server)


def ended(gate, fault, server):
    """Asked to end, also while somebody waits for a slow answer, it does."""
    code, seconds = server.stop()
    gate.check(f"{fault}: ends cleanly", code == 0 and seconds < 5, (code, seconds, server.errors))


def crl_faults(gate, ruqsat, work):
    """openssl fetches the list from the address in the certificate."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    authority = TestAuthority(ruqsat, work / "crl", "--base-url", base)
    holder = authority.issue("head")
    # A list dated into the past is one that was in force before, not one that never was.
    faults = {
        "stale": "CRL has expired",
        "malformed": "unable to get certificate CRL",
        "slow": "",
        "bad-signature": "CRL signature failure",
        "missing": "unable to get certificate CRL",
        "wrong-issuer": "unable to get certificate CRL",
    }

    def verify(timeout=60):
        return run(
            *("openssl", "verify", "-x509_strict", "-crl_download", "-crl_check"),
            *("-CAfile", authority.root, "-untrusted", authority.ca, holder.path),
            timeout=timeout,
        )

    with authority.serving(listen=f"127.0.0.1:{port}") as server:
        gate.check("ca serve keeps its address", server["base"] == base, server.line)
        ran = verify()
        gate.check("crl: without a fault", ran.code == 0 and ": OK" in ran.text, ran.evidence)
    for fault, words in faults.items():
        with authority.serving("--fault", f"crl={fault}", listen=f"127.0.0.1:{port}") as server:
            if fault == "slow":
                # openssl waits for a list as long as it takes.
                gate.check("crl=slow", is_slow(lambda: verify(timeout=3)))
            else:
                ran = verify()
                answer = ask(authority, server, "-cert", holder.path)
                seen = ran.code != 0 and words in ran.evidence
                said = ran.evidence + answer.evidence
                gate.check(f"crl={fault}", seen and says(answer, ": good"), said)
        ended(gate, f"crl={fault}", server)


def tsa_faults(gate, authority):
    faults = {
        "rejection": "Status: Rejected.",
        "wrong-nonce": "nonce mismatch",
        "wrong-imprint": "message imprint mismatch",
        "malformed": "",
        "slow": "",
        "bad-signature": "signature failure",
        "stale": "Time stamp: ",
        "bad-policy": "policy mismatch",
    }
    tsa = Tsa(gate, authority)
    for fault, words in faults.items():
        query = tsa.query(fault, "-sha256", "-cert", "-tspolicy", "1.2.398.3.3.2.6.2")
        with authority.serving("--fault", f"tsa={fault}") as server:
            if fault == "slow":
                # openssl itself has no client for stamps.
                media_type = "application/timestamp-query"
                body = query.read_bytes()
                gate.check(
                    "tsa=slow",
                    is_slow(lambda: request(server["tsa"], body, media_type, timeout=2)),
                )
            else:
                reply, _ = tsa.reply(server, query)
        ended(gate, f"tsa={fault}", server)
        if fault == "slow":
            continue
        ran, good = tsa.verify(reply, "-queryfile", query)
        text = tsa.text(reply)
        said = ran.evidence + text.evidence
        if fault == "stale":
            # openssl asks nobody what time it is: the stamp verifies, and names another year.
            gate.check("tsa=stale", good and is_old(text.text), said)
        else:
            gate.check(f"tsa={fault}", not good and words in said, said)


def is_slow(attempt):
    """No answer in the time that the attempt allows."""
    try:
        attempt()
    except (TimeoutError, subprocess.TimeoutExpired):
        return True
    return False


def is_old(text):
    """A stamp of more than an hour ago."""
    told = re.search(r"Time stamp: (.+?) GMT", text)
    if not told:
        return False
    moment = datetime.datetime.strptime(told[1].split(".")[0], "%b %d %H:%M:%S %Y")
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    return now - moment > datetime.timedelta(hours=1)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority faults")
    authority = TestAuthority(ruqsat, work / "p256")
    holder = authority.issue("head")
    ocsp_faults(gate, authority, holder)
    crl_faults(gate, ruqsat, work)
    tsa_faults(gate, authority)
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
