"""Checks of scripts/cases: damage, and what libav does not support."""

import re
import struct

import media
from case_kit import X264, check, ffmpeg, picture, tone

TABLE = "wild"

# Damage ---------------------------------------------------------------------------------------------------------


def partial(trial, kind):
    """A cut of 5 to 9 packets whose first and last are incomplete."""

    def build(path):
        whole = path.with_suffix(".whole")
        if kind == "MP3":
            ffmpeg(
                *tone(0.2, rate=44100),
                "-c:a",
                "libmp3lame",
                "-b:a",
                "128k",
                "-write_xing",
                "0",
                "-id3v2_version",
                "0",
                "-f",
                "mp3",
                whole,
            )
            data = whole.read_bytes()
            data = data[200:-200]
        elif kind == "MPEG-PS":
            ffmpeg(*picture("160x120", 25, 0.32), "-c:v", "mpeg2video", "-g", "1", "-q:v", "2", "-f", "vob", whole)
            data = whole.read_bytes()
            data = data[: -2048 - 900]
        else:
            ffmpeg(
                *picture("320x240", 25, 0.32),
                *X264,
                "-g",
                "1",
                "-x264-params",
                "repeat-headers=1",
                "-f",
                "mpegts",
                whole,
            )
            data = whole.read_bytes()
            packets = [data[at : at + 188] for at in range(0, len(data), 188)]
            # the video's packets but the first few, and the last few
            head = {packet[1] & 0x1F | packet[2] for packet in packets}
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
    source = trial.made(
        "noise.mkv", lambda path: ffmpeg(*tone(6), "-c:a", "ac3", "-bsf:a", "noise=amount=20", "-f", "matroska", path)
    )
    outcome = trial.vtx("transcode", source, "-o", trial.folder / "o.mp4")
    trial.refused(outcome, trial.folder / "o.mp4", 65, "damag|decod")


def broken_track(trial):
    def build(path):
        bad = path.with_suffix(".bad.mkv")
        ffmpeg(*tone(4), "-c:a", "ac3", "-bsf:a", "noise=amount=5", "-f", "matroska", bad)
        ffmpeg(
            *picture(),
            *tone(4),
            "-i",
            bad,
            "-map",
            "0",
            "-map",
            "1",
            "-map",
            "2",
            "-map",
            "1",
            *X264,
            "-c:a",
            "aac",
            "-c:a:1",
            "copy",
            "-f",
            "matroska",
            path,
        )
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
    again = trial.vtx(
        command,
        source,
        "-o",
        trial.folder / ("a.mp4" if command == "transcode" else "a"),
        "--speed",
        "superfast",
        "--audio",
        "1,3",
    )
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
        for found in re.finditer(
            rb"\xff\x93(.*?)\xff\xd9", bytes(data), re.DOTALL
        ):  # blocks that only its decoder can read
            data[found.start(1) : found.end(1)] = bytes(one ^ 0x2A if 0x20 < one < 0xF0 else one for one in found[1])
        path.write_bytes(data)

    return trial.made("htj2k.mxf", build)


def ambisonics(trial):
    def build(path):
        plain = path.with_suffix(".plain.mkv")
        ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "sine=d=2",
            "-af",
            "pan=4.0|c0=c0|c1=c0|c2=c0|c3=c0",
            "-c:a",
            "libopus",
            "-mapping_family",
            "255",
            "-f",
            "matroska",
            plain,
        )
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
        form = struct.pack(
            "<HHIIHHHHIH14s",
            0xFFFE,
            channels,
            48000,
            48000 * channels * 2,
            channels * 2,
            16,
            22,
            16,
            0,
            1,
            b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71",
        )
        body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
        path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)

    return trial.made("channels.wav", build)


UNSUPPORTED = {
    "HTJ2K in MXF": (htj2k, "jpeg ?2000|jpeg2000|HTJ2K|J2K"),
    "Opus ambisonics": (ambisonics, "opus|ambisonic|mapping"),
    "255-channel WAV": (many_channels, "255|channel"),
}


@check(TABLE, "not supported by libav (recipe)", "transcode: 69, named, {}", each=list(UNSUPPORTED))
def unsupported(trial, name):
    build, named = UNSUPPORTED[name]
    output = trial.folder / ("o.mp4" if "MXF" in name else "o.m4a")
    outcome = trial.vtx("transcode", build(trial), "-o", output)
    trial.refused(outcome, output, 69, "support|no decoder|implemented", named)
    trial.want("damaged" not in outcome.stderr, "called damaged")
