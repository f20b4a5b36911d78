"""Just enough of ISO 32000 to read a PDF and to append a signature to it.

Standard library only, and nothing shared with the program under judgement: what this file signs
must be understood by the program, and what the program signs must be found by this file.
"""

import re
import zlib
from collections import namedtuple

import der

Ref = namedtuple("Ref", "number generation")


class Name(str):
    """/Name"""


class Raw(bytes):
    """Bytes that are written as they stand."""


class Stream:
    def __init__(self, dictionary, raw):
        self.dictionary, self.raw = dictionary, raw

    def data(self):
        filters = self.dictionary.get("Filter", [])
        filters = filters if isinstance(filters, list) else [filters]
        data = self.raw
        for filter in filters:
            if filter != "FlateDecode":
                raise ValueError(f"filter {filter}")
            data = zlib.decompressobj().decompress(data)
        parameters = self.dictionary.get("DecodeParms")
        if isinstance(parameters, list):
            parameters = parameters[0]
        if parameters and parameters.get("Predictor", 1) >= 10:
            data = _undo_png(data, parameters.get("Columns", 1))
        return data


def _undo_png(data, columns):
    rows, above = [], bytes(columns)
    for start in range(0, len(data), columns + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + columns])
        if kind == 2:
            row = bytearray((value + up) & 255 for value, up in zip(row, above))
        elif kind == 1:
            for i in range(1, len(row)):
                row[i] = (row[i] + row[i - 1]) & 255
        elif kind != 0:
            raise ValueError(f"PNG predictor {kind}")
        rows.append(bytes(row))
        above = bytes(row)
    return b"".join(rows)


SPACE = b"\0\t\n\f\r "
DELIMITER = b"()<>[]{}/%"


class Lexer:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def skip(self):
        while self.at < len(self.data):
            byte = self.data[self.at : self.at + 1]
            if byte in (b"%",):
                end = re.compile(rb"[\r\n]").search(self.data, self.at)
                self.at = end.end() if end else len(self.data)
            elif byte in tuple(bytes([b]) for b in SPACE):
                self.at += 1
            else:
                return

    def word(self):
        start = self.at
        while self.at < len(self.data) and self.data[self.at] not in SPACE + DELIMITER:
            self.at += 1
        return self.data[start : self.at]

    def read(self):
        self.skip()
        data, at = self.data, self.at
        if data.startswith(b"<<", at):
            self.at += 2
            dictionary = {}
            while True:
                self.skip()
                if data.startswith(b">>", self.at):
                    self.at += 2
                    return dictionary
                key = self.read()
                dictionary[str(key)] = self.read()
        if data[at : at + 1] == b"[":
            self.at += 1
            array = []
            while True:
                self.skip()
                if data[self.at : self.at + 1] == b"]":
                    self.at += 1
                    return array
                array.append(self.read())
        if data[at : at + 1] == b"/":
            self.at += 1
            name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), self.word())
            return Name(name.decode("latin-1"))
        if data[at : at + 1] == b"<":
            end = data.index(b">", at)
            self.at = end + 1
            digits = re.sub(rb"\s", b"", data[at + 1 : end])
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        if data[at : at + 1] == b"(":
            return self._literal()
        reference = re.compile(rb"(\d+)\s+(\d+)\s+R(?![A-Za-z])").match(data, at)
        if reference:
            self.at = reference.end()
            return Ref(int(reference[1]), int(reference[2]))
        word = self.word()
        if word in (b"true", b"false"):
            return word == b"true"
        if word == b"null":
            return None
        if not word:
            raise ValueError(f"no object at {at}")
        return float(word) if b"." in word else int(word)

    def _literal(self):
        self.at += 1
        out, depth = bytearray(), 1
        while True:
            byte = self.data[self.at]
            self.at += 1
            if byte == 0x5C:
                escaped = self.data[self.at]
                self.at += 1
                octal = re.compile(rb"[0-7]{1,3}").match(self.data, self.at - 1)
                if octal:
                    out.append(int(octal[0], 8) & 255)
                    self.at = octal.end()
                elif escaped == 0x0D and self.data[self.at] == 0x0A:
                    self.at += 1
                elif escaped not in b"\r\n":
                    out += {0x6E: b"\n", 0x72: b"\r", 0x74: b"\t", 0x62: b"\b", 0x66: b"\f"}.get(
                        escaped, bytes([escaped])
                    )
                continue
            if byte == 0x28:
                depth += 1
            if byte == 0x29:
                depth -= 1
                if depth == 0:
                    return bytes(out)
            out.append(byte)


