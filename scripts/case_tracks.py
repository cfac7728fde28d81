"""Checks of scripts/cases: sizes, programs, crop, and which track is the video."""

import re
import shutil

import harness
import media
from case_kit import Wrong, X264, check, ffmpeg
from case_measure import frame_hashes, joined, length, renditions, seconds, streams, variants

TABLE = "wild"

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
    outcome = harness.run(
        [
            "mkvpropedit",
            copy,
            "--edit",
            "track:v1",
            "--set",
            "pixel-width=544",
            "--set",
            "pixel-height=576",
            "--set",
            "display-width=1024",
            "--set",
            "display-height=576",
        ]
    )
    if outcome.status:
        raise Wrong("mkvpropedit cannot make the input")
    path, _ = trial.transcode(copy, "o.mp4")
    one = streams(path, "video")[0]
    ratio = one["width"] * media.ratio(one.get("sample_aspect_ratio")) / one["height"]
    trial.near("display shape", float(ratio), 16 / 9, 0.01)
    trial.equal("rows", one["height"], 384)
    bars = harness.run(
        ["ffmpeg", "-nostdin", "-i", path, "-vf", "cropdetect=limit=16:round=2:skip=0", "-f", "null", "-"]
    ).stderr
    crop = re.findall(r"crop=(\d+):(\d+):", bars)
    trial.want(
        crop and int(crop[-1][0]) >= one["width"] - 8 and int(crop[-1][1]) >= one["height"] - 8,
        f"bars around {crop[-1:]} of {one['width']}x{one['height']}",
    )


PROGRAMS = "two_programs.ts"


@check(TABLE, PROGRAMS, "probe")
def programs_probe(trial):
    source = trial.folder / "two.ts"  # a name without the word
    source.symlink_to(trial.case(PROGRAMS))
    trial.want("program" in str(trial.probed(source)).lower(), "JSON does not mention the programs")
    trial.want(
        "program" in trial.done("probe", source).stdout.decode().lower(), "the text does not mention the programs"
    )


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


@check(
    TABLE,
    PROGRAMS,
    "{}",
    each=["transcode", "transcode --program 1", "transcode --program 2", "copy", "copy --program 2"],
)
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
        package = trial.folder / "ladder"
        trial.done(
            "ladder",
            trial.case(PROGRAMS),
            "-o",
            package,
            "--speed",
            "superfast",
            "--no-thumbnails",
            *options,
            timeout=60,
        )
    else:
        package, outcome = trial.package(trial.case(PROGRAMS), options=options)
        if outcome.status:
            trial.want("has no option" not in outcome.stderr, "no such option")
            return trial.refused(outcome, package, {64, 65, 69}, "program|4:4:4|mp2")
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
    outcome = harness.run(
        [
            "ffmpeg",
            "-nostdin",
            "-flags",
            "unaligned",
            "-i",
            source,
            "-i",
            path,
            "-lavfi",
            "[0:v][1:v]psnr",
            "-f",
            "null",
            "-",
        ]
    )
    quality = re.search(r"average:([\d.]+|inf)", outcome.stderr)
    trial.want(
        quality and (quality[1] == "inf" or float(quality[1]) > 30),
        f"PSNR {quality and quality[1]} dB against the exact crop",
    )


# Which track ----------------------------------------------------------------------------------------------------


def motion_photo(trial):
    return trial.made(
        "motion_photo.mp4",
        lambda path: ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=720x540:rate=25:duration=2.12",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=1024x768:rate=1:duration=2",
            "-map",
            "0",
            "-map",
            "1",
            *X264,
            "-disposition:v",
            "default",
            "-f",
            "mp4",
            path,
        ),
    )


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
    outcome = trial.vtx(
        "transcode",
        trial.write("cut.mkv", data[: len(data) // 2]),
        "-o",
        trial.folder / "o.mp4",
        "--speed",
        "superfast",
    )
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


@check(
    TABLE,
    "unreadable_cover.mp3",
    "{}",
    each=[
        f"{verb} {suffix}"
        for verb in ("transcode", "copy")
        for suffix in (".m4a", ".flac", ".mp3", ".mkv", ".mp4")
        if (verb, suffix) not in {("copy", ".m4a"), ("copy", ".flac")}
    ],
)
def cover(trial, command):
    verb, suffix = command.split()
    options = ["--audio-codec", "copy"] if verb == "copy" else []
    path, outcome = trial.transcode(trial.case("unreadable_cover.mp3"), f"o{suffix}", *options)
    found = trial.measure(path)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, 2.02, 0.08)
    trial.reported(outcome, "cover|attached picture|artwork", what="the cover that was dropped")
