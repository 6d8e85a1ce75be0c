#!/usr/bin/env python3
"""Reads the folder of a recording (see recording-format.md): python3 read_recording.py NAME.swrec [WHAT …]

Prints what it holds; or the events FIRST [LAST], unpacking only the members they are in; or, at the
last checkpoint before instruction N, the registers that are not 0 (at N), or 8 bytes of memory (at N PA).
NAME.swrec/branches/N is read in the same way, from where branch N begins.
"""
import collections, hashlib, json, os, struct, sys, zlib  # noqa: E401


def members(path):
    """Offset, length and first event of every whole member; then the bytes behind the last."""
    found, at, size = [], 0, os.path.getsize(path)
    with open(path, "rb") as stream:
        while stream.seek(at) == at:
            header = stream.read(44)
            if len(header) < 44 or header[:4] != b"\x1f\x8b\x08\x04" or header[12:14] != b"SW":
                return found, size - at
            length, _, first, _, _ = struct.unpack("<IIQQI", header[16:])
            if length <= 44 or at + length > size:
                return found, size - at
            found.append((at, length, first))
            at += length


def lines(path, some):
    with open(path, "rb") as stream:
        for at, length, _ in some:
            stream.seek(at)
            raw = zlib.decompress(stream.read(length), 16 + zlib.MAX_WBITS)  # checks CRC32
            yield from map(json.loads, raw.splitlines())


def checkpoint(folder, instruction):
    """The state at the last checkpoint before an instruction."""
    with open(os.path.join(folder, "index.jsonl"), encoding="utf-8") as index:
        known = [json.loads(line) for line in index if line.endswith("\n")]
    before = [c for c in known if int(c["moment"].split(":")[1]) <= instruction]
    last = max(before, key=lambda c: int(c["moment"].split(":")[1]))
    with open(os.path.join(folder, last["file"]), encoding="utf-8") as file:
        return json.load(file)


def memory(folder, state, pa):
    """Eight bytes of memory at a multiple of 8."""
    for run in state["memory"]["pages"]:
        page = pa - int(run["pa"], 16) >> 12
        if 0 <= page < len(run["at"]):
            with open(os.path.join(folder, "pages.bin"), "rb") as pages:
                pages.seek(run["at"][page])
                length, sha256 = struct.unpack("<I32s", pages.read(36))
                content = pages.read(length)
            content = content if length == 4096 else zlib.decompress(content, -zlib.MAX_WBITS)
            assert hashlib.sha256(content).digest() == sha256, "the page is damaged"
            return struct.unpack_from("<Q", content, pa & 0xFFF)[0]
    return 0


def main(folder, first=None, last=None, pa=None):
    base = folder if os.path.exists(os.path.join(folder, "manifest.json")) else os.path.join(folder, "..", "..")
    with open(os.path.join(base, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["format"] != "stagewalk-recording" or manifest["version"] > 3:
        sys.exit(folder + ": no recording of version 1 to 3")
    stream, states = (os.path.join(folder, name) for name in ("events.jsonl.gz", "checkpoints"))
    if first == "at":
        state = checkpoint(states, int(last))
        print(state["moment"], hex(memory(states, state, int(pa, 16))) if pa else json.dumps(state["pes"]))
        return
    index, lost = members(stream)
    if first is not None:
        first, last = int(first), int(last or first)
        ends = [after[2] for after in index[1:]] + [last + 1]
        wanted = [m for m, end in zip(index, ends) if m[2] <= last and end > first]
        for line in lines(stream, wanted):
            if first <= line.get("seq", -1) <= last:
                print(json.dumps(line))
        return
    kinds = collections.Counter(line.get("kind", next(iter(line))) for line in lines(stream, index))
    print(manifest.get("scenario", manifest.get("imported"))["name"], len(index), "members,", lost, "bytes lost")
    for kind, count in sorted(kinds.items()):
        print(kind, count)
    further = os.path.join(folder, "branches")
    for number in sorted(os.listdir(further), key=int) if os.path.isdir(further) else ():
        stream = os.path.join(further, number, "events.jsonl.gz")
        first = next(lines(stream, members(stream)[0][:1]), None)
        if first:
            print("branch", number, "of", first["parent"], "from", first["moment"], first["words"])


main(*sys.argv[1:])
