"""Checks of scripts/cases: rates and ends that real files showed."""

import re
from fractions import Fraction

import harness
from case_kit import Wrong, X264, check, ffmpeg, flat, picture, tone
from case_measure import joined, loudness, renditions, seconds, variants
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


@check(
    TABLE,
    "MKV without default duration (recipe)",
    "{} fps",
    each=["30", "29.97", "59.94", "23.976", "30 with B-frames"],
)
def no_default(trial, name):
    rate = {
        "30": Fraction(30),
        "29.97": Fraction(30000, 1001),
        "59.94": Fraction(60000, 1001),
        "23.976": Fraction(24000, 1001),
    }[name.split()[0]]
    source = no_default_duration(trial, rate, name.replace(" ", "-"), *(["-bf", "3"] if "B-frames" in name else []))
    is_constant(trial, source, rate, "MKV")
    outcome = trial.done("probe", source)
    trial.want("1000 fps" not in outcome.stdout.decode() + outcome.stderr, "probe says 1000 fps")


# Streams that end early -----------------------------------------------------------------------------------------

EARLY = "audio_ends_early.ts"


def video_ends_early(trial):
    return trial.made(
        "video_ends_early.ts",
        lambda path: ffmpeg(*picture("160x90", 25, 8), *tone(25), *X264, "-c:a", "aac", "-f", "mpegts", path),
    )


def early_source(trial, what):
    return (trial.case(EARLY), 25, 8) if what.startswith("audio") else (video_ends_early(trial), 8, 25)


@check(
    TABLE,
    EARLY,
    "transcode {}",
    each=[f"{suffix}, {what} ends early" for what in ("audio", "video") for suffix in (".mp4", ".mkv", ".webm")],
)
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
    levels = loudness(joined(renditions(package, "AUDIO")[0][1], trial.folder / "a.mp4"))
    last = max(at for at, level in enumerate(levels) if level > 100) * 0.01
    trial.near("the audio is last heard", last, min(audio, seconds(variants(package)[0][1])), 0.15)
    trial.near("video playlist", seconds(variants(package)[0][1]), max(video, audio), 0.1)
    trial.hls(package)


# Chained Ogg ----------------------------------------------------------------------------------------------------


def chained(trial, codec, links, seconds_each):
    def build(path):
        data = b""
        for number in range(links):
            part = path.with_suffix(f".{number}.ogg")
            ffmpeg(
                *tone(seconds_each, 400 + 200 * number),
                "-c:a",
                codec,
                "-serial_offset",
                str(7 + number),
                "-f",
                "ogg",
                part,
            )
            data += part.read_bytes()
            part.unlink()
        path.write_bytes(data)

    return trial.made(f"chained-{codec}-{links}.ogg", build)


CHAINS = {
    "chained.ogg": None,
    "Opus, 3 × 3 s": ("libopus", 3, 3),
    "Opus, 5 × 1 s": ("libopus", 5, 1),
    "Vorbis, 5 × 1 s": ("libvorbis", 5, 1),
    "FLAC, 3 × 2 s": ("flac", 3, 2),
}


@check(
    TABLE,
    "chained.ogg",
    "transcode {}",
    each=[f"{suffix} of {name}" for name in CHAINS for suffix in (".m4a", ".opus", ".mp3", ".flac", ".wav", ".mkv")][
        :18
    ]
    + [".m4a of Vorbis, 5 × 1 s", ".m4a of FLAC, 3 × 2 s"],
)
def chain(trial, what):
    suffix, name = what.split(" of ")
    source = trial.case(name) if name == "chained.ogg" else chained(trial, *CHAINS[name])
    expected = 9.0 if name == "chained.ogg" else float(CHAINS[name][1] * CHAINS[name][2])
    path, outcome = trial.transcode(source, f"o{suffix}")
    found = trial.measure(path)
    trial.near("audio lasts", found.audio[0].end - found.audio[0].start, expected, 0.11)
    levels = loudness(path)
    trial.near("audio is heard for", sum(level > 100 for level in levels) * 0.01, expected, 0.25)
