"""A broker that lies: as much of Kafka's protocol as a consumer needs, over TCP, and answers that are broken in every layer:
frames, lengths, batches, compression, records. Offsets and true records are the caller's."""
import gzip
import random
import socket
import struct
import threading

FETCH, LIST_OFFSETS, METADATA, OFFSET_COMMIT, FIND_COORDINATOR, API_VERSIONS = 1, 2, 3, 8, 10, 18
VERSIONS = {0: (0, 3), FETCH: (4, 4), LIST_OFFSETS: (1, 1), METADATA: (2, 2), OFFSET_COMMIT: (2, 2), FIND_COORDINATOR: (0, 0),
            API_VERSIONS: (0, 0)}
OFFSET_OUT_OF_RANGE, UNSUPPORTED_VERSION, COORDINATOR_NOT_AVAILABLE = 1, 35, 15
EARLIEST = -2


def crc32c(data, table=[]):  # noqa: B006 - filled once
    if not table:
        for n in range(256):
            for _ in range(8):
                n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
            table.append(n)
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return crc ^ 0xffffffff


def varint(number):
    number = number << 1 ^ number >> 63
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def text(word):
    return struct.pack(">h", len(word)) + word.encode()


def sized(data):
    return varint(len(data)) + data


def record(delta, key, value, headers):
    body = b"\0" + varint(0) + varint(delta) + sized(key) + sized(value) + varint(len(headers))
    body += b"".join(sized(name) + sized(word) for name, word in headers)
    return sized(body)


def batch(base, records, attributes=0, count=None, length=None, crc=None):
    """Magic 2; `records` is their bytes, perhaps compressed. Numbers given stand there instead of the true ones."""
    known = len(records) if isinstance(records, list) else 1
    body = b"".join(records) if isinstance(records, list) else records
    tail = struct.pack(">hiqqqhii", attributes, known - 1, 0, 0, -1, -1, -1, known if count is None else count) + body
    head = struct.pack(">ibI", 0, 2, crc32c(tail) if crc is None else crc)
    return struct.pack(">qi", base, len(head) + len(tail) if length is None else length) + head + tail


class Lies:
    """One way to spoil an answer each; all but the last ones keep the checksum right, so that a parser has to look."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.bomb = gzip.compress(bytes(64 << 20))
        self.kinds = [name for name in dir(self) if name.startswith("lie_")]
        self.told = dict.fromkeys(self.kinds, 0)

    def spoil(self, frame, base, records):
        kind = self.dice.choice(self.kinds)
        self.told[kind] += 1
        return getattr(self, kind)(frame, base, records)

    def lie_flipped_bytes(self, frame, _base, _records):
        """Anywhere behind the frame's length."""
        frame = bytearray(frame)
        for _ in range(self.dice.randint(1, 12)):
            frame[self.dice.randrange(4, len(frame))] = self.dice.randrange(256)
        return bytes(frame)

    def lie_cut(self, frame, _base, _records):
        cut = frame[4:self.dice.randrange(8, len(frame))]
        return struct.pack(">i", len(cut)) + cut

    def lie_frame_length(self, frame, _base, _records):
        return struct.pack(">i", self.dice.choice([-1, 0, 3, 0x7fffffff, 100 << 20])) + frame[4:]

    def lie_other_request(self, frame, _base, _records):
        return frame[:4] + struct.pack(">i", self.dice.randrange(1 << 30)) + frame[8:]

    def lie_noise(self, _frame, _base, _records):
        noise = self.dice.randbytes(self.dice.randrange(4, 4096))
        return struct.pack(">i", len(noise)) + noise

    def lie_count(self, _frame, base, records):
        return batch(base, records, count=self.dice.choice([-1, 0, 1 << 30, len(records) + 5]))

    def lie_length(self, _frame, base, records):
        return batch(base, records, length=self.dice.choice([-1, 0, 48, 0x7fffffff, 1 << 20]))

    def lie_checksum(self, _frame, base, records):
        return batch(base, records, crc=self.dice.randrange(1 << 32))

    def lie_codec(self, _frame, base, _records):
        return batch(base, self.dice.randbytes(200), attributes=self.dice.randint(1, 7))

    def lie_bomb(self, _frame, base, _records):
        return batch(base, self.bomb, attributes=1)

    def lie_record(self, _frame, base, _records):
        """Lengths of keys, values and headers beyond the record, and below nothing."""
        wild = [varint(self.dice.choice([-2, -1, 1 << 20, 0x7fffffff, -(1 << 31)])) for _ in range(4)]
        return batch(base, [sized(b"\0" + varint(0) + varint(0) + b"".join(wild) + self.dice.randbytes(20))])

    def lie_endless_varint(self, _frame, base, _records):
        return batch(base, [b"\xff" * 64])


