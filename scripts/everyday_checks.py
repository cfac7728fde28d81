"""The checks of scripts/everyday: each makes a function that says what is wrong with a finished task, or nothing.

Outputs are judged by ffprobe and ffmpeg, not by vtx; only `says` looks at its words.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import harness
import media


@dataclass
class Result:
    """A finished task."""

    source: Path
    output: Path
    outcome: harness.Outcome
    measured: list = field(default_factory=list)  # what rows print beside the verdict

    def streams(self, kind):
        """ffprobe's streams of a kind, without cover art."""
        found = media.ffprobe(self.output, "-show_streams")[0].get("streams", [])
        return [one for one in found if one["codec_type"] == kind and not one["disposition"].get("attached_pic")]


def differences(stream, **expected):
    """The values of a stream that are not as expected."""
    return [f"{key} {stream.get(key)}, not {value}" for key, value in expected.items()
            if value is not None and str(stream.get(key)) != str(value)]


def video(codec=None, width=None, height=None, rate=None, tag=None):
    """One video track of this shape."""

    def check(result):
        tracks = result.streams("video")
        if len(tracks) != 1:
            return f"{len(tracks)} video tracks"
        faults = differences(tracks[0], codec_name=codec, width=width, height=height, codec_tag_string=tag)
        if rate:
            up, down = map(int, tracks[0]["avg_frame_rate"].split("/"))
            if abs(up / max(down, 1) - rate) > 0.01 * rate:
                faults.append(f"{up}/{down} frames per second")
        return "; ".join(faults)

    return check


def audio(codec, count=1, channels=None, rate=None, language=None):
    """The number of audio tracks, all of this form."""

    def check(result):
        tracks = result.streams("audio")
        if len(tracks) != count and not (count == 1 and channels is None and language is None and tracks):
            return f"{len(tracks)} audio tracks"
        faults = differences(tracks[0], channels=channels, sample_rate=rate)
        if codec and all(track["codec_name"] != codec for track in tracks):
            faults.append(f"audio is {tracks[0]['codec_name']}")
        if language and tracks[0].get("tags", {}).get("language") != language:
            faults.append(f"language {tracks[0].get('tags', {}).get('language')}")
        return "; ".join(faults)

    return check


def subtitles(codec, language=None):
    """One subtitle track."""

    def check(result):
        tracks = result.streams("subtitle")
        if len(tracks) != 1:
            return f"{len(tracks)} subtitle tracks"
        faults = differences(tracks[0], codec_name=codec)
        if language and tracks[0].get("tags", {}).get("language") != language:
            faults.append(f"language {tracks[0].get('tags', {}).get('language')}")
        return "; ".join(faults)

    return check


def no_stream(kind):
    """No track of a kind."""
    return lambda result: f"there is {kind}" if result.streams(kind) else ""


def chapters(count):
    """The number of chapters."""

    def check(result):
        found = len(media.ffprobe(result.output, "-show_chapters")[0].get("chapters", []))
        return "" if found == count else f"{found} chapters"

    return check


def duration(seconds, tolerance):
    """The length of the file."""

    def check(result):
        found = float(media.ffprobe(result.output, "-show_format")[0]["format"]["duration"])
        return "" if abs(found - seconds) <= tolerance else f"{found:.3f} s, not {seconds}"

    return check


def colors(transfer):
    """The transfer function that the video names."""

    def check(result):
        found = result.streams("video")[0].get("color_transfer")
        return "" if found == transfer else f"transfer {found}, not {transfer}"

    return check


def decodes():
    """No complaint when everything is decoded."""

    def check(result):
        outcome = harness.run(["ffmpeg", "-nostdin", "-v", "error", "-i", result.output, "-f", "null", "-"])
        return outcome.stderr.strip()[:200]

    return check


def progressive():
    """No frame is flagged as interlaced."""

    def check(result):
        frames = media.ffprobe(result.output, "-select_streams", "v:0", "-show_entries", "frame=interlaced_frame")[0]
        found = sum(int(frame.get("interlaced_frame", 0)) for frame in frames.get("frames", []))
        return f"{found} interlaced frames" if found else ""

    return check


def matches(filters, least):
    """PSNR in dB against what ffmpeg's filters make of the source."""

    def check(result):
        want = filters.replace("{in}", str(result.source)).replace("{srt}", str(harness.FIXTURES / "subtitles.srt"))
        # Frame by frame: containers round timestamps differently.
        graph = f"[1:v:0]{want},settb=1/25,setpts=N[want];[0:v:0]settb=1/25,setpts=N[have];[have][want]psnr=shortest=1"
        outcome = harness.run(
            ["ffmpeg", "-nostdin", "-hide_banner", "-i", result.output, "-i", result.source, "-lavfi", graph, "-f", "null",
             "-"])
        found = re.search(r"PSNR.* average:(\S+)", outcome.stderr)
        if not found:
            return "no PSNR: " + outcome.stderr.strip()[-200:]
        value = float(found[1])
        result.measured.append(f"{value:.1f} dB")
        return "" if value >= least else f"PSNR {value:.1f} dB, not {least}"

    return check


