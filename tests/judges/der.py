"""Just enough of X.690 to encode certificates, lists and messages, and to take them apart."""

import datetime


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def indefinite(tag, *parts):
    """BER: a length that ends with two zero octets."""
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def context(number, *parts):
    return tlv(0xA0 | number, *parts)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def enumerated(value):
    return tlv(0x0A, bytes([value]))


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\0")


def octets(value):
    return tlv(0x04, value)


def bits(value, unused=0):
    return tlv(0x03, bytes([unused]) + value)


def null():
    return b"\x05\0"


def utf8(text):
    return tlv(0x0C, text.encode())


def printable(text):
    return tlv(0x13, text.encode("ascii"))


def oid(dotted):
    numbers = [int(part) for part in dotted.split(".")]
    out = bytearray()
    for number in [40 * numbers[0] + numbers[1], *numbers[2:]]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return tlv(0x06, bytes(out))


def time(moment):
    """UTCTime until 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5)."""
    moment = moment.astimezone(datetime.timezone.utc)
    if moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def header(data, at=0):
    """Tag, start of the content, end of the content (None where the length is indefinite)."""
    first = data[at + 1]
    if first == 0x80:
        return data[at], at + 2, None
    if first < 0x80:
        return data[at], at + 2, at + 2 + first
    count = first & 0x7F
    start = at + 2 + count
    return data[at], start, start + int.from_bytes(data[at + 2 : start], "big")


def end(data, at=0):
    """Where the element that begins at `at` ends; the indefinite form is walked through."""
    _, start, stop = header(data, at)
    if stop is not None:
        return stop
    while data[start : start + 2] != b"\0\0":
        start = end(data, start)
    return start + 2


def children(data, at=0):
    """The elements inside the element at `at`, each whole."""
    _, start, stop = header(data, at)
    found = []
    while start < stop:
        following = end(data, start)
        found.append(data[start:following])
        start = following
    return found


def content(data):
    _, start, stop = header(data)
    return data[start:stop]
