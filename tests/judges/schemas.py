"""The JSON Schemas, read by a validator that shares nothing with `ruqsat`.

Each schema is one of draft 2020-12, each fixture is valid by the schema of its form and by no other,
each is refused with one thing missing or too much, and the reports of `verify` are valid by theirs.
Then every value of the fixtures is taken away, made another or given a name too much: the program and
the validator must say the same of each change, save for the rules that a schema has no words for, the
program's pointers must be places of the schema, and of several faults all must be told.

    python3 tests/judges/schemas.py --ruqsat target/release/ruqsat --demo ruqsat-demo
"""

import argparse
import copy
import json
import pathlib
import random
import re
import shutil
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


# What a schema has no words for, in the words of the program: control digits, sums, one value
# against another.
BETWEEN_VALUES = re.compile(
    "control digit|the birth date|sum to|ends before it begins|held until|of the re-issued permit itself"
    "|not the IIN of the applicant|it begins on|totals have no year|does not hold in|years leave out"
    "|is before|that of the replaced permit|refused for DOCUMENTS_INCOMPLETE only"
)
OTHERS = [None, True, 7, "", "x", "a\u0007b", [], {}]


def is_between_values(fault):
    # A row has the years that the main sheet has.
    misses_a_year = "/tonnes/" in fault["pointer"] and fault["message"] == "it is missing"
    return misses_a_year or BETWEEN_VALUES.search(fault["message"])


def nodes(value, pointer=()):
    """Every value with its place; of a list, those of its first element."""
    yield pointer, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from nodes(inner, (*pointer, name))
    elif isinstance(value, list) and value:
        yield from nodes(value[0], (*pointer, 0))


def at(document, pointer):
    for step in pointer:
        document = document[step]
    return document


def changed(document, pointer, value):
    """A copy with another value at a place."""
    if not pointer:
        return value
    other = copy.deepcopy(document)
    at(other, pointer[:-1])[pointer[-1]] = value
    return other


def changes(document, pointer, value):
    """What is done to a value, and the document after it."""
    for other in OTHERS:
        if type(other) is not type(value) or other != value:
            yield f"{other!r}", changed(document, pointer, other)
    if pointer:
        without = copy.deepcopy(document)
        del at(without, pointer[:-1])[pointer[-1]]
        yield "gone", without
    if isinstance(value, dict):
        yield "a name too much", changed(document, pointer, {**value, "colour": "blue"})
    if isinstance(value, list) and value:
        yield "twice the first", changed(document, pointer, [value[0], *value])


def shape(pointer, value):
    return tuple("#" if isinstance(step, int) else step for step in pointer), type(value)


def faults_of(ruqsat, form, documents, work):
    """What the program finds wrong with each document's data: a batch of them all."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "out").mkdir(parents=True)
    batch = work / "batch.ndjson"
    batch.write_text("".join(json.dumps(document) + "\n" for document in documents))
    manifest = work / "manifest.ndjson"
    where = ["--out-dir", work / "out", "--manifest", manifest, "--no-progress"]
    run(ruqsat, "issue", batch, "--form", form, *where, timeout=1200)
    faults = [None] * len(documents)
    for line in manifest.read_text().splitlines():
        entry = json.loads(line)
        error = entry.get("error") or {}
        # An error without a place is one of printing: the data was good.
        has_place = error.get("pointer") is not None
        faults[entry["line"] - 1] = [error, *error.get("more", [])] if has_place else []
    shutil.rmtree(work / "out")
    return faults


def knows(root, pointer):
    """Whether the place of a fault is one of the schema's; a name too much has none of its own."""
    here = [root]
    steps = pointer.split("/")[1:]
    for index, step in enumerate(steps):
        step = step.replace("~1", "/").replace("~0", "~")
        below = []
        for part in parts(root, here):
            inner = part.get("properties", {}).get(step)
            if inner is None and step.isdigit():
                inner = part.get("items")
            if inner is None:
                inner = part.get("additionalProperties")
            if isinstance(inner, dict):
                below.append(inner)
        if not below:
            return index + 1 == len(steps) and step == "colour"
        here = below
    return True


def parts(root, schemas):
    """The schemas, and all that they are made of."""
    queue = list(schemas)
    while queue:
        part = queue.pop()
        if isinstance(part, bool):
            continue
        yield part
        if "$ref" in part:
            place = root
            for step in part["$ref"].split("/")[1:]:
                place = place[step]
            queue.append(place)
        for word in ("allOf", "oneOf", "anyOf"):
            queue.extend(part.get(word, []))
        queue.extend(part[word] for word in ("then", "else") if word in part)


def mutations(arguments, gate, form, schema, files):
    """The program and the validator hold every change of a document against each other."""
    seen, labels, documents = set(), [], []
    for file in files:
        document = json.loads(file.read_text())
        for pointer, value in nodes(document):
            if shape(pointer, value) in seen and file != files[0]:
                continue
            seen.add(shape(pointer, value))
            for what, other in changes(document, pointer, value):
                labels.append(f"{file.name} /{'/'.join(map(str, pointer))}: {what}")
                documents.append(other)
    told = faults_of(arguments.ruqsat, form, documents, arguments.work)
    apart, lost = [], []
    for label, document, faults in zip(labels, documents, told):
        if faults is None:
            apart.append(f"{label}: no line of the manifest")
            continue
        if schema.is_valid(document):
            structural = [fault for fault in faults if not is_between_values(fault)]
            apart.extend(f"{label}: only the program refuses: {fault}" for fault in structural)
        elif not faults:
            apart.append(f"{label}: only the schema refuses")
        unknown = [fault["pointer"] for fault in faults if not knows(schema.schema, fault["pointer"])]
        lost.extend(f"{label}: {pointer}" for pointer in unknown)
    # The judge must be able to say no: a schema that takes everything would be found out.
    refused = sum(bool(faults) and not all(map(is_between_values, faults)) for faults in told)
    gate.check(f"{form}: some changes are good and some are not", 0 < refused < len(told))
    count = len(documents)
    gate.check(f"{form}: program and schema agree on changes of every value", not apart, "\n".join(apart))
    gate.check(f"{form}: the program's pointers are places of the schema", not lost, "\n".join(lost))
    print(f"        {count} changes")
    together(arguments, gate, form, files)


def together(arguments, gate, form, files):
    """Faults in several places at once: each is told."""
    random.seed(form)
    wanted, documents = [], []
    for file in files:
        document = json.loads(file.read_text())
        leaves = [pointer for pointer, value in nodes(document) if not isinstance(value, (dict, list))]
        # What the parameters of a notice may be depends on its code.
        leaves = [pointer for pointer in leaves if (form, pointer) != ("notice", ("code",))]
        for count in (2, 3, 5, len(leaves)):
            chosen = random.sample(leaves, min(count, len(leaves)))
            other = document
            for pointer in chosen:
                other = changed(other, pointer, [])
            wanted.append({"/" + "/".join(map(str, pointer)) for pointer in chosen})
            documents.append(other)
    told = faults_of(arguments.ruqsat, form, documents, arguments.work)
    missed = []
    for pointers, faults in zip(wanted, told):
        missed.extend(pointers - {fault["pointer"] for fault in faults or []})
    gate.check(f"{form}: of several faults all are told", not missed, "\n".join(missed))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ruqsat", required=True)
    parser.add_argument("--demo", required=True, type=pathlib.Path)
    parser.add_argument("--work", default=REPOSITORY / "target/judges/work-schemas", type=pathlib.Path)
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
        mutations(arguments, gate, form, schemas[form], files)
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
