"""Checks of scripts/cases: what real files showed."""

import re
import shutil
import struct
from fractions import Fraction

import harness
import media
from case_kit import (
    X264, Wrong, begins, check, ffmpeg, flat, frame_hashes, joined, length, loudness, mkvmerge, picture, probe, renditions, seconds,
    streams, tone, variants)
from case_rates import is_constant

TABLE = "wild"


@check(TABLE, "constant_60fps_bframes.ts", "probe, transcode, ladder")
def constant_ts(trial):
    is_constant(trial, trial.case("constant_60fps_bframes.ts"), 60, "TS")


@check(TABLE, "fragmented_constant_rate.mp4", "probe, transcode, ladder")
def constant_fragments(trial):
    is_constant(trial, trial.case("fragmented_constant_rate.mp4"), 25, "fragmented MP4")


@check(TABLE, "fragmented_constant_rate.mp4", "ladder: exact rate")
def constant_ladder(trial):
    package, _ = trial.ladder(trial.case("fragmented_constant_rate.mp4"))
    trial.equal("FRAME-RATE", {one.get("FRAME-RATE") for one, _ in variants(package)}, {"25.000"})
    trial.hls(package)


def no_default_duration(trial, rate, name, *options):
    def build(path):
        ffmpeg(*picture("160x120", rate, 6), *tone(6), *X264, *options, "-c:a", "aac", "-f", "matroska", path)
        outcome = harness.run(["mkvpropedit", path, "--edit", "track:v1", "--delete", "default-duration"])
        if outcome.status:
            raise Wrong("mkvpropedit cannot make the input")

    return trial.made(f"no-default-{name}.mkv", build)


@check(TABLE, "MKV without default duration (recipe)", "{} fps", each=["30", "29.97", "59.94", "23.976", "30 with B-frames"])
def no_default(trial, name):
    rate = {"30": Fraction(30), "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001), "23.976": Fraction(24000, 1001)}[name.split()[0]]
    source = no_default_duration(trial, rate, name.replace(" ", "-"), *(["-bf", "3"] if "B-frames" in name else []))
    is_constant(trial, source, rate, "MKV")
    outcome = trial.done("probe", source)
    trial.want("1000 fps" not in outcome.stdout.decode() + outcome.stderr, "probe says 1000 fps")


# Streams that end early -----------------------------------------------------------------------------------------

EARLY = "audio_ends_early.ts"


def video_ends_early(trial):
    return trial.made("video_ends_early.ts", lambda path: ffmpeg(
        *picture("160x90", 25, 8), *tone(25), *X264, "-c:a", "aac", "-f", "mpegts", path))


def early_source(trial, what):
    return (trial.case(EARLY), 25, 8) if what.startswith("audio") else (video_ends_early(trial), 8, 25)


@check(TABLE, EARLY, "transcode {}", each=[f"{suffix}, {what} ends early" for what in ("audio", "video") for suffix in (".mp4", ".mkv", ".webm")])
def early(trial, what):
    suffix, what = what.split(", ")
    source, video, audio = early_source(trial, what)
    path, outcome = trial.transcode(source, f"o{suffix}")
    found = trial.measure(path)
    trial.near("video ends", found.video.end - found.video.start, video, 0.06)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, audio, 0.06)
    trial.want(not re.search("jump|clock", outcome.stderr), f"a false alarm: {flat(outcome.stderr)}")
    steps = [later - earlier for earlier, later in zip(found.audio[0].starts, found.audio[0].starts[1:])]
    trial.want(max(steps) < 0.1, f"a gap of {max(steps):.1f} s in the audio")


@check(TABLE, EARLY, "copy {}", each=[f".mp4, {what} ends early" for what in ("audio", "video")])
def early_copy(trial, what):
    source, video, audio = early_source(trial, what.split(", ")[1])
    path, outcome = trial.copy(source, "o.mp4")
    if outcome.status:
        raise Wrong(outcome.last_error())
    found = trial.measure(path)
    trial.near("video ends", found.video.end - found.video.start, video, 0.06)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, audio, 0.06)
    trial.want(not re.search("jump|clock", outcome.stderr), f"a false alarm: {flat(outcome.stderr)}")


