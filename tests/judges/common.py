"""What the judges share: counting checks, starting programs."""

import json
import os
import pathlib
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "fixtures" / "permits" / "atyrau-2013.json"
# Folders of fixtures and the forms that they fill.
FORMS = {
    "permits": "permit",
    "reissues": "reissue",
    "refusals": "refusal",
    "conclusions": "conclusion",
    "applications-permit": "application-permit",
    "applications-expertise": "application-expertise",
    "notices": "notice",
    "questionnaires": "questionnaire",
    "questionnaire-summaries": "questionnaire-summary",
}


class Gate:
    """Counts checks and prints `name: n/n`; a gate with one failure ends the program with 1.

    The caller of the program compares n with a number of its own, so that a check that was not made
    is a failure too.
    """

    def __init__(self, name):
        self.name, self.passed, self.made = name, 0, 0

    def check(self, what, holds, evidence=""):
        self.made += 1
        if holds:
            self.passed += 1
            print(f"  ok    {what}")
        else:
            print(f"  FAIL  {what}")
            for line in str(evidence).strip().splitlines()[:40]:
                print(f"        | {line}")
        sys.stdout.flush()
        return bool(holds)

    def end(self):
        print(f"{self.name}: {self.passed}/{self.made}")
        return self.passed == self.made and self.made > 0


class Ran:
    """A finished program: its exit code, its output, and both streams in one text as evidence."""

    def __init__(self, command, code, stdout, stderr):
        self.command = " ".join(map(str, command))
        self.code, self.stdout, self.stderr = code, stdout, stderr

    @property
    def text(self):
        return self.stdout.decode("utf-8", "replace")

    @property
    def evidence(self):
        errors = self.stderr.decode("utf-8", "replace")
        return f"$ {self.command}\nexit {self.code}\n{self.text}{errors}"


def run(*command, stdin=b"", timeout=300, env=None):
    """Runs a program to its end, without a terminal, in English and UTC."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(env or {})}
    done = subprocess.run(
        [str(word) for word in command],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        env=environment,
    )
    return Ran(command, done.returncode, done.stdout, done.stderr)


def must(*command, **options):
    """Like `run`, for a step that the judge itself depends on."""
    ran = run(*command, **options)
    if ran.code != 0:
        sys.exit(f"a step of the judge failed:\n{ran.evidence}")
    return ran


class Ruqsat:
    """The program under judgement."""

    def __init__(self, program):
        self.program = pathlib.Path(program).resolve()
        if not self.program.exists():
            sys.exit(f"{self.program}: no such program; build it first")

    def __call__(self, *arguments, **options):
        return run(self.program, *arguments, **options)

    def must(self, *arguments, **options):
        return must(self.program, *arguments, **options)

    def verify(self, file, *arguments):
        """Exit code and the report of `verify --json`."""
        ran = self("verify", "--json", file, *arguments)
        try:
            report = json.loads(ran.stdout)
        except ValueError:
            report = {}
        return ran, report


def codes(report):
    """The reasons of a report, first one first."""
    return [reason.get("code") for reason in report.get("reasons", [])]


def notes(report):
    return [note.get("code") for note in report.get("notes", [])]
