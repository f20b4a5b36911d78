"""pyHanko's certvalidator and `ruqsat verify` judge paths of the TEST authority alike.

    authority_paths.py --ruqsat PROGRAM --python PYTHON --work FOLDER

Each path is asked about with the complete lists, with the delta lists beside them, and with an
answer of the running responder.
"""

import argparse
import datetime
import json
import pathlib
import shutil
import sys

from authority_folder import SINGLE, TestAuthority, fresh
from authority_responders import other_second, request
from common import SAMPLE, Gate, Ruqsat, codes, must, run

HERE = pathlib.Path(__file__).resolve().parent
COMPLETE, ALL = ["root.crl", "ca.crl"], ["root.crl", "root-delta.crl", "ca.crl", "ca-delta.crl"]


class Scene:
    """Holders of every status; what stands in complete lists and what in delta lists only."""

    def __init__(self, ruqsat, folder, algorithm):
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        minute = datetime.timedelta(minutes=1)
        moments = iter((now - 20 * minute + at * minute).isoformat() for at in range(20))
        founded = next(moments)
        self.authority = authority = TestAuthority(
            ruqsat, folder, "--algorithm", algorithm, "--at", founded
        )
        names = ("good", "stolen", "held", "released", "held-since", "stolen-since")
        self.holders = {
            name: authority.issue("head", SINGLE, "--not-before", founded, name=name)
            for name in names
        }
        stolen = ("--reason", "key-compromise")
        for verb, name, *options in (
            ("revoke", "stolen", *stolen),
            ("hold", "held"),
            ("hold", "released"),
            ("release", "released", "--delta"),
            ("hold", "held-since", "--delta"),
            ("revoke", "stolen-since", *stolen, "--delta"),
        ):
            # Each in a minute of its own: lists of one second have no order in time.
            authority.change(verb, self.holders[name], "--clock", next(moments), *options)
        self.lists = self.authority.work / "lists"
        shutil.copytree(authority.folder / "crl", self.lists)

    def answers(self, server):
        """An OCSP response in DER for each holder."""
        found = {}
        for name, holder in self.holders.items():
            asked = self.authority.work / f"{name}.request"
            must(
                *("openssl", "ocsp", "-issuer", self.authority.ca, "-cert", holder.path),
                *("-no_nonce", "-reqout", asked),
            )
            _, _, body = request(server["ocsp"], asked.read_bytes(), "application/ocsp-request")
            found[name] = self.authority.work / f"{name}.response"
            found[name].write_bytes(body)
        return found


REVOKED = {"stolen", "held", "held-since", "stolen-since"}


def spoilt(path):
    """The same file with a bit of its signature changed."""
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    other = path.with_name(f"spoilt-{path.name}")
    other.write_bytes(data)
    return other


def certvalidator(gate, python, scene, answers):
    kind, folder = scene.authority.work.name, scene.lists
    with_lists = [str(folder / name) for name in ALL]
    above = [str(folder / name) for name in ("root.crl", "root-delta.crl")]
    cases, wanted = [], {}

    def case(name, holder, crls, ocsps, good, words=""):
        leaf = str(scene.holders[holder].path)
        cases.append({"name": name, "leaf": leaf, "crls": crls, "ocsps": ocsps})
        wanted[name] = good, words

    bad_list = str(spoilt(folder / "ca.crl"))
    case("a spoilt list", "good", [*above, bad_list, str(folder / "ca-delta.crl")], [], False)
    bad_answer = scene.authority.work / "changed.response"
    bad_answer.write_bytes(other_second(answers["good"].read_bytes()))
    case("a spoilt answer", "good", above, [str(bad_answer)], False)
    case("nothing about the signer", "good", above, [], False)
    for name in scene.holders:
        good = name not in REVOKED
        words = "" if good else "revoked"
        case(f"{name}, by lists", name, with_lists, [], good, words)
        case(f"{name}, by ocsp", name, above, [str(answers[name])], good, words)
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    ran = run(
        *(python, HERE / "with_certvalidator.py", scene.authority.root, scene.authority.ca),
        stdin=lines.encode(),
    )
    said = {answer["name"]: answer for answer in map(json.loads, ran.text.splitlines())}
    for name, (good, words) in wanted.items():
        answer = said.get(name, {"ok": None, "error": ran.evidence})
        holds = answer["ok"] is good and words in str(answer["error"]).lower()
        gate.check(f"{kind}: certvalidator: {name}", holds, answer["error"])


def verify(gate, ruqsat, scene):
    """Our own verdict on a permit that each of them signed."""
    kind, work = scene.authority.work.name, scene.authority.work
    wanted = {
        "good": (0, []),
        "released": (0, []),
        "stolen": (1, ["CERT_REVOKED_COMPROMISE"]),
        "stolen-since": (1, ["CERT_REVOKED_COMPROMISE"]),
    }
    for name, holder in scene.holders.items():
        pdf = work / f"{name}.pdf"
        ruqsat.must(
            *("issue", SAMPLE, "-o", pdf, "--key", holder.p12),
            *("--password-file", scene.authority.password),
        )
        ran, report = ruqsat.verify(pdf, "--trust", scene.authority.folder)
        code, reasons = wanted.get(name, (None, None))
        if code is None:
            # On hold: whatever the verdict is called, it is not valid, and says why.
            holds = ran.code in (1, 3) and "HOLD" in "".join(codes(report)).upper()
        else:
            holds = ran.code == code and codes(report)[:1] == reasons
        gate.check(f"{kind}: ruqsat verify: {name}", holds, ran.evidence)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority paths")
    for algorithm in ("p256", "rsa-2048"):
        scene = Scene(ruqsat, work / algorithm, algorithm)
        with scene.authority.serving() as server:
            answers = scene.answers(server)
        certvalidator(gate, given.python, scene, answers)
        verify(gate, ruqsat, scene)
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