@check(TABLE, EARLY, "package: no false jump, {}", each=["audio ends early", "video ends early"])
def early_package(trial, what):
    source, video, audio = early_source(trial, what)
    package, outcome = trial.package(source)
    trial.want(not re.search("jump|clock", outcome.stderr), f"a false alarm: {flat(outcome.stderr)}")
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "end|last|durat|short|long")
    trial.hls(package, apple=False)


@check(TABLE, EARLY, "ladder, {}", each=["audio ends early", "video ends early"])
def early_ladder(trial, what):
    source, video, audio = early_source(trial, what)
    package, outcome = trial.ladder(source)
    trial.want(not re.search("jump|clock", outcome.stderr), f"a false alarm: {flat(outcome.stderr)}")
    sound = loudness(joined(renditions(package, "AUDIO")[0][1], trial.folder / "a.mp4"))
    last = max(at for at, level in enumerate(sound) if level > 100) * 0.01
    trial.near("the audio is last heard", last, min(audio, seconds(variants(package)[0][1])), 0.15)
    trial.near("video playlist", seconds(variants(package)[0][1]), max(video, audio), 0.1)
    trial.hls(package)


# Chained Ogg ----------------------------------------------------------------------------------------------------


def chained(trial, codec, links, seconds_each):
    def build(path):
        data = b""
        for number in range(links):
            part = path.with_suffix(f".{number}.ogg")
            ffmpeg(*tone(seconds_each, 400 + 200 * number), "-c:a", codec, "-serial_offset", str(7 + number), "-f", "ogg", part)
            data += part.read_bytes()
            part.unlink()
        path.write_bytes(data)

    return trial.made(f"chained-{codec}-{links}.ogg", build)


CHAINS = {"chained.ogg": None, "Opus, 3 × 3 s": ("libopus", 3, 3), "Opus, 5 × 1 s": ("libopus", 5, 1), "Vorbis, 5 × 1 s": ("libvorbis", 5, 1),
          "FLAC, 3 × 2 s": ("flac", 3, 2)}


@check(TABLE, "chained.ogg", "transcode {}", each=[f"{suffix} of {name}" for name in CHAINS for suffix in (".m4a", ".opus", ".mp3", ".flac", ".wav", ".mkv")][:18] + [
    ".m4a of Vorbis, 5 × 1 s", ".m4a of FLAC, 3 × 2 s"])
def chain(trial, what):
    suffix, name = what.split(" of ")
    source = trial.case(name) if name == "chained.ogg" else chained(trial, *CHAINS[name])
    expected = 9.0 if name == "chained.ogg" else float(CHAINS[name][1] * CHAINS[name][2])
    path, outcome = trial.transcode(source, f"o{suffix}")
    found = trial.measure(path)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, expected, 0.11)
    levels = loudness(path)
    trial.near("audio is heard for", sum(level > 100 for level in levels) * 0.01, expected, 0.25)


# Sizes ----------------------------------------------------------------------------------------------------------

CHANGES = "size_changes_midway.ts"


@check(TABLE, CHANGES, "transcode {}", each=[".avi", ".mp4", ".mkv"])
def size_changes(trial, suffix):
    path, _ = trial.transcode(trial.case(CHANGES), f"o{suffix}")
    found = trial.measure(path)
    trial.equal("frames", len(found.video.starts), 120)
    trial.near("duration in the header", found.header_duration, 4.0, 0.035)


@check(TABLE, CHANGES, "ladder")
def size_changes_ladder(trial):
    package, _ = trial.ladder(trial.case(CHANGES))
    trial.equal("frames", len(frame_hashes(joined(variants(package)[0][1], trial.folder / "j.mp4"))), 120)
    trial.hls(package)


DIFFERS = "container_size_differs.webm"


