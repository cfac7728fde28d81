"""How the checks of scripts/cases read cues."""

import html
import re
from dataclasses import dataclass

from case_kit import Wrong
from case_measure import probe, renditions, streams


@dataclass
class Cue:
    """A cue as it stands in a file."""

    start: float
    end: float
    raw: str  # the payload
    text: str  # what is shown
    settings: str = ""


def unmarked(raw, codec):
    """What a player shows of a payload."""
    raw = raw.replace("\r\n", "\n").strip("\n")
    if codec == "webvtt":
        return html.unescape(re.sub(r"<[^>]*>", "", raw)).replace("\u00a0", " ")
    if codec in ("subrip", "srt"):
        raw = re.sub(r"</?(?:i|b|u|s|font)\b[^>]*>", "", raw, flags=re.I)
        return re.sub(r"\{\\[^}]*\}", "", raw)
    if codec in ("ass", "ssa"):
        raw = raw.split(",", 8)[-1]
        raw = re.sub(r"\{[^}]*\}", "", raw)
        return raw.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return raw


def payload(packet):
    """The bytes of a packet from ffprobe's hexadecimal dump."""
    data = b""
    for line in packet.get("data", "").splitlines():
        if ":" in line:
            data += bytes.fromhex(line.split(":", 1)[1][:41].replace(" ", ""))
    return data


def cues(path, number=0):
    """The cues of a subtitle track of a file, from its packets."""
    codec = streams(path, "subtitle") or [{}]
    if number >= len(codec):
        raise Wrong(f"{path.name} has {len(codec) if codec != [{}] else 0} subtitle tracks")
    codec = codec[number].get("codec_name", "unknown")
    found = []
    for one in probe(path, "-select_streams", f"s:{number}", "-show_packets", "-show_data").get("packets", []):
        data = payload(one)
        if codec == "mov_text":
            data = data[2 : 2 + int.from_bytes(data[:2], "big")]
            if not data:
                continue
        start = float(one["pts_time"])
        settings = "".join(str(side.get("settings", "")) for side in one.get("side_data_list", []))
        text = data.decode("utf-8", errors="replace")
        found.append(Cue(start, start + float(one.get("duration_time", 0)), text, unmarked(text, codec), settings))
    return found


def vtt_cues(text):
    """The cues of a WebVTT text."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        at = re.search(r"^([\d:.]+)[ \t]+-->[ \t]+([\d:.]+)[ \t]*([^\n]*)\n?(.*)", block, re.M | re.S)
        if not at or re.match(r"\s*(NOTE|STYLE|REGION)\b", block):
            continue
        raw = at[4].strip("\n")
        found.append(Cue(moment(at[1]), moment(at[2]), raw, unmarked(raw, "webvtt"), at[3].strip()))
    return found


def moment(text):
    """Seconds of a WebVTT timestamp."""
    value = 0.0
    for part in text.split(":"):
        value = value * 60 + float(part)
    return value


def package_cues(package, number=0):
    """The cues of a subtitle rendition; one that lies in several segments counts once."""
    found = renditions(package, "SUBTITLES")
    if number >= len(found):
        raise Wrong(f"the package has {len(found)} subtitle renditions")
    playlist, result = found[number][1], []
    for name in [line for line in playlist.read_text().splitlines() if line and line[0] != "#"]:
        for one in vtt_cues((playlist.parent / name).read_text(encoding="utf-8")):
            if not any(one == other for other in result):
                result.append(one)
    return result


def shown(found, when):
    """The lines on screen at a moment."""
    return sorted(line for one in found if one.start <= when < one.end for line in one.text.split("\n") if line)
