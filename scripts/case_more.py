"""Checks of scripts/cases: more of what real files showed."""

import re
import struct

import harness
import media
from case_kit import (
    X264, Wrong, begins, check, ffmpeg, flat, joined, length, loudness, mkvmerge, picture, probe, streams, tone, variants)
from case_text import BLOCK_TEXTS, BLOCKS, cues, package_cues

TABLE = "wild"

# Damage ---------------------------------------------------------------------------------------------------------


def partial(trial, kind):
    """A cut of 5 to 9 packets whose first and last are incomplete."""
    def build(path):
        whole = path.with_suffix(".whole")
        if kind == "MP3":
            ffmpeg(*tone(0.2, rate=44100), "-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", whole)
            data = whole.read_bytes()
            data = data[200:-200]
        elif kind == "MPEG-PS":
            ffmpeg(*picture("160x120", 25, 0.32), "-c:v", "mpeg2video", "-g", "1", "-q:v", "2", "-f", "vob", whole)
            data = whole.read_bytes()
            data = data[: -2048 - 900]
        else:
            ffmpeg(*picture("320x240", 25, 0.32), *X264, "-g", "1", "-x264-params", "repeat-headers=1", "-f", "mpegts", whole)
            data = whole.read_bytes()
            packets = [data[at:at + 188] for at in range(0, len(data), 188)]
            head = {packet[1] & 0x1F | packet[2] for packet in packets}  # the video's packets but the first few, and the last few
            video = [at for at, packet in enumerate(packets) if (packet[1] & 0x1F) << 8 | packet[2] == 0x100]
            drop = set(video[3:8]) | set(video[-4:])
            data = b"".join(packet for at, packet in enumerate(packets) if at not in drop and head)
        whole.unlink()
        path.write_bytes(data)

    return trial.made(f"partial-{kind}.{ {'MP3': 'mp3', 'MPEG-PS': 'mpg', 'MPEG-TS': 'ts'}[kind]}", build)


@check(TABLE, "5 to 9 packets, first and last partial (recipe)", "transcode {}", each=["MP3", "MPEG-PS", "MPEG-TS"])
def few_packets(trial, kind):
    path, _ = trial.transcode(partial(trial, kind), "o.m4a" if kind == "MP3" else "o.mp4")
    found = media.measure(path)
    trial.want(len((found.video or found.audio[0]).starts) >= 5, "most of it is lost")


@check(TABLE, "half of all packets damaged (recipe)", "transcode: still refused")
def half_damaged(trial):
    source = trial.made("noise.mkv", lambda path: ffmpeg(
        *tone(6), "-c:a", "ac3", "-bsf:a", "noise=amount=20", "-f", "matroska", path))
    outcome = trial.vtx("transcode", source, "-o", trial.folder / "o.mp4")
    trial.refused(outcome, trial.folder / "o.mp4", 65, "damag|decod")


def broken_track(trial):
    def build(path):
        bad = path.with_suffix(".bad.mkv")
        ffmpeg(*tone(4), "-c:a", "ac3", "-bsf:a", "noise=amount=5", "-f", "matroska", bad)
        ffmpeg(*picture(), *tone(4), "-i", bad, "-map", "0", "-map", "1", "-map", "2", "-map", "1", *X264, "-c:a", "aac", "-c:a:1", "copy", "-f",
               "matroska", path)
        bad.unlink()

    return trial.made("broken_track.mkv", build)


@check(TABLE, "one broken audio track beside good ones (recipe)", "{}", each=["transcode", "ladder"])
def broken(trial, command):
    """Dropped with a warning, which --strict refuses; or refused with a hint that names --audio."""
    source = broken_track(trial)
    output = trial.folder / ("o.mp4" if command == "transcode" else "out")
    outcome = trial.vtx(command, source, "-o", output, "--speed", "superfast")
    if outcome.status:
        trial.refused(outcome, output, 65, "hint:.*--audio")
    else:
        trial.reported(outcome, "audio|#2|track", "damag|decod|dropped", what="the broken track")
        strict = trial.vtx(command, source, "-o", trial.folder / "strict.mp4", "--speed", "superfast", "--strict")
        trial.equal("status with --strict", strict.status, 65)
    # What the hint says works.
    again = trial.vtx(command, source, "-o", trial.folder / ("a.mp4" if command == "transcode" else "a"), "--speed", "superfast", "--audio", "1,3")
    trial.equal("status with --audio 1,3", again.status, 0)