@check(TABLE, DIFFERS, "transcode {}", each=["the file", "544×576 for 362×384, display 16:9 (recipe)"])
def differs(trial, what):
    source = trial.case(DIFFERS)
    if what == "the file":
        path, _ = trial.transcode(source, "o.mp4")
        one = streams(path, "video")[0]
        return trial.equal("size", (one["width"], one["height"]), (362, 384))
    copy = trial.folder / "differs.webm"
    shutil.copy(source, copy)
    outcome = harness.run(["mkvpropedit", copy, "--edit", "track:v1", "--set", "pixel-width=544", "--set", "pixel-height=576", "--set",
                           "display-width=1024", "--set", "display-height=576"])
    if outcome.status:
        raise Wrong("mkvpropedit cannot make the input")
    path, _ = trial.transcode(copy, "o.mp4")
    one = streams(path, "video")[0]
    ratio = one["width"] * media.ratio(one.get("sample_aspect_ratio")) / one["height"]
    trial.near("display shape", float(ratio), 16 / 9, 0.01)
    trial.equal("rows", one["height"], 384)
    bars = harness.run(["ffmpeg", "-nostdin", "-i", path, "-vf", "cropdetect=limit=16:round=2:skip=0", "-f", "null", "-"]).stderr
    crop = re.findall(r"crop=(\d+):(\d+):", bars)
    trial.want(crop and int(crop[-1][0]) >= one["width"] - 8 and int(crop[-1][1]) >= one["height"] - 8, f"bars around {crop[-1:]} of {one['width']}x{one['height']}")


PROGRAMS = "two_programs.ts"


@check(TABLE, PROGRAMS, "probe")
def programs_probe(trial):
    about = trial.probed(trial.case(PROGRAMS))
    trial.want("program" in str(about).lower(), "JSON does not mention the programs")
    trial.want("program" in trial.done("probe", trial.case(PROGRAMS)).stdout.decode().lower(), "the text does not mention the programs")


def one_program(trial, path, size):
    found = trial.measure(path)
    kinds = [one["codec_type"] for one in streams(path)]
    trial.equal("tracks", sorted(kinds), ["audio", "video"])
    if size:
        trial.equal("size", found.video.coded, size)
    trial.near("video lasts", found.video.end - found.video.start, 2.0, 0.05)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, 2.016, 0.06)
    trial.near("audio after video", found.audio[0].start - found.video.start, -0.010, 0.05)
    trial.near("duration in the header", found.header_duration, 2.016, 0.08)


@check(TABLE, PROGRAMS, "{}", each=["transcode", "transcode --program 1", "transcode --program 2", "copy", "copy --program 2"])
def programs(trial, command):
    verb, *options = command.split()
    path, outcome = (trial.copy if verb == "copy" else trial.transcode)(trial.case(PROGRAMS), "o.mp4", *options)
    if outcome.status:
        raise Wrong(outcome.last_error())
    one_program(trial, path, {"1": (320, 240), "2": (640, 360)}.get(options[-1] if options else ""))
    if not options:
        trial.reported(outcome, "program", what="the other program")


@check(TABLE, PROGRAMS, "transcode --program 7: refused")
def program_unknown(trial):
    output = trial.folder / "o.mp4"
    outcome = trial.vtx("transcode", trial.case(PROGRAMS), "-o", output, "--program", "7")
    trial.refused(outcome, output, 64, "program")
    trial.want("unknown option" not in outcome.stderr.lower(), "no such option")


@check(TABLE, PROGRAMS, "{}", each=["ladder", "ladder --program 2", "package", "package --program 1"])
def programs_package(trial, command):
    verb, *options = command.split()
    if verb == "ladder":
        package, _ = trial.ladder(trial.case(PROGRAMS), *options)
    else:
        package, outcome = trial.package(trial.case(PROGRAMS), options=options)
        if outcome.status:
            return trial.refused(outcome, package, {65, 69}, "program|4:4:4|mp2")
    for _, playlist in variants(package) + renditions(package, "AUDIO"):
        trial.near(f"{playlist.parent.name} playlist", seconds(playlist), 2.0, 0.06)
    trial.equal("audio renditions", len(renditions(package, "AUDIO")), 1)
    if verb == "ladder":
        trial.hls(package)


CROP = "sps_crop_left.mp4"


@check(TABLE, CROP, "{}", each=["transcode", "ladder"])
def crop(trial, command):
    source = trial.case(CROP)
    if command == "ladder":
        package, _ = trial.ladder(source)
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
        trial.hls(package)
    else:
        path, _ = trial.transcode(source, "o.mp4", "--crf", "10")
    one = streams(path, "video")[0]
    trial.equal("size", (one["width"], one["height"]), (314, 238))
    outcome = harness.run(["ffmpeg", "-nostdin", "-flags", "unaligned", "-i", source, "-i", path, "-lavfi", "[0:v][1:v]psnr", "-f", "null", "-"])
    quality = re.search(r"average:([\d.]+|inf)", outcome.stderr)
    trial.want(quality and (quality[1] == "inf" or float(quality[1]) > 30), f"PSNR {quality and quality[1]} dB against the exact crop")