def compared(result, filters="null"):
    """PSNR in dB of the first frame of the output against one of the source."""
    outcome = harness.run(
        ["ffmpeg", "-nostdin", "-hide_banner", "-i", result.output, "-i", result.source, "-lavfi",
         f"[1:v:0]{filters},setpts=0,format=rgb24[want];[0:v:0]trim=end_frame=1,setpts=0,format=rgb24[have];[have][want]psnr",
         "-f", "null", "-"])
    found = re.search(r"PSNR.* average:(\S+)", outcome.stderr)
    return float(found[1]) if found else 0.0


def shows(seconds):
    """The image is the frame of the source at this time."""

    def check(result):
        value = compared(result, f"select=gte(t\\,{seconds}),trim=end_frame=1")
        # Edges of colour depend on how chroma is interpolated; the frames beside it are 18 dB away.
        return "" if value > 25 else f"PSNR {value:.1f} dB against the frame at {seconds} s"

    return check


def differs(least, most):
    """PSNR in dB between these values: something is drawn onto the source, and the rest is as it was."""

    def check(result):
        value = compared(result, "trim=end_frame=1")
        result.measured.append(f"{value:.1f} dB")
        return "" if least <= value <= most else f"PSNR {value:.1f} dB"

    return check


def holds(*words):
    """A text file with these words."""

    def check(result):
        text = result.output.read_text(encoding="utf-8")
        return "; ".join(f"no '{word}'" for word in words if word not in text)

    return check


def tag(name, value):
    """A tag of the file; `None`: it has no such tag."""

    def check(result):
        tags = media.ffprobe(result.output, "-show_format")[0]["format"].get("tags", {})
        return "" if tags.get(name) == value else f"{name} is {tags.get(name)}"

    return check


def cover(codec):
    """Cover art of this codec."""

    def check(result):
        found = [one["codec_name"] for one in media.ffprobe(result.output, "-show_streams")[0]["streams"]
                 if one["disposition"].get("attached_pic")]
        return "" if found == [codec] else f"cover art: {found}"

    return check


def mean_volume(path, filters="anull"):
    """Mean level of the first audio track in dB."""
    outcome = harness.run(
        ["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-map", "0:a:0", "-af", f"{filters},volumedetect", "-f", "null",
         "-"])
    found = re.search(r"mean_volume: (\S+) dB", outcome.stderr)
    return float(found[1]) if found else -200.0


def level(change, tolerance):
    """The audio became louder by this number of dB."""

    def check(result):
        found = mean_volume(result.output) - mean_volume(result.source)
        return "" if abs(found - change) <= tolerance else f"{found:+.1f} dB, not {change:+}"

    return check


def silence(start, end):
    """This part is much softer than the whole."""

    def check(result):
        found = mean_volume(result.output, f"atrim={start}:{end}") - mean_volume(result.output)
        return "" if found < -10 else f"{found:+.1f} dB at {start} to {end} s"

    return check


def first_keyframe(seconds):
    """The second keyframe."""

    def check(result):
        packets = media.ffprobe(result.output, "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags")[0]
        times = [float(one["pts_time"]) for one in packets["packets"] if "K" in one["flags"]]
        return "" if len(times) > 1 and abs(times[1] - seconds) < 0.05 else f"keyframes at {times[:3]}"

    return check


def bytes_between(least, most):
    """The size of the file."""

    def check(result):
        found = result.output.stat().st_size
        return "" if least <= found <= most else f"{found} bytes"

    return check


def size_part(size):
    """From 0.97 to 1 of a size, or less with the best quality there is."""

    def check(result):
        part = result.output.stat().st_size / size
        result.measured.append(f"{part:.3f} of the size")
        if 0.97 <= part <= 1:
            return ""
        best = "best quality" in result.outcome.stderr and part < 0.97
        if best:
            result.measured.append("best quality")
        return "" if best else f"{part:.3f} of the size"

    return check


def smaller_than_source():
    """The output is smaller than its source."""
    return lambda result: "" if result.output.stat().st_size < result.source.stat().st_size else "larger than the source"


def says(words):
    """The answer has these words."""
    return lambda result: "" if words in result.outcome.stderr + result.outcome.stdout.decode() else f"no '{words}'"


def nothing_written():
    """There is no output."""
    return lambda result: "an output was written" if result.output.exists() else ""