# Not supported --------------------------------------------------------------------------------------------------


def htj2k(trial):
    """JPEG 2000 whose code blocks claim to be of high throughput."""
    def build(path):
        plain = path.with_suffix(".plain.mxf")
        ffmpeg(*picture("128x128", 25, 0.4), "-c:v", "jpeg2000", "-f", "mxf", plain)
        data = bytearray(plain.read_bytes())
        plain.unlink()
        for found in re.finditer(rb"\xff\x52\x00\x0c", bytes(data)):
            data[found.start() + 12] |= 0x40
        for found in re.finditer(rb"\xff\x4f\xff\x51", bytes(data)):
            data[found.start() + 6] |= 0x40  # Rsiz: part 15
        for found in re.finditer(rb"\xff\x93(.*?)\xff\xd9", bytes(data), re.DOTALL):  # blocks that only its decoder can read
            data[found.start(1):found.end(1)] = bytes(one ^ 0x2A if 0x20 < one < 0xF0 else one for one in found[1])
        path.write_bytes(data)

    return trial.made("htj2k.mxf", build)


def ambisonics(trial):
    def build(path):
        plain = path.with_suffix(".plain.mkv")
        ffmpeg("-f", "lavfi", "-i", "sine=d=2", "-af", "pan=4.0|c0=c0|c1=c0|c2=c0|c3=c0", "-c:a", "libopus", "-mapping_family", "255", "-f", "matroska", plain)
        data = bytearray(plain.read_bytes())
        plain.unlink()
        at = data.index(b"OpusHead")
        data[at + 18] = 2
        path.write_bytes(data)

    return trial.made("ambisonics.mkv", build)


def many_channels(trial):
    def build(path):
        channels, samples = 255, 4800
        data = bytes(channels * 2 * samples)
        form = struct.pack("<HHIIHHHHIH14s", 0xFFFE, channels, 48000, 48000 * channels * 2, channels * 2, 16, 22, 16, 0, 1,
                           b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71")
        body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
        path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)

    return trial.made("channels.wav", build)


UNSUPPORTED = {
    "HTJ2K in MXF": (htj2k, "jpeg ?2000|jpeg2000|HTJ2K|J2K"), "Opus ambisonics": (ambisonics, "opus|ambisonic|mapping"),
    "255-channel WAV": (many_channels, "255|channel")}


@check(TABLE, "not supported by libav (recipe)", "transcode: 69, named, {}", each=list(UNSUPPORTED))
def unsupported(trial, name):
    build, named = UNSUPPORTED[name]
    output = trial.folder / ("o.mp4" if "MXF" in name else "o.m4a")
    outcome = trial.vtx("transcode", build(trial), "-o", output)
    trial.refused(outcome, output, 69, "support|no decoder|implemented", named)
    trial.want("damaged" not in outcome.stderr, "called damaged")


# Sizes ----------------------------------------------------------------------------------------------------------


@check(TABLE, "video of 2×2 (recipe)", "ladder: one rung or a clear refusal")
def tiny(trial):
    source = trial.made("tiny.mkv", lambda path: ffmpeg(*picture("2x2", 25, 2), "-c:v", "ffv1", "-f", "matroska", path))
    output = trial.folder / "out"
    outcome = trial.vtx("ladder", source, "-o", output)
    if outcome.status:
        return trial.refused(outcome, output, {64, 65, 69}, "small|size|2x2")
    names = [playlist for _, playlist in variants(output)]
    trial.want(len(set(names)) == len(names), "two rungs have one name")
    trial.hls(output, apple=False)


SHAPES = {"720x480, 10:11": (720, 480, "10/11", 654), "720x480, 40:33": (720, 480, "40/33", 872), "720x576, 59:54": (720, 576, "59/54", 786),
          "720x576, 16:15": (720, 576, "16/15", 768), "720x480, 8:9": (720, 480, "8/9", 640), "720x480, 676:675": (720, 480, "676/675", 720),
          "720x576, 1001:1000": (720, 576, "1001/1000", 720)}


