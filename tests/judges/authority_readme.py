"""The commands of the README's section about the TEST authority, run as they stand there.

    authority_readme.py --ruqsat PROGRAM --work FOLDER

The first block is typed in an empty folder, the last of its commands goes on running; every command
of the blocks after it must then answer with the line that the README shows below it. Only the
port is another one, so that nobody has to keep it free.
"""

import argparse
import os
import pathlib
import re
import shutil
import sys

from authority_folder import Server, free_port, fresh
from common import REPOSITORY, Gate, Ruqsat, run

HEADING = "## A TEST authority on your own machine"
PORT = "8888"


def section():
    text = (REPOSITORY / "README.md").read_text()
    start = text.index(f"{HEADING}\n")
    return text[start : text.index("\n## ", start)]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block):
    """The lines of a block, each command whole, with what is shown below it."""
    block = block.replace("\\\n", " ")
    found = []
    for line in block.splitlines():
        if line.startswith("# "):
            found[-1][1].append(line[2:])
        elif line.strip():
            found.append((line, []))
    return found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ruqsat", required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    given = options.parse_args()
    ruqsat, work = Ruqsat(given.ruqsat), fresh(given.work)
    gate = Gate("authority README")
    path = {"PATH": f"{ruqsat.program.parent}{os.pathsep}{os.environ['PATH']}"}

    def shell(command):
        return run("sh", "-c", f"cd '{work}' && {command}", env=path)

    text = section()
    first, *others = blocks(text, "sh")
    *prepare, (serve, _) = commands(first)
    gate.check("four commands", len(prepare) == 3 and "ca serve" in serve, first)
    for command, _ in prepare:
        ran = shell(command)
        gate.check(" ".join(command.split()[:3]), ran.code == 0, ran.evidence)
    listed = shell("ruqsat ca list --ca test-ca").text
    gate.check(
        "one valid and one revoked signer",
        listed.count("  head  valid until") == 1 and listed.count("  head  revoked since") == 1,
        listed,
    )
    words = serve.split()
    gate.check("the last one serves", words == "ruqsat ca serve --ca test-ca".split(), serve)
    port = str(free_port())
    shutil.copy(REPOSITORY / "README.md", work / "README.md")
    server = Server(ruqsat, work / "test-ca", f"127.0.0.1:{port}")
    try:
        shown = blocks(text, "json")[0].strip().replace(PORT, port)
        gate.check("it prints what the README shows", server.line.strip() == shown, server.line)
        for block in others:
            for command, expected in commands(block):
                ran = shell(command.replace(PORT, port))
                missing = [line for line in expected if line not in ran.evidence]
                holds = not missing and expected != [] or ran.code == 0 and expected == []
                gate.check(command, holds, "\n".join([*missing, ran.evidence]))
    finally:
        code, _ = server.stop()
    gate.check("it ends cleanly", code == 0, server.errors)
    return gate.end()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