def write(value):
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, Name):
        return b"/" + re.sub(
            rb"[^!-~]|[()<>\[\]{}/%#]", lambda m: b"#%02X" % m[0][0], value.encode("latin-1")
        )
    if isinstance(value, dict):
        return b"<<" + b" ".join(write(Name(k)) + b" " + write(v) for k, v in value.items()) + b">>"
    if isinstance(value, list):
        return b"[" + b" ".join(map(write, value)) + b"]"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if value is None:
        return b"null"
    if isinstance(value, bytes):
        return b"<" + value.hex().encode() + b">"
    if isinstance(value, Stream):
        head = {**value.dictionary, "Length": len(value.raw)}
        return write(head) + b"\nstream\n" + value.raw + b"\nendstream"
    if isinstance(value, (int, float)):
        return str(value).encode()
    raise TypeError(type(value))


class Pdf:
    """A file and the objects its cross-reference tables name."""

    def __init__(self, data):
        self.data, self.offsets, self.packed, self.trailer = data, {}, {}, {}
        found = re.findall(rb"startxref\s+(\d+)\s+%%EOF", data)
        if not found:
            raise ValueError("no startxref")
        self.startxref = int(found[-1])
        self.uses_table = data.startswith(b"xref", self.startxref)
        at, seen = self.startxref, set()
        while at is not None and at not in seen:
            seen.add(at)
            at = self._section(at)

    def _section(self, at):
        if self.data.startswith(b"xref", at):
            lexer = Lexer(self.data, at + 4)
            while True:
                lexer.skip()
                if self.data.startswith(b"trailer", lexer.at):
                    lexer.at += 7
                    trailer = lexer.read()
                    break
                first, count = lexer.read(), lexer.read()
                for number in range(first, first + count):
                    offset, _ = lexer.read(), lexer.read()
                    lexer.skip()
                    if lexer.word() == b"n":
                        self._know(number, offset)
                    else:
                        self._know(number, None)
            if "XRefStm" in trailer:
                self._section(trailer["XRefStm"])
        else:
            trailer = self._stream_section(at)
        self.trailer = {**trailer, **self.trailer}
        return trailer.get("Prev")

    def _stream_section(self, at):
        stream = self._indirect(at)
        head, table = stream.dictionary, stream.data()
        widths = head["W"]
        index = head.get("Index", [0, head["Size"]])
        at = 0
        for first, count in zip(index[::2], index[1::2]):
            for number in range(first, first + count):
                fields = []
                for width in widths:
                    fields.append(int.from_bytes(table[at : at + width], "big"))
                    at += width
                kind = fields[0] if widths[0] else 1
                if kind == 2 and number not in self.offsets:
                    self.packed.setdefault(number, (fields[1], fields[2]))
                self._know(number, fields[1] if kind == 1 else None)
        return head

    def _know(self, number, offset):
        self.offsets.setdefault(number, offset)

    def _indirect(self, at):
        head = re.compile(rb"\s*\d+\s+\d+\s+obj").match(self.data, at)
        if not head:
            raise ValueError(f"no object at {at}")
        lexer = Lexer(self.data, head.end())
        value = lexer.read()
        lexer.skip()
        if isinstance(value, dict) and self.data.startswith(b"stream", lexer.at):
            start = lexer.at + 6
            start += 2 if self.data.startswith(b"\r\n", start) else 1
            length = self.get(value["Length"])
            return Stream(value, self.data[start : start + length])
        return value

    def object(self, number):
        if self.offsets.get(number) is not None:
            return self._indirect(self.offsets[number])
        if number in self.packed:
            container, index = self.packed[number]
            stream = self.object(container)
            body = stream.data()
            lexer = Lexer(body)
            offsets = [(lexer.read(), lexer.read()) for _ in range(stream.dictionary["N"])]
            return Lexer(body, stream.dictionary["First"] + offsets[index][1]).read()
        return None

    def get(self, value):
        while isinstance(value, Ref):
            value = self.object(value.number)
        return value

    def catalog(self):
        return self.get(self.trailer["Root"])

    def acro_form(self):
        return self.get(self.catalog().get("AcroForm")) or {}

    def fields(self):
        """(reference, dictionary) of each form field at the top."""
        return [(ref, self.get(ref)) for ref in self.get(self.acro_form().get("Fields", []))]

    def signatures(self):
        """Each signature dictionary that a field points at, with the place of its /Contents."""
        found = []
        for _, field in self.fields():
            signature = self.get(field.get("V")) if field.get("FT") == "Sig" else None
            if signature:
                found.append(Signature(self.data, signature))
        return found

    def embedded_file(self, name):
        """The bytes of the embedded file of that name."""
        for number in sorted(set(self.offsets) | set(self.packed)):
            value = self.object(number)
            if not (isinstance(value, dict) and value.get("Type") == "Filespec"):
                continue
            if _text(value.get("UF", value.get("F"))) == name:
                return self.get(self.get(value["EF"])["F"]).data()
        raise KeyError(name)

    def append(self, objects, root=None):
        """The file with a revision more: `objects` is {number: value}."""
        out = bytearray(self.data)
        if not out.endswith(b"\n"):
            out += b"\n"
        offsets = {}
        for number, value in sorted(objects.items()):
            offsets[number] = len(out)
            out += b"%d 0 obj\n" % number + write(value) + b"\nendobj\n"
        size = max([self.trailer["Size"], *(number + 1 for number in offsets)])
        start = len(out)
        trailer = {key: self.trailer[key] for key in ("Root", "Info", "ID") if key in self.trailer}
        trailer.update({"Size": size, "Prev": self.startxref})
        if root:
            trailer["Root"] = root
        if self.uses_table:
            out += b"xref\n"
            for number, offset in sorted(offsets.items()):
                out += b"%d 1\n%010d 00000 n\r\n" % (number, offset)
            out += b"trailer\n" + write(trailer)
        else:
            offsets[size] = start
            index = [word for number in sorted(offsets) for word in (number, 1)]
            rows = b"".join(
                b"\1" + offsets[number].to_bytes(5, "big") + b"\0\0" for number in sorted(offsets)
            )
            trailer.update({"Type": Name("XRef"), "W": [1, 5, 2], "Index": index, "Size": size + 1})
            out += b"%d 0 obj\n" % size + write(Stream(trailer, rows)) + b"\nendobj"
        out += b"\nstartxref\n%d\n%%%%EOF\n" % start
        return bytes(out)