class HostileBroker:
    """Serves `records` {topic: [(key, value, headers)]}, partition 0 of each, and nothing of the other topics. Lies about the
    topics of `lying`, and is honest about the others."""

    def __init__(self, topics, records, lying, seed):
        self.topics, self.records, self.lying = topics, records, set(lying)
        self.lies = Lies(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, client):
        with client, client.makefile("rb") as stream:
            try:
                while len(head := stream.read(4)) == 4:
                    frame = stream.read(struct.unpack(">i", head)[0])
                    api, version, correlation = struct.unpack(">hhi", frame[:8])
                    skip = 10 + max(struct.unpack(">h", frame[8:10])[0], 0)
                    answer = self.answer(api, version, correlation, frame[skip:])
                    client.sendall(answer)
                    # After a frame that leaves the client waiting for the rest, or for another answer.
                    if api == FETCH and answer[4:8] != frame[4:8] or len(answer) != struct.unpack(">i", answer[:4])[0] + 4:
                        return
            except (OSError, struct.error):
                return

    def answer(self, api, version, correlation, body):
        low, high = VERSIONS.get(api, (0, -1))
        if api == API_VERSIONS and not low <= version <= high:
            return self.frame(correlation, struct.pack(">hi", UNSUPPORTED_VERSION, 0))
        if api == FETCH:
            return self.fetch(correlation, body)
        makers = {API_VERSIONS: self.api_versions, METADATA: self.metadata, LIST_OFFSETS: self.list_offsets,
                  FIND_COORDINATOR: lambda _: struct.pack(">h", COORDINATOR_NOT_AVAILABLE) + struct.pack(">i", -1) + text("") +
                  struct.pack(">i", -1)}
        return self.frame(correlation, makers[api](body)) if api in makers else b""

    @staticmethod
    def frame(correlation, body):
        return struct.pack(">ii", len(body) + 4, correlation) + body

    @staticmethod
    def api_versions(_):
        return struct.pack(">hi", 0, len(VERSIONS)) + b"".join(struct.pack(">hhh", api, *range_) for api, range_ in VERSIONS.items())

    def metadata(self, _):
        out = struct.pack(">ii", 1, 1) + text("127.0.0.1") + struct.pack(">ih", self.port, -1) + text("hostile") + struct.pack(">i", 1)
        out += struct.pack(">i", len(self.topics))
        for name in self.topics:
            out += struct.pack(">h", 0) + text(name) + b"\0" + struct.pack(">ihii", 1, 0, 0, 1) + struct.pack(">iiii", 1, 1, 1, 1)
        return out

    def read_topics(self, body, start, item):
        """[(topic, [numbers of each partition])] of a request."""
        count, = struct.unpack_from(">i", body, start)
        at, found = start + 4, []
        for _ in range(count):
            length, = struct.unpack_from(">h", body, at)
            name = body[at + 2:at + 2 + length].decode()
            parts, = struct.unpack_from(">i", body, at + 2 + length)
            at += 6 + length
            found.append((name, [struct.unpack_from(item, body, at + n * struct.calcsize(item)) for n in range(parts)]))
            at += parts * struct.calcsize(item)
        return found

    def end_of(self, topic):
        return len(self.records.get(topic, []))

    def list_offsets(self, body):
        topics = self.read_topics(body, 4, ">iq")
        out = struct.pack(">i", len(topics))
        for name, parts in topics:
            out += text(name) + struct.pack(">i", len(parts))
            for part, moment in parts:
                out += struct.pack(">ihqq", part, 0, -1, 0 if moment == EARLIEST else self.end_of(name))
        return out

    def fetch(self, correlation, body):
        """One lie at most in an answer."""
        wait_ms, = struct.unpack_from(">i", body, 4)
        topics = self.read_topics(body, 17, ">iqi")
        wanted = {name: offset for name, parts in topics for _, offset, _ in parts if 0 <= offset < self.end_of(name)}
        true = {name: [record(n, *parts) for n, parts in enumerate(self.records[name][offset:offset + 5])]
                for name, offset in wanted.items()}
        batches = {name: batch(wanted[name], records) for name, records in true.items()}
        victims = sorted(self.lying & set(wanted))
        if not wanted:
            threading.Event().wait(wait_ms / 1000)
        frame = self.frame(correlation, self.fetched(topics, batches))
        if not victims:
            return frame
        victim = self.lies.dice.choice(victims)
        lie = self.lies.spoil(frame, wanted[victim], true[victim])
        if lie[:8] != struct.pack(">q", wanted[victim]):
            return lie
        return self.frame(correlation, self.fetched(topics, batches | {victim: lie}))  # a spoilt batch in a sound frame

    def fetched(self, topics, batches):
        out = struct.pack(">ii", 0, len(topics))
        for name, parts in topics:
            out += text(name) + struct.pack(">i", len(parts))
            for part, offset, _ in parts:
                mine = batches.get(name, b"")
                error = 0 if 0 <= offset <= self.end_of(name) else OFFSET_OUT_OF_RANGE
                out += struct.pack(">ihqqi", part, error, self.end_of(name), self.end_of(name), -1)
                out += struct.pack(">i", len(mine)) + mine
        return out
