"""The TEST authority under judgement: its folder, what it issued, and its server.

Nothing here reads certificates or lists: that is for the judges.
"""

import contextlib
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

from authority import pem
from common import must

PASSWORD = "judge"
IIN, BIN = "691007390018", "101140900013"
SURNAME, FIRST, PATRONYMIC = "ЖАНҰЗАҚОВ", "ҚАЙРАТ", "СЕРІКҰЛЫ"
# Longer than the 64 characters of X.520, with quotes inside, as organisations here are called.
ORGANISATION = (
    "«Атырау облысы табиғи ресурстар және табиғат пайдалануды реттеу басқармасы» "
    "мемлекеттік мекемесі"
)
ROLES = ["head", "can-sign", "financial", "hr", "employee", "individual", "system", "treasury"]
# Generation, use, and the options that ask for them.
SINGLE = ("2022", "sign", ())
LEGACY_SIGNING = ("legacy", "sign", ("--generation", "legacy"))
LEGACY_LOG_IN = ("legacy", "auth", ("--generation", "legacy", "--use", "auth"))
GENERATIONS = [SINGLE, LEGACY_SIGNING, LEGACY_LOG_IN]


def fresh(folder):
    """An empty folder."""
    folder = pathlib.Path(folder).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


class Holder:
    """A certificate that was issued, and the files of it."""

    def __init__(self, role, generation, use, p12, certificate):
        self.role, self.generation, self.use = role, generation, use
        self.p12, self.path = p12, certificate
        self.name = f"{role}, {generation}, {use}"
        self.serial = certificate.stem


class TestAuthority:
    """An authority in WORK/NAME/ca, founded with these options of `ca init`."""

    def __init__(self, ruqsat, folder, *options):
        self.ruqsat, self.work = ruqsat, fresh(folder)
        self.folder = self.work / "ca"
        self.password = self.work / "password.txt"
        self.password.write_text(f"{PASSWORD}\n")
        ruqsat.must("ca", "init", self.folder, *options)
        self.root, self.ca = self.folder / "root.pem", self.folder / "ca.pem"
        self.responder, self.tsa = self.folder / "responder.pem", self.folder / "tsa.pem"
        self.chain = self.work / "chain.pem"
        self.chain.write_bytes(self.root.read_bytes() + self.ca.read_bytes())

    def issue(self, role, kind=SINGLE, *options, name=None):
        generation, use, flags = kind
        before = set((self.folder / "issued").iterdir())
        out = self.work / f"{name or f'{role}-{generation}-{use}'}.p12"
        person = [] if role == "system" else ["--iin", IIN]
        body = [] if role == "individual" else ["--bin", BIN, "--org", ORGANISATION]
        holder = 'ИС "Рұқсат"' if role == "system" else f"{SURNAME} {FIRST} {PATRONYMIC}"
        self.ruqsat.must(
            *("ca", "issue", "--ca", self.folder, "--role", role, "--name", holder),
            *(*person, *body, *flags, *options),
            *("-o", out, "--password-file", self.password),
        )
        (new,) = set((self.folder / "issued").iterdir()) - before
        return Holder(role, generation, use, out, new)

    def change(self, verb, holder, *options):
        self.ruqsat.must("ca", verb, "--ca", self.folder, holder.path, *options)

    def lists(self, *names):
        """The lists of these names in one PEM file, all of them without a name."""
        names = names or sorted(path.stem for path in (self.folder / "crl").glob("*.crl"))
        path = self.work / f"{'+'.join(names)}.lists.pem"
        ders = [(self.folder / "crl" / f"{name}.crl").read_bytes() for name in names]
        path.write_bytes(b"".join(pem("X509 CRL", der) for der in ders))
        return path

    @contextlib.contextmanager
    def serving(self, *options, listen="127.0.0.1:0"):
        """`ca serve`, as long as the block lasts: the addresses that it printed."""
        server = Server(self.ruqsat, self.folder, listen, *options)
        try:
            yield server
        finally:
            server.stop()


class Server:
    """A running `ca serve`."""

    def __init__(self, ruqsat, folder, listen, *options):
        command = [ruqsat.program, "ca", "serve", "--ca", folder, "--listen", listen, *options]
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 30)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.process.kill()
            _, errors = self.process.communicate()
            sys.exit(f"ca serve did not start: {errors.decode()}")
        self.line = line.decode()
        self.addresses = json.loads(line)
        self.stopped = None

    def __getitem__(self, name):
        return self.addresses[name]

    def cpu_seconds(self):
        """The processor time that it has taken, user and system."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1]
        ticks = sum(int(field) for field in fields.split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Asks it to end, as a shell or a supervisor does; its exit code and the seconds it took."""
        if self.stopped is None:
            started = time.monotonic()
            self.process.send_signal(signal.SIGTERM)
            try:
                _, errors = self.process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                _, errors = self.process.communicate()
            self.errors = errors.decode()
            self.stopped = self.process.returncode, time.monotonic() - started
        return self.stopped


def free_port():
    """A port of this machine that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def public_key(certificate):
    """SubjectPublicKeyInfo in DER, taken out by openssl."""
    text = must("openssl", "x509", "-in", certificate, "-noout", "-pubkey").stdout
    return must("openssl", "pkey", "-pubin", "-outform", "DER", stdin=text).stdout


def certificate_der(certificate):
    return must("openssl", "x509", "-in", certificate, "-outform", "DER").stdout


def difference(wanted, found):
    """What is wanted and not found, a line each."""
    return [f"missing: {what!r}" for what in wanted if what not in found]
