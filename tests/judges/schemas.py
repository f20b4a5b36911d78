"""The JSON Schemas, read by a validator that shares nothing with `ruqsat`.

Each schema is one of draft 2020-12, each fixture is valid by the schema of its form and by no other,
each is refused with one thing missing or too much, and the reports of `verify` are valid by theirs.

    python3 tests/judges/schemas.py --ruqsat target/release/ruqsat --demo ruqsat-demo
"""

import argparse
import copy
import json
import pathlib
import sys

import jsonschema

from common import FORMS, REPOSITORY, Gate, run


def validator(ruqsat, name):
    schema = json.loads(run(ruqsat, "schema", name).text)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def removals(document):
    """The document without each of its names at the top."""
    for name in document:
        other = copy.deepcopy(document)
        del other[name]
        yield name, other


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ruqsat", required=True)
    parser.add_argument("--demo", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    gate = Gate("JSON Schema")
    schemas = {form: validator(arguments.ruqsat, form) for form in FORMS.values()}
    for folder, form in FORMS.items():
        files = sorted((REPOSITORY / "fixtures" / folder).glob("*.json"))
        gate.check(f"{form}: there are fixtures", files)
        required = set(schemas[form].schema.get("required", []))
        for file in files:
            document = json.loads(file.read_text())
            errors = "\n".join(str(error) for error in schemas[form].iter_errors(document))
            gate.check(f"{form}: {file.name} is valid", not errors, errors)
            others = [other for other in FORMS.values() if other != form]
            taken = [other for other in others if schemas[other].is_valid(document)]
            gate.check(f"{form}: {file.name} is valid by no other schema", not taken, taken)
            spoilt = dict(document, colour="blue")
            gate.check(f"{form}: {file.name} with a name too much", not schemas[form].is_valid(spoilt))
            valid_without = {
                name for name, other in removals(document) if schemas[form].is_valid(other)
            }
            missed = required & valid_without
            gate.check(f"{form}: {file.name} without a name it must have", not missed, missed)
    reports(arguments, gate)
    return 0 if gate.end() else 1


def reports(arguments, gate):
    """What `verify --json` prints about good and bad files, and about no file."""
    schema = validator(arguments.ruqsat, "report")
    trust = next(path for path in arguments.demo.iterdir() if path.is_dir() and (path / "root.pem").exists())
    files = sorted(arguments.demo.glob("*.pdf")) + [arguments.demo / "none.pdf"]
    for file in files:
        text = run(arguments.ruqsat, "verify", file, "--trust", trust, "--json").text
        report = json.loads(text)
        errors = "\n".join(error.message for error in schema.iter_errors(report))
        gate.check(f"report: {file.name} is valid", not errors, errors)
        report["colour"] = "blue"
        gate.check(f"report: {file.name} with a name too much", not schema.is_valid(report))


if __name__ == "__main__":
    sys.exit(main())
