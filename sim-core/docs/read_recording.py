#!/usr/bin/env python3
"""Reads a recording (see recording-format.md): python3 read_recording.py NAME.swrec [FIRST [LAST]]

Prints what it holds, or the events FIRST to LAST, unpacking only the members they are in.
"""
import collections
import json
import os
import struct
import sys
import zlib

HEADER = 44


def members(path):
    """Offset, length and first event of every whole member; then the bytes behind the last."""
    found, at, size = [], 0, os.path.getsize(path)
    with open(path, "rb") as stream:
        while stream.seek(at) == at:
            header = stream.read(HEADER)
            if len(header) < HEADER or header[:4] != b"\x1f\x8b\x08\x04" or header[12:14] != b"SW":
                return found, size - at
            length, _, first, _, _ = struct.unpack("<IIQQI", header[16:])
            if length <= HEADER or at + length > size:
                return found, size - at
            found.append((at, length, first))
            at += length


def lines(path, some):
    with open(path, "rb") as stream:
        for at, length, _ in some:
            stream.seek(at)
            raw = zlib.decompress(stream.read(length), 16 + zlib.MAX_WBITS)  # checks CRC32
            yield from map(json.loads, raw.splitlines())


def main(folder, first=None, last=None):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["format"] != "stagewalk-recording" or manifest["version"] > 2:
        sys.exit(folder + ": no recording of version 1 or 2")
    stream = os.path.join(folder, "events.jsonl.gz")
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
    print(manifest["scenario"]["name"], len(index), "members,", lost, "bytes lost")
    for kind, count in sorted(kinds.items()):
        print(kind, count)


main(*sys.argv[1:])