@check(TABLE, "pixel shapes (recipe)", "transcode and ladder {}", each=list(SHAPES))
def square(trial, name):
    width, height, shape, expected = SHAPES[name]
    source = trial.made(f"shape-{width}-{shape.replace('/', '-')}.mkv", lambda path: ffmpeg(
        *picture(f"{width}x{height}", 25, 0.4), "-vf", f"setsar={shape}", *X264, "-f", "matroska", path))
    path, _ = trial.transcode(source, "o.mp4")
    one = streams(path, "video")[0]
    trial.equal("size", (one["width"], one["height"]), (expected, height))
    trial.equal("pixel shape", one.get("sample_aspect_ratio", "1:1"), "1:1")
    top = trial.plan("ladder", source)["video"]["rungs"][0]["encode"]["size"]
    trial.equal("top rung", (top["width"], top["height"]), (expected, height))


WIDE = {
    "9000x1080": ("9000x1080", 25, []), "5120x2880 --rungs 2880p,720p": ("5120x2880", 25, ["--rungs", "2880p,720p"]),
    "4096x2304 at 60 --rungs 2304p,720p": ("4096x2304", 60, ["--rungs", "2304p,720p"]), "7680x4320": ("7680x4320", 25, [])}


@check(TABLE, "wider than 4,096 (recipe)", "ladder {}", each=list(WIDE))
def wide(trial, name):
    size, rate, options = WIDE[name]
    source = trial.made(f"wide-{size}.mp4", lambda path: ffmpeg(
        "-f", "lavfi", "-i", f"color=gray:size={size}:rate={rate}", "-frames:v", "6", *X264, "-f", "mp4", path))
    package = trial.folder / "out"
    outcome = trial.vtx("ladder", source, "-o", package, "--speed", "ultrafast", "--no-thumbnails", *options, timeout=400)
    if outcome.status:
        if not options:
            raise Wrong(outcome.last_error())
        return trial.refused(outcome, package, {64, 65, 69}, r"level|5\.2")
    if name != "7680x4320":  # its rungs end at 1080p anyway
        trial.reported(outcome, r"level|5\.2", what="the limit of the level")
    trial.hls(package)


# WebVTT in MKV --------------------------------------------------------------------------------------------------


@check(TABLE, "S_TEXT/WEBVTT in MKV (recipe)", "{}", each=["transcode .mkv", "transcode .mp4", "transcode .webm", "copy .mkv", "ladder", "package", "probe"], needs="base.mp4")
def webvtt_in_mkv(trial, command):
    source, (verb, *rest) = trial.folder / "s.mkv", command.split()
    mkvmerge("-o", source, trial.case("base.mp4"), "--language", "0:en", trial.write("s.vtt", BLOCKS))
    if verb == "probe":
        about = [one for one in trial.probed(source)["media"]["streams"] if one["kind"] == "subtitle"]
        return trial.want(about and "vtt" in str(about[0].get("codec", "")).lower(), f"read as {about and about[0].get('codec')}")
    if verb in ("ladder", "package"):
        package, outcome = trial.ladder(source) if verb == "ladder" else trial.package(source)
        if outcome.status:
            raise Wrong(outcome.last_error())
        found = package_cues(package)
        if trial.want(len(found) == 3, f"{len(found)} cues instead of 3"):
            trial.want("line:10%" in found[0].settings and "align:start" in found[0].settings, f"settings: {found[0].settings!r}")
        trial.hls(package, apple=verb == "ladder")
    else:
        path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, f"o{rest[0]}")
        if outcome.status:
            raise Wrong(outcome.last_error())
        if rest[0] == ".mkv":
            return mkv_text(trial, path)
        found = cues(path)
    trial.equal("cues", [one.text for one in found], BLOCK_TEXTS)


