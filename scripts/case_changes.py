"""Checks of scripts/cases: sources that change while they are read, cues after the end."""

import subprocess
import time

import harness
from case_cues import cues, package_cues
from case_kit import X264, check, ffmpeg, picture, tone
from case_measure import length, renditions, seconds, streams, variants

TABLE = "length"

# Sources that change --------------------------------------------------------------------------------------------


@check(TABLE, "a .ts that grows while it is read (recipe)", "{}", each=["transcode", "ladder", "package", "copy"])
def growing(trial, command):
    whole = trial.made(
        "whole.ts",
        lambda path: ffmpeg(
            *picture("320x180", seconds=5, more=",noise=alls=20"),
            *tone(5),
            *X264,
            "-g",
            "25",
            "-c:a",
            "aac",
            "-f",
            "mpegts",
            path,
        ),
    ).read_bytes()
    source = trial.write("growing.ts", whole[: len(whole) * 2 // 5 // 188 * 188])
    output = trial.folder / ("o.mp4" if command in ("transcode", "copy") else "package")
    options = {
        "transcode": ["--speed", "superfast"],
        "copy": ["--video", "copy", "--audio-codec", "copy"],
        "package": [],
        "ladder": ["--speed", "superfast", "--no-thumbnails"],
    }[command]
    verb = "transcode" if command == "copy" else command
    process = subprocess.Popen(
        [trial.setting.vtx, verb, source, "-o", output, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=trial.folder,
    )
    at, deadline = source.stat().st_size, time.monotonic() + 120
    with open(source, "ab", buffering=0) as file:
        while process.poll() is None and time.monotonic() < deadline:
            part = whole[at : at + 188 * 40] or b"\x47\x1f\xff\x10" + b"\xff" * 184  # at the end null packets
            file.write(part)
            at += len(part)
            time.sleep(0.02)
    process.kill()
    _, messages = process.communicate()
    outcome = harness.Outcome(process.returncode, b"", messages.decode(errors="replace"))
    trial.refused(outcome, output, {65, 74}, r"\b(chang(ed|es|ing)|gr[eo]w(n|s|ing)?|modified)\b|(being|still) written")


# Cues -----------------------------------------------------------------------------------------------------------

LATE_CUE = "subs_cue_after_end.srt"


@check(
    TABLE,
    LATE_CUE,
    "transcode --subtitle-file {}",
    each=[".mp4", ".mov", ".mkv", ".webm"],
    needs=(LATE_CUE, "base.mp4"),
)
def late_cue(trial, suffix):
    path, outcome = trial.transcode(trial.case("base.mp4"), f"o{suffix}", "--subtitle-file", trial.case(LATE_CUE))
    trial.near("duration in the header", length(path), 4.0, 0.05)
    for one in streams(path):
        if "duration" in one:
            trial.want(float(one["duration"]) < 4.05, f"{one['codec_type']} lasts {one['duration']} s")
    found = cues(path)
    trial.equal("cues", [one.text for one in found], ["A"])
    trial.reported(outcome, r"warning.*(cue|subtitle)", what="the cue that was dropped")


@check(TABLE, LATE_CUE, "transcode --strict", needs=(LATE_CUE, "base.mp4"))
def late_cue_strict(trial):
    path = trial.folder / "o.mp4"
    outcome = trial.vtx(
        "transcode",
        trial.case("base.mp4"),
        "-o",
        path,
        "--subtitle-file",
        trial.case(LATE_CUE),
        "--strict",
        "--speed",
        "superfast",
    )
    trial.refused(outcome, path, 65, "cue|subtitle")


@check(TABLE, LATE_CUE, "ladder --subtitle-file", needs=(LATE_CUE, "base.mp4"))
def late_cue_ladder(trial):
    package, outcome = trial.ladder(trial.case("base.mp4"), "--subtitle-file", f"en:{trial.case(LATE_CUE)}")
    trial.equal("cues", [one.text for one in package_cues(package)], ["A"])
    for _, playlist in variants(package) + renditions(package, "SUBTITLES"):
        trial.near(f"{playlist.parent.name} playlist", seconds(playlist), 4.0, 0.05)
    trial.reported(outcome, r"warning.*(cue|subtitle)", what="the cue that was dropped")
    trial.hls(package)


@check(TABLE, "a cue that crosses the end (recipe)", "transcode {}", each=[".mp4", ".mkv", ".webm"], needs="base.mp4")
def crossing_cue(trial, suffix):
    srt = trial.write("s.srt", "1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:03,000 --> 00:00:30,000\nB\n")
    path, outcome = trial.transcode(trial.case("base.mp4"), f"o{suffix}", "--subtitle-file", srt)
    found = cues(path)
    trial.equal("cues", [one.text for one in found], ["A", "B"])
    trial.want(found[-1].end <= 4.1, f"the last cue ends at {found[-1].end:.2f} s")
    trial.reported(
        outcome,
        r"(warning|note|cut|short|trim).*(cue|subtitle)|(cue|subtitle).*(cut|short|trim)",
        what="the cue that was cut",
    )
    trial.near("duration in the header", length(path), 4.0, 0.05)