class Signature:
    """A signature dictionary, its ByteRange, and its CMS."""

    def __init__(self, file, dictionary):
        self.dictionary = dictionary
        self.byte_range = dictionary["ByteRange"]
        a, b, c, d = self.byte_range
        self.signed = file[a : a + b] + file[c : c + d]
        self.gap = file[a + b : c]
        contents = dictionary["Contents"]
        self.cms = contents[: der.end(contents)]
        self.padding = contents[len(self.cms) :]


def stream_byte(data):
    """The middle of the longest stream: a byte that is content, not structure."""
    best, at = (0, 0), 0
    while (at := data.find(b"stream", at)) >= 0:
        end = data.find(b"endstream", at)
        if end < 0:
            break
        best = max(best, (end - at, (at + end) // 2))
        at = end + len(b"endstream")
    return best[1]


def _text(value):
    if isinstance(value, bytes) and value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be")
    return value.decode("latin-1") if isinstance(value, bytes) else value


CONTENTS = re.compile(rb"/Contents <(0+)>")
RANGE = b"/ByteRange [0 0000000000 0000000000 0000000000]"


class Prepared:
    """A file with a signature dictionary whose ByteRange stands and whose /Contents is empty."""

    def __init__(self, file):
        at = file.rindex(RANGE)
        token = list(CONTENTS.finditer(file))[-1]
        self.start, self.end = token.start(1) - 1, token.end(1) + 1
        numbers = b"/ByteRange [0 %d %d %d]" % (self.start, self.end, len(file) - self.end)
        patched = bytearray(file)
        patched[at : at + len(RANGE)] = numbers.ljust(len(RANGE))
        self.file = bytes(patched)

    def signed_bytes(self):
        return self.file[: self.start] + self.file[self.end :]

    def embed(self, cms, upper=False):
        room = self.end - self.start - 2
        text = cms.hex().encode()
        if len(text) > room:
            raise ValueError(f"the CMS needs {len(text)} digits, there are {room}")
        text = (text.upper() if upper else text).ljust(room, b"0")
        return self.file[: self.start + 1] + text + self.file[self.end - 1 :]


def prepare(data, claimed, sub_filter="ETSI.CAdES.detached", capacity=8192, doc_mdp=None):
    """Appends a signature dictionary to the empty signature field of `data`.

    `claimed` is the text of /M, or None. `doc_mdp` makes it a certification signature.
    """
    pdf = Pdf(data)
    empty = [(r, f) for r, f in pdf.fields() if f.get("FT") == "Sig" and "V" not in f]
    if not empty:
        raise ValueError("no empty signature field")
    reference, field = empty[0]
    number = pdf.trailer["Size"]
    dictionary = (
        b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter "
        + write(Name(sub_filter))
        + b" "
        + RANGE
        + b" /Contents <"
        + b"0" * (2 * capacity)
        + b">"
    )
    if claimed:
        dictionary += b" /M (" + claimed.encode() + b")"
    if doc_mdp:
        dictionary += (
            b" /Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams"
            b" <</Type /TransformParams /P %d /V /1.2>>>>]" % doc_mdp
        )
    objects = {
        number: Raw(dictionary + b">>"),
        reference.number: {**field, "V": Ref(number, 0)},
    }
    catalog = dict(pdf.catalog())
    form = {**pdf.acro_form(), "SigFlags": 3}
    if isinstance(catalog.get("AcroForm"), Ref):
        objects[catalog["AcroForm"].number] = form
    else:
        catalog["AcroForm"] = form
    if doc_mdp:
        catalog["Perms"] = {"DocMDP": Ref(number, 0)}
    objects[pdf.trailer["Root"].number] = catalog
    return Prepared(pdf.append(objects))