def mkv_text(trial, path):
    """libav cannot read S_TEXT/WEBVTT, mkvextract can; a track of another text codec is read as usual."""
    tracks = harness.run(["mkvmerge", "-J", path]).stdout.decode()
    if "S_TEXT/WEBVTT" not in tracks:
        return trial.equal("cues", [one.text for one in cues(path)], BLOCK_TEXTS)
    number = re.findall(r'"id": (\d+),\s*"properties": \{[^}]*"S_TEXT/WEBVTT"', tracks)
    harness.run(["mkvextract", path, "tracks", f"{number[-1]}:{trial.folder / 'x.vtt'}"])
    from case_text import vtt_cues

    trial.equal("cues", [one.text for one in vtt_cues((trial.folder / "x.vtt").read_text())], BLOCK_TEXTS)


# AVI, fragments, alpha ------------------------------------------------------------------------------------------


def clapper(trial, codec, suffix):
    """Black, then white and a tone from 1.0 s on."""
    return trial.made(f"clapper-{codec}.{suffix}", lambda path: ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x120:rate=25:duration=4,drawbox=t=fill:color=white:enable=gte(t\\,1)", "-f", "lavfi", "-i",
        "sine=frequency=1000:sample_rate=44100:duration=4", "-af", "volume=0:enable='lt(t,1)'", "-c:v", "mpeg4", "-q:v", "4", "-c:a", codec, "-b:a", "128k", path))


@check(TABLE, "MP3 in AVI (recipe)", "transcode {}", each=[".avi from AVI", ".mp4 from AVI", ".mkv from AVI", ".avi from MP4"])
def mp3_in_avi(trial, what):
    suffix, _, kind = what.split()
    source = clapper(trial, "libmp3lame", "avi") if kind == "AVI" else clapper(trial, "aac", "mp4")
    path = trial.folder / f"o{suffix}"
    done = [one for one in trial.lines("transcode", source, "-o", path, *(["--speed", "superfast"] if suffix != ".avi" else [])) if one["type"] == "done"]
    counted = len(probe(path, "-select_streams", "v:0", "-show_packets").get("packets", []))
    frames = [value for value in numbers(done, "frames") if isinstance(value, int)]
    trial.want(counted in frames, f"`done` says {frames} frames, the file has {counted}")
    trial.want(counted == 100, f"{counted} frames instead of 100")

    def onset(file):
        found = media.measure(file)
        return begins(loudness(file, step=0.002, lead=max(0, found.audio[0].start - found.video.start)), step=0.002)

    # The delays of encoder and decoder are part of the source's own timing.
    trial.near("the tone begins", onset(path), onset(source), 0.012)


def numbers(value, name):
    """All values of a key in nested JSON."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in ([inner] if key == name else numbers(inner, name))]
    return [one for inner in value for one in numbers(inner, name)] if isinstance(value, list) else []


@check(TABLE, "fragmented MP4 with irregular composition offsets (recipe)", "package{}", each=["", " --segments ts"])
def irregular(trial, option):
    source = trial.made("irregular.mp4", lambda path: ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30:duration=6", *tone(6), "-vf", "settb=1/90000,setpts=(N/30+0.008*sin(N*N*1.7))/TB", "-fps_mode",
        "passthrough", "-enc_time_base:v", "1:90000", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "45", "-video_track_timescale", "90000",
        "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", path))
    package, outcome = trial.package(source, options=["--segment", "2", *option.split()])
    if outcome.status:
        raise Wrong(outcome.last_error())
    trial.hls(package, apple=False)
    meant = media.measure(source).video
    if not option:
        found = media.measure(joined(variants(package)[0][1], trial.folder / "j.mp4")).video
        trial.near("video lasts", found.end - found.start, meant.end - meant.start, 0.012)


@check(TABLE, "VP9 with alpha (recipe)", "{}", each=["probe", "transcode", "ladder"])
def alpha(trial, command):
    source = trial.made("alpha.webm", lambda path: ffmpeg(
        *picture("128x96", 25, 1), "-vf", "format=yuva420p,colorchannelmixer=aa=0.5", "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-cpu-used", "8",
        "-auto-alt-ref", "0", "-f", "webm", path))
    if command == "probe":
        outcome = trial.done("probe", source)
        return trial.want(re.search("alpha|transparen", outcome.stdout.decode() + outcome.stderr, re.I), "not mentioned")
    outcome = trial.ladder(source)[1] if command == "ladder" else trial.transcode(source, "o.mp4")[1]
    trial.reported(outcome, "alpha|transparen", what="the alpha channel")
