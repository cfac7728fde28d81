"""The facts about a media file, measured by decoding it; shared by scripts/corpus and scripts/hls."""

import json
import statistics
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import harness

TEXT_SUBTITLES = {"subrip", "ass", "ssa", "mov_text", "webvtt", "text"}
BITMAP_SUBTITLES = {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"}


@dataclass
class Track:
    """A decoded video or audio stream; timestamps in seconds."""

    index: int
    kind: str
    codec: str
    starts: list = field(default_factory=list)  # of frames, in order of presentation
    last_duration: float = 0.0
    # Video: the upright size with square pixels as (width, height), not yet rounded.
    coded: tuple = (0, 0)
    aspect: Fraction = Fraction(1)
    turned: bool = False
    rotation: object = None
    interlaced: bool = False
    comparable: list = field(default_factory=list)  # starts of the frames that have the size of the header
    is_default: bool = False
    # Audio.
    sample_rate: int = 0
    frame_samples: int = 0

    @property
    def start(self):
        """When the first frame is shown or heard."""
        return self.starts[0]

    @property
    def end(self):
        """When the last frame ends."""
        return self.starts[-1] + self.last_duration

    @property
    def frame(self):
        """Duration of one frame: the usual one, or the codec's full frame for audio."""
        if self.kind == "audio":
            return self.frame_samples / self.sample_rate
        steps = [later - earlier for earlier, later in zip(self.starts, self.starts[1:])]
        return statistics.median(steps) if steps else self.last_duration or 0.04


@dataclass
class Media:
    """Measurements of a decoded file."""

    path: Path
    videos: list
    audio: list
    cues: list  # for each text subtitle track the start times of its cues
    subtitle_end: float  # of all subtitles, 0 if there are none
    bitmap_subtitles: int
    chapters: int
    header_start: float
    header_duration: float
    messages: str

    @property
    def wanted(self):
        """The tracks that an output has to have."""
        return [track for track in [self.video, *self.audio] if track]

    @property
    def begin(self):
        return min(track.start for track in self.wanted)

    @property
    def end(self):
        return max(track.end for track in self.wanted)

    @property
    def video(self):
        """The stream that a person would call the video: flagged default, then the largest."""
        return max(self.videos, key=lambda one: (one.is_default, one.coded[0] * one.coded[1]), default=None)


def number(text, otherwise=0.0):
    """A float from ffprobe's text."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return otherwise


def ratio(text, separator=":"):
    """An aspect ratio; 1 if it is missing or nonsense."""
    top, _, bottom = (text or "").partition(separator)
    try:
        value = Fraction(int(top), int(bottom))
    except (ValueError, ZeroDivisionError):
        return Fraction(1)
    return value if value > 0 else Fraction(1)


def ffprobe(path, *arguments):
    """ffprobe's JSON and its messages."""
    outcome = harness.run(["ffprobe", "-v", "error", "-of", "json", *arguments, path])
    try:
        return json.loads(outcome.stdout or b"{}"), outcome.stderr.strip()
    except ValueError:
        return {}, outcome.stderr.strip() or "ffprobe wrote no JSON"


def measure(path):
    """Decodes all video and audio of a file."""
    about, _ = ffprobe(path, "-show_format", "-show_streams", "-show_chapters")
    # The entries of a frame changed their names between versions of ffprobe; both are asked for.
    decoded, messages = ffprobe(
        path, "-show_frames", "-show_entries",
        "frame=stream_index,pts_time,best_effort_timestamp_time,pkt_duration_time,duration_time,nb_samples,interlaced_frame,"
        "width,height")
    tracks, text, bitmap = {}, {}, 0
    for stream in about.get("streams", []):
        kind, codec = stream.get("codec_type"), stream.get("codec_name", "unknown")
        disposition = stream.get("disposition", {})
        if disposition.get("attached_pic"):
            continue
        if kind == "subtitle":
            bitmap += codec in BITMAP_SUBTITLES
            if codec in TEXT_SUBTITLES:
                text[stream["index"]] = []
        elif kind in ("video", "audio") and codec != "unknown":
            track = Track(stream["index"], kind, codec, is_default=bool(disposition.get("default")))
            if kind == "video":
                sides = [one for one in stream.get("side_data_list", []) if "rotation" in one]
                track.rotation = sides[0]["rotation"] if sides else None
                track.turned = round(number(track.rotation) / 90) % 2 == 1
                track.coded = (stream.get("width", 0), stream.get("height", 0))
                track.aspect = ratio(stream.get("sample_aspect_ratio"))
            else:
                track.sample_rate = int(stream.get("sample_rate", 1))
            tracks[track.index] = track
    frames = {}
    for frame in decoded.get("frames", []):
        frames.setdefault(frame.get("stream_index"), []).append(frame)
    for index, track in tracks.items():
        read_frames(track, frames.get(index, []))
    subtitle_end = 0.0
    if text or bitmap:
        packets, _ = ffprobe(
            path, "-select_streams", "s", "-show_entries", "packet=stream_index,pts_time,duration_time,size")
        for packet in packets.get("packets", []):
            start = number(packet.get("pts_time"))
            subtitle_end = max(subtitle_end, start + number(packet.get("duration_time")))
            # MP4 fills the gaps between cues with empty text samples, which consist of a two-byte length.
            if int(packet.get("size", 0)) > 2 and packet.get("stream_index") in text:
                text[packet["stream_index"]].append(start)
    return Media(
        path=path,
        videos=[one for one in tracks.values() if one.kind == "video" and one.starts],
        audio=[one for one in tracks.values() if one.kind == "audio" and one.starts],
        cues=[sorted(starts) for starts in text.values()], subtitle_end=subtitle_end, bitmap_subtitles=bitmap,
        chapters=len(about.get("chapters", [])), header_start=number(about.get("format", {}).get("start_time")),
        header_duration=number(about.get("format", {}).get("duration")), messages=messages)


def read_frames(track, frames):
    """Fills in the timestamps of a track from ffprobe's frames."""
    timed = []
    for frame in frames:
        moment = frame.get("pts_time", frame.get("best_effort_timestamp_time"))
        if moment is None:  # such as raw audio in AVI: it follows the previous frame
            moment = timed[-1][0] + timed[-1][1] if timed else 0
        if track.kind == "audio":
            samples = int(frame.get("nb_samples", 0))
            track.frame_samples = max(track.frame_samples, samples)
            duration = samples / track.sample_rate
        else:
            duration = number(frame.get("duration_time", frame.get("pkt_duration_time")))
            track.interlaced |= frame.get("interlaced_frame") == 1
            if (frame.get("width"), frame.get("height")) == track.coded:
                track.comparable.append(float(moment))
        timed.append((float(moment), duration))
    timed.sort()
    track.starts = [moment for moment, _ in timed]
    if timed:
        track.last_duration = timed[-1][1]
        if track.kind == "video" and track.last_duration == 0:
            track.last_duration = track.frame
