"""How the checks of scripts/cases measure results: ffprobe, decoding, playlists, boxes."""

import re
from array import array
from dataclasses import dataclass
from pathlib import Path

import harness
import media

# Measuring ------------------------------------------------------------------------------------------------------


def probe(path, *arguments):
    """ffprobe's JSON."""
    return media.ffprobe(path, *arguments)[0]


def streams(path, kind=None):
    """ffprobe's streams, or those of a kind."""
    found = probe(path, "-show_streams").get("streams", [])
    return [one for one in found if kind in (None, one.get("codec_type"))]


def length(path):
    """The duration in the header of the file."""
    return media.number(probe(path, "-show_format").get("format", {}).get("duration"), None)


def frame_hashes(path, *options, selector="v:0"):
    """(timestamp, MD5) of each decoded frame."""
    outcome = harness.run(
        [
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-i",
            path,
            "-map",
            f"0:{selector}",
            "-fps_mode",
            "passthrough",
            "-enc_time_base:v",
            "1:1000000",
            *options,
            "-f",
            "framemd5",
            "-",
        ]
    )
    rows = [line.split(",") for line in outcome.stdout.decode().splitlines() if line and line[0] != "#"]
    return [(int(row[2]) / 1e6, row[5].strip()) for row in rows]


def loudness(path, selector="a:0", step=0.01, lead=0.0):
    """Mean level of each `step` seconds of one audio track; gaps in its timestamps count as silence.

    `lead` seconds of silence come before it.
    """
    outcome = harness.run(
        [
            "ffmpeg",
            "-nostdin",
            "-v",
            "quiet",
            "-i",
            path,
            "-map",
            f"0:{selector}",
            "-af",
            "aresample=8000:async=1:min_hard_comp=0.01",
            "-ac",
            "1",
            "-f",
            "s16le",
            "-",
        ]
    )
    samples = array("h", outcome.stdout[: len(outcome.stdout) // 2 * 2])
    size = round(8000 * step)
    levels = [sum(map(abs, samples[at : at + size])) / size for at in range(0, len(samples) - size + 1, size)]
    return [0.0] * round(lead / step) + levels


def begins(levels, step=0.01, floor=100):
    """When a track is first heard; `None` if never."""
    return next((at * step for at, level in enumerate(levels) if level > floor), None)


# HLS ------------------------------------------------------------------------------------------------------------


def tags(text, name):
    """The attribute lists of a tag in a playlist, as dictionaries without quotes."""
    found = []
    for line in text.splitlines():
        if line.startswith(f"#{name}:"):
            pairs = re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', line.split(":", 1)[1])
            found.append({key: value.strip('"') for key, value in pairs})
    return found


def master(package):
    """The text of the master playlist."""
    return (package / "master.m3u8").read_text()


def variants(package):
    """(attributes, playlist) of each variant, in order."""
    text = master(package)
    names = re.findall(r"#EXT-X-STREAM-INF:[^\n]*\n([^#\n]+)", text)
    return list(zip(tags(text, "EXT-X-STREAM-INF"), [package / name.strip() for name in names]))


def seconds(playlist):
    """The sum of a playlist's segments."""
    return sum(float(one) for one in re.findall(r"#EXTINF:([\d.]+)", playlist.read_text()))


def joined(playlist, into):
    """Initialization segment and segments of a playlist as one file."""
    text = playlist.read_text()
    names = re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)[:1]
    names += [line for line in text.splitlines() if line and line[0] != "#"]
    with open(into, "wb") as file:
        for name in names:
            file.write((playlist.parent / name).read_bytes())
    return into


def renditions(package, kind):
    """(attributes, playlist) of the EXT-X-MEDIA tags of a type."""
    return [
        (one, package / one["URI"] if "URI" in one else None)
        for one in tags(master(package), "EXT-X-MEDIA")
        if one.get("TYPE") == kind
    ]


# MP4 boxes ------------------------------------------------------------------------------------------------------

NESTED = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"mvex", b"moof", b"traf", b"sinf", b"schi"}


@dataclass
class Box:
    """A box of an MP4 file and those inside it."""

    kind: bytes
    body: bytes
    inside: list

    def all(self, kind):
        """All boxes of a kind below this one."""
        for one in self.inside:
            if one.kind == kind:
                yield one
            yield from one.all(kind)

    def first(self, *path):
        """The box at the end of a path of kinds; `None` if it is missing."""
        at = self
        for kind in path:
            at = next(at.all(kind), None)
            if at is None:
                return None
        return at


def boxes(data, skip_data=True):
    """The boxes of a buffer as one tree."""

    def read(data):
        at, found = 0, []
        while at + 8 <= len(data):
            size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
            if size == 1:
                size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
            size = size or len(data) - at
            if size < head or at + size > len(data):
                break
            body = data[at + head : at + size]
            inside = []
            if kind in NESTED:
                inside = read(body)
            elif kind == b"stsd":
                inside = read(body[8:])
            elif kind in (b"avc1", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"encv", b"vp09", b"av01", b"mp4v"):
                inside = read(body[78:])
            elif kind == b"meta":
                inside = read(body[4:] if body[4:8] != b"hdlr" else body)
            found.append(Box(kind, body, inside))
            at += size
        return found

    return Box(b"root", b"", read(data))


def tracks(path):
    """The trak boxes of an MP4 file with the handler of each."""
    root = boxes(Path(path).read_bytes())
    found = []
    for trak in root.all(b"trak"):
        handler = trak.first(b"mdia", b"hdlr")
        found.append((handler.body[8:12].decode("latin1") if handler else "", trak))
    return found
