"""Checks of scripts/cases: empty tracks, metadata, raw streams, mono pairs."""

import re
import shutil

from case_kit import Wrong, X264, check, ffmpeg, picture, tone
from case_measure import joined, probe, renditions, streams, variants

TABLE = "rest"
EMPTY = "audio_track_without_samples.mp4"


@check(
    TABLE,
    EMPTY,
    "{}",
    each=["probe", "transcode .mp4", "transcode .mkv", "copy .mp4", "copy .mkv", "ladder", "package", "batch"],
)
def empty_track(trial, command):
    source = trial.case(EMPTY)
    verb, *rest = command.split()
    if verb == "probe":
        warnings = trial.probed(source)["warnings"]
        return trial.want(
            any(re.search("empty|no samples|without samples|no packets", str(one)) for one in warnings),
            f"no warning: {warnings}",
        )
    if verb == "batch":
        folder = trial.folder / "in"
        folder.mkdir()
        shutil.copy(source, folder)
        trial.done("batch", folder, "-o", trial.folder / "out", "--speed", "superfast")
        path, outcome = trial.folder / "out" / source.name, None
    elif verb == "ladder":
        package, outcome = trial.ladder(source)
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
        trial.equal("audio renditions", len(renditions(package, "AUDIO")), 0)
        trial.hls(package, apple=False)
    elif verb == "package":
        package, outcome = trial.package(source)
        if outcome.status:
            raise Wrong(outcome.last_error())
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
        trial.equal("audio renditions", len(renditions(package, "AUDIO")), 0)
        trial.hls(package, apple=False)
    elif verb == "copy":
        path, outcome = trial.copy(source, f"o{rest[0]}")
        if outcome.status:
            raise Wrong(outcome.last_error())
    else:
        path, outcome = trial.transcode(source, f"o{rest[0]}")
    trial.equal("tracks", [one["codec_type"] for one in streams(path)], ["video"])
    trial.equal("frames", len(trial.measure(path).video.starts), 77)
    if outcome:
        trial.reported(
            outcome,
            r"audio|#1|track",
            "empty|no samples|without samples|no packets|dropped",
            what="the track that was dropped",
        )


# Metadata -------------------------------------------------------------------------------------------------------

QUICKTIME = "quicktime_metadata.mov"


def tag_values(path):
    return {key.lower(): value for key, value in probe(path, "-show_format").get("format", {}).get("tags", {}).items()}


def kept(trial, source, path, outcome, ignored):
    """Each entry of the source is in the output under some name, or named in a message."""
    meant, found = tag_values(source), tag_values(path)
    content, lost = path.read_bytes(), []
    for key, value in meant.items():
        if key in ignored:
            continue
        alternatives = {
            value,
            value.rstrip("/"),
            value.replace("+0300", "+03:00"),
            re.sub(r"(:\d\d)Z$", r"\1.000000Z", value),
            re.sub(r"([+-]\d+\.\d+)([+-]\d+\.\d+).*", r"\1\2", value),
        }
        # A short value may stand elsewhere by chance.
        there = (
            value in (found.get(key), found.get(key.upper()))
            or len(value) > 3
            and (
                any(one in other for one in alternatives for other in found.values())
                or any(one.encode() in content for one in alternatives)
            )
        )
        name = re.escape(key.rsplit(".", 1)[-1] if key.startswith("com.") else key)
        if not there and not re.search(rf"\b{name}\b|{re.escape(key)}", outcome.stderr, re.I):
            lost.append(f"{key}={value!r}")
    counted = re.search(r"(\d+) (metadata|tags|entries)", outcome.stderr)
    trial.want(not lost or counted and int(counted[1]) >= len(lost), f"lost, and not reported: {', '.join(lost)}")


@check(
    TABLE,
    QUICKTIME,
    "{}",
    each=[f"{verb} {suffix}" for verb in ("transcode", "copy") for suffix in (".mp4", ".mov", ".mkv")],
)
def quicktime(trial, command):
    verb, suffix = command.split()
    source = trial.case(QUICKTIME)
    path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    kept(trial, source, path, outcome, {"major_brand", "minor_version", "compatible_brands", "encoder"})
    if suffix == ".mp4":
        located = tag_values(path).get("location", "") or tag_values(path).get(
            "com.apple.quicktime.location.iso6709", ""
        )
        trial.want(located.startswith("+48.8577+002.2950"), f"location: {located!r}")
    if suffix == ".mov":
        for key in ("com.apple.quicktime.make", "com.apple.quicktime.model", "com.apple.quicktime.location.iso6709"):
            short = key.rsplit(".", 1)[-1].split(".")[0]
            value = tag_values(path).get(key) or tag_values(path).get(
                {"make": "make", "model": "model"}.get(short, "location")
            )
            trial.want(value, f"{key} is lost")