# Which track ----------------------------------------------------------------------------------------------------


def motion_photo(trial):
    return trial.made("motion_photo.mp4", lambda path: ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=720x540:rate=25:duration=2.12", "-f", "lavfi", "-i", "testsrc=size=1024x768:rate=1:duration=2", "-map", "0",
        "-map", "1", *X264, "-disposition:v", "default", "-f", "mp4", path))


@check(TABLE, "motion photo: 53 frames and 2 larger ones (recipe)", "{}", each=["transcode", "ladder"])
def motion(trial, command):
    source = motion_photo(trial)
    if command == "ladder":
        package, _ = trial.ladder(source)
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
    else:
        path, _ = trial.transcode(source, "o.mp4")
    found = media.measure(path)
    trial.equal("size", found.video.coded, (720, 540))
    trial.equal("frames", len(found.video.starts), 53)


PART = "mkv_part_starts_at_5s.mkv"


@check(TABLE, PART, "{}", each=["probe", "transcode .mp4", "transcode .mkv", "copy .mp4", "ladder", "package"])
def part(trial, command):
    source, (verb, *rest) = trial.case(PART), command.split()
    if verb == "probe":
        duration = trial.probed(source)["media"].get("duration", {}).get("seconds")
        return trial.near("duration", duration, 5.01, 0.06)
    if verb in ("ladder", "package"):
        package, outcome = trial.ladder(source) if verb == "ladder" else trial.package(source)
        if outcome.status:
            raise Wrong(outcome.last_error())
        trial.near("video playlist", seconds(variants(package)[0][1]), 5.0, 0.08)
        return trial.hls(package, apple=verb == "ladder")
    path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, f"o{rest[0]}")
    if outcome.status:
        raise Wrong(outcome.last_error())
    meant, found = media.measure(source), trial.measure(path)
    trial.equal("frames", len(found.video.starts), len(meant.video.starts))
    trial.near("duration in the header", found.header_duration, meant.end - meant.begin, 0.06)


@check(TABLE, "an MKV that is truncated (recipe)", "transcode: still refused", needs="mkv_part_starts_at_5s.mkv")
def still_truncated(trial):
    data = trial.case(PART).read_bytes()
    outcome = trial.vtx("transcode", trial.write("cut.mkv", data[: len(data) // 2]), "-o", trial.folder / "o.mp4", "--speed", "superfast")
    trial.refused(outcome, trial.folder / "o.mp4", 65, "end|truncat|early")


UNKNOWN = "fragmented_duration_unknown.mp4"


@check(TABLE, UNKNOWN, "{}", each=["probe", "transcode", "copy", "ladder", "package", "transcode --strict"])
def unknown_duration(trial, command):
    source, (verb, *rest) = trial.case(UNKNOWN), command.split()
    if verb == "probe":
        duration = trial.probed(source)["media"].get("duration")
        trial.want(duration is None or abs(duration["seconds"] - 4.02) < 0.1, f"duration: {duration}")
        return trial.want("39:46" not in trial.done("probe", source).stdout.decode(), "39:46:05")
    if verb in ("ladder", "package"):
        package, outcome = trial.ladder(source) if verb == "ladder" else trial.package(source)
        if outcome.status:
            raise Wrong(outcome.last_error())
        trial.near("video playlist", seconds(variants(package)[0][1]), 4.0, 0.08)
        return trial.hls(package, apple=verb == "ladder")
    path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, "o.mp4", *rest)
    if outcome.status:
        raise Wrong(outcome.last_error())
    trial.near("duration in the header", length(path), 4.02, 0.06)
    trial.clean(path)


@check(TABLE, "unreadable_cover.mp3", "{}", each=[f"{verb} {suffix}" for verb in ("transcode", "copy") for suffix in (".m4a", ".flac", ".mp3", ".mkv", ".mp4")
                                                if (verb, suffix) not in {("copy", ".m4a"), ("copy", ".flac")}])
def cover(trial, command):
    verb, suffix = command.split()
    options = ["--audio-codec", "copy"] if verb == "copy" else []
    path, outcome = trial.transcode(trial.case("unreadable_cover.mp3"), f"o{suffix}", *options)
    found = trial.measure(path)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, 2.02, 0.08)
    trial.reported(outcome, "cover|attached picture|artwork", what="the cover that was dropped")
