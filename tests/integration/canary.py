"""Searching files for personal values in every encoding that a leak may take, by one pass of grep.
Names a hit by kind, place and encoding, never by the value."""
import base64
import os
import random
import subprocess
import tempfile

PIECE_MIN = 6  # bytes; shorter pieces meet by chance
FILES_PER_RUN = 1000


def base64_inner(data, offset):
    """The characters of base64 that depend on `data` alone when `offset` bytes (mod 3) precede it."""
    text = base64.b64encode(b"\0" * offset + data + b"\0\0\0")
    return text[(8 * offset + 5) // 6:8 * (offset + len(data)) // 6]


def escaped(text, digits):
    """As JSON escapes: letters beyond ASCII, which is what a writer of ASCII JSON escapes."""
    return "".join(c if c < "\x80" else "\\u" + format(ord(c), digits) for c in text).encode()


def encodings(text):
    """[(encoding, bytes to look for, bytes to plant)]; the first of equal ones names them."""
    raw = text.encode()
    found = [(word, data, data) for word, data in (
        ("utf-8", raw), ("gb18030", text.encode("gb18030")), ("utf-16le", text.encode("utf-16le")),
        ("utf-16be", text.encode("utf-16be")), ("\\u", escaped(text, "04x")), ("\\U", escaped(text, "04X")),
        ("hex", raw.hex().encode()), ("HEX", raw.hex().upper().encode()))]
    for offset in range(3):
        whole = base64.b64encode(b"x" * offset + raw + b"yz")
        found.append((f"base64+{offset}", base64_inner(raw, offset), whole))
    return found


def piece(data):
    """grep reads lines: the longest part without a line end."""
    return max(data.split(b"\n"), key=len)


class Search:
    """Patterns of kinds of values; `planted` ones are the control."""

    def __init__(self, values, planted):
        self.meaning = {}
        for is_planted, kinds in ((True, planted), (False, values)):
            for kind, texts in kinds.items():
                for text in texts:
                    self.add(kind, text, is_planted)

    def add(self, kind, text, is_planted):
        for encoding, data, _ in encodings(text):
            part = piece(data)
            if len(part) >= PIECE_MIN:
                self.meaning.setdefault(part, (is_planted, kind, encoding))

    def run(self, paths):
        """{(is_planted, kind, encoding, path)} of all hits. A file that went away meanwhile is left out."""
        hits = set()
        with tempfile.NamedTemporaryFile(prefix="hulei-canary-") as file:
            file.write(b"\n".join(self.meaning) + b"\n")
            file.flush()
            for start in range(0, len(paths), FILES_PER_RUN):
                done = subprocess.run(["grep", "-a", "-o", "-H", "-Z", "-s", "-F", "-f", file.name, "--",
                                       *paths[start:start + FILES_PER_RUN]], stdout=subprocess.PIPE, check=False,
                                      env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
                hits |= set(self.read(done.stdout, paths))
        return hits

    def read(self, output, paths):
        known = {path.encode() for path in paths}
        for line in output.split(b"\n"):
            path, _, found = line.partition(b"\0")
            if path in known and found in self.meaning:
                yield (*self.meaning[found], path.decode())


def plant():
    """One value of each kind that nobody else has; another each time, so that no trace of an earlier run is found."""
    dice = random.SystemRandom()

    def digits(count):
        return "".join(dice.choice("0123456789") for _ in range(count))

    def letters(count):
        return "".join(chr(dice.randrange(0x4e00, 0x9f00)) for _ in range(count))

    return {"number": ["99" + digits(16)], "phone": ["10" + digits(9)], "name": [letters(3)],
            "address": [f"{letters(6)}{digits(3)}号{digits(1)}单元{digits(3)}室"]}


def planted_forms(planted):
    return {(kind, encoding): form for kind, texts in planted.items() for text in texts
            for encoding, _, form in encodings(text)}


def wanted(planted):
    """The hits that the control must give: forms equal for ASCII values count once."""
    meant = Search({}, planted).meaning.values()
    return {(kind, encoding) for _, kind, encoding in meant}