@check(
    TABLE,
    "itunes_tags.mp4",
    "{}",
    each=[f"{verb} {suffix}" for verb in ("transcode", "copy") for suffix in (".mp4", ".mov", ".mkv", ".m4a")],
)
def itunes(trial, command):
    verb, suffix = command.split()
    source = trial.case("itunes_tags.mp4")
    if verb == "copy" and suffix == ".m4a":
        path = trial.folder / "o.m4a"
        outcome = trial.done("transcode", source, "-o", path, "--audio-codec", "copy")
    else:
        path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    ignored = {"major_brand", "minor_version", "compatible_brands", "encoder"}
    kept(trial, source, path, outcome, ignored)
    found = tag_values(path)
    if suffix in (".mp4", ".m4a"):
        for key, value in tag_values(source).items():
            if key not in ignored:
                trial.equal(key, found.get(key), value)


# Raw streams, WebP, AAC at 22,050 Hz ----------------------------------------------------------------------------


def raw(trial, name):
    if name == "raw.h264":
        return trial.case(name), 30
    codec = {
        "h264 at 25 without B-frames": [*X264, "-bf", "0"],
        "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"],
    }
    suffix = "hevc" if name == "hevc" else "h264"
    made = trial.made(
        f"raw-{len(name)}.{suffix}",
        lambda path: ffmpeg(*picture("160x120", 25, 3), *codec[name], "-g", "25", "-f", suffix, path),
    )
    return made, 25


@check(
    TABLE,
    "raw.h264",
    "copy {}",
    each=[
        f"{suffix} of {name}"
        for suffix in (".mp4", ".mkv", ".mov")
        for name in ("raw.h264", "h264 at 25 without B-frames", "hevc")
    ],
)
def raw_copy(trial, what):
    suffix, name = what.split(" of ")
    source, rate = raw(trial, name)
    expected = len(probe(source, "-show_frames", "-select_streams", "v").get("frames", []))
    path = trial.folder / f"o{suffix}"
    trial.done("transcode", source, "-o", path, "--video", "copy")
    found = trial.measure(path).video
    trial.equal("frames", len(found.starts), expected)
    worst = max(abs(one - found.starts[0] - at / rate) for at, one in enumerate(found.starts))
    trial.want(worst < 0.002, f"a frame is {worst * 1000:.0f} ms off a rate of {rate}")
    listed = [float(one["dts_time"]) for one in probe(path, "-show_packets").get("packets", []) if "dts_time" in one]
    trial.want(all(one < other for one, other in zip(listed, listed[1:])), "decoding timestamps do not increase")


@check(TABLE, "raw.h264", "package, itself or as its hint says")
def raw_package(trial):
    source = trial.case("raw.h264")
    package, outcome = trial.package(source)
    if outcome.status:
        hint = re.search(r"hint:.*", outcome.stderr)
        trial.want(hint and "transcode" in hint[0] and "copy" in hint[0], f"the hint: {hint and hint[0]}")
        trial.done("transcode", source, "-o", trial.folder / "o.mp4", "--video", "copy")
        package, outcome = trial.package(trial.folder / "o.mp4")
        if outcome.status:
            raise Wrong(f"after the hint: {outcome.last_error()}")
    trial.hls(package, apple=False)


@check(TABLE, "animated.webp", "{}", each=["probe", "transcode", "ladder"])
def webp(trial, command):
    output = trial.folder / ("o.mp4" if command == "transcode" else "out")
    outcome = trial.vtx(command, trial.case("animated.webp"), *(["-o", output] if command != "probe" else []))
    if command == "probe" and outcome.status == 0:
        return trial.want(
            re.search("support|decod", outcome.stdout.decode() + outcome.stderr, re.I),
            "probe does not say that it is not supported",
        )
    trial.refused(outcome, output, 69, "support")
    trial.want("damaged" not in outcome.stderr, "called damaged")


@check(TABLE, "aac_22050.mp4", "package{}", each=["", " --segments ts", " --segments ts --segment 2", " --single-file"])
def aac_22050(trial, option):
    package, outcome = trial.package(trial.case("aac_22050.mp4"), options=option.split())
    if outcome.status:
        raise Wrong(outcome.last_error())
    trial.hls(package, apple=False)


MONO = r"mono (audio )?(tracks|pairs)|tracks.{0,40}\bmono\b|belong together|one channel each"

# Mono pairs -----------------------------------------------------------------------------------------------------


@check(TABLE, "MXF with mono pairs (recipe)", "{}", each=["transcode", "ladder", "probe"])
def mono_pairs(trial, command):
    source = trial.made(
        "pairs.mxf",
        lambda path: ffmpeg(
            *picture("720x576", 25, 2),
            *tone(2, 300),
            *tone(2, 600),
            *tone(2, 900),
            *tone(2, 1200),
            "-map",
            "0",
            "-map",
            "1",
            "-map",
            "2",
            "-map",
            "3",
            "-map",
            "4",
            "-c:v",
            "mpeg2video",
            "-q:v",
            "4",
            "-c:a",
            "pcm_s16le",
            "-ar",
            "48000",
            "-f",
            "mxf",
            path,
        ),
    )
    if command == "probe":
        outcome = trial.done("probe", source)
        return trial.want(
            re.search(MONO, outcome.stdout.decode() + outcome.stderr, re.I),
            "not reported: mono tracks that belong together",
        )
    if command == "ladder":
        package, outcome = trial.ladder(source)
        trial.hls(package)
    else:
        path, outcome = trial.transcode(source, "o.mp4")
        trial.clean(path)
    trial.reported(outcome, MONO, what="mono tracks that belong together")
