"""Checks of scripts/cases: parameter sets, GOPs, telecine, renditions that do not belong together."""

import re

import media
from case_kit import X264, Wrong, check, ffmpeg, picture, tone
from case_measure import frame_hashes, joined, probe, renditions, seconds, variants

TABLE = "video"

# Parameter sets, GOPs -------------------------------------------------------------------------------------------

PARAMETERS = "parameter_sets_change_midway.ts"


@check(
    TABLE, PARAMETERS, "package{}: discontinuity, or refused with the time", each=["", " --segments ts", " --segment 1"]
)
def parameters(trial, option):
    package, outcome = trial.package(trial.case(PARAMETERS), options=option.split())
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, r"\d:\d\d|\d(\.\d+)? s\b", "parameter|SPS|chang", "hint:")
    text = variants(package)[0][1].read_text()
    trial.want("#EXT-X-DISCONTINUITY\n" in text, "no EXT-X-DISCONTINUITY")
    if "ts" not in option:
        trial.want(len(set(re.findall(r"#EXT-X-MAP:\S+", text))) >= 2, "one EXT-X-MAP")
    trial.hls(package, apple=False)


@check(TABLE, PARAMETERS, "{}", each=["transcode", "ladder"])
def parameters_encoded(trial, command):
    if command == "ladder":
        package, _ = trial.ladder(trial.case(PARAMETERS))
        trial.hls(package)
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
    else:
        path, _ = trial.transcode(trial.case(PARAMETERS), "o.mp4")
    found, meant = len(trial.measure(path).video.starts), len(media.measure(trial.case(PARAMETERS)).video.starts)
    # There are 21 ms between the two halves, which the constant rate of a ladder may fill.
    trial.want(meant <= found <= meant + (command == "ladder"), f"{found} frames instead of {meant}")


OPEN = ("og265_160.mp4", "og265_240.mp4")
CLOSED = ("cg265_160.mp4", "cg265_240.mp4")


@check(
    TABLE, "og265_*.mp4", "package --segment 2{}: refused with time and option", each=[" of two", " of one"], needs=OPEN
)
def open_gop(trial, count):
    files = [trial.case(name) for name in OPEN][: 2 if "two" in count else 1]
    package, outcome = trial.package(*files, options=["--segment", "2"])
    trial.refused(
        outcome, package, {65, 69}, "open.?GOP", r"\d:\d\d|\d(\.\d+)? s\b", "open-gop=0|no-open-gop|open_gop|--gop"
    )


@check(TABLE, "cg265_*.mp4", "package --segment 2", needs=CLOSED)
def closed_gop(trial):
    package, outcome = trial.package(*[trial.case(name) for name in CLOSED], options=["--segment", "2"])
    if outcome.status:
        raise Wrong(outcome.last_error())
    text = variants(package)[0][1].read_text()
    trial.want(text.count("#EXTINF") >= 2, f"{text.count('#EXTINF')} segments")
    trial.hls(package, apple=False)


# Telecine -------------------------------------------------------------------------------------------------------

SOFT = "soft_telecine.mpg"


def without_pulldown(trial, source, expected):
    package, outcome = trial.ladder(source)
    trial.equal("FRAME-RATE", variants(package)[0][0].get("FRAME-RATE"), "23.976")
    hashes = [one for _, one in frame_hashes(joined(variants(package)[0][1], trial.folder / "j.mp4"))]
    trial.want(abs(len(hashes) - expected) <= 3, f"{len(hashes)} frames instead of {expected}")
    repeated = sum(one == other for one, other in zip(hashes, hashes[1:]))
    # The first timestamps of the soft telecined file are missing, so that its first frame is shown for longer.
    trial.want(repeated <= 3, f"{repeated} frames are shown twice")
    trial.reported(outcome, "pulldown|telecine", what="the pulldown")
    trial.hls(package)


@check(TABLE, SOFT, "ladder: 23.976 fps")
def soft_telecine(trial):
    source = trial.case(SOFT)
    without_pulldown(trial, source, len(packets_of(source)))


def packets_of(source):
    return probe(source, "-select_streams", "v:0", "-show_packets").get("packets", [])


@check(TABLE, "hard telecine (recipe)", "ladder: 23.976 fps")
def hard_telecine(trial):
    source = trial.made(
        "hard.mkv",
        lambda path: ffmpeg(
            *picture("720x480", "24000/1001", 10),
            *tone(10),
            "-vf",
            "telecine=first_field=top:pattern=23,setfield=tff",
            *X264,
            "-flags",
            "+ilme+ildct",
            "-x264-params",
            "tff=1",
            "-c:a",
            "aac",
            "-f",
            "matroska",
            path,
        ),
    )
    without_pulldown(trial, source, 240)


@check(TABLE, "true 29.97 fps interlaced (recipe)", "ladder: not taken for telecine")
def no_telecine(trial):
    source = trial.made(
        "interlaced.mkv",
        lambda path: ffmpeg(
            *picture("720x480", "60000/1001", 6),
            "-vf",
            "interlace=scan=tff",
            *X264,
            "-flags",
            "+ilme+ildct",
            "-x264-params",
            "tff=1",
            "-f",
            "matroska",
            path,
        ),
    )
    package, _ = trial.ladder(source)
    trial.equal("FRAME-RATE", variants(package)[0][0].get("FRAME-RATE"), "29.970")


# Renditions that do not belong together -------------------------------------------------------------------------


def rendition(trial, name, size, seconds, *options):
    return trial.made(
        name,
        lambda path: ffmpeg(
            *picture(size, 25, seconds), *tone(seconds), *X264, "-g", "25", "-c:a", "aac", *options, "-f", "mp4", path
        ),
    )


@check(TABLE, "renditions of 3 s and 5 s (recipe)", "package: cut or refused")
def unequal(trial):
    files = [rendition(trial, "r3.mp4", "160x120", 3), rendition(trial, "r5.mp4", "320x240", 5)]
    package, outcome = trial.package(*files)
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "last|durat|long|short|end", r"\d:\d\d|\d(\.\d+)? s\b")
    trial.reported(outcome, "last|durat|shorter|longer|cut", what="the different durations")
    for _, playlist in variants(package) + renditions(package, "AUDIO"):
        trial.near(f"{playlist.parent.name} playlist", seconds(playlist), 3, 0.06)
    trial.hls(package, apple=False)


@check(TABLE, "video of 3 s beside audio of 5 s (recipe)", "package: cut or refused")
def unequal_audio(trial):
    audio = trial.made("a5.m4a", lambda path: ffmpeg(*tone(5), "-c:a", "aac", "-f", "mp4", path))
    package, outcome = trial.package(rendition(trial, "r3.mp4", "160x120", 3), audio)
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "last|durat|long|short|end")
    trial.reported(outcome, "last|durat|shorter|longer|cut", what="the different durations")
    trial.hls(package, apple=False)


@check(TABLE, "one rotated rendition (recipe)", "package: reported or refused")
def rotated(trial):
    plain = rendition(trial, "r3.mp4", "160x120", 3)
    turned = trial.made(
        "turned.mp4",
        lambda path: ffmpeg(
            "-i",
            rendition(trial, "r3b.mp4", "320x240", 3),
            "-c",
            "copy",
            "-metadata:s:v",
            "rotate=90",
            "-f",
            "mp4",
            path,
        ),
    )
    package, outcome = trial.package(plain, turned)
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "rotat|turned", "turned.mp4")
    trial.reported(outcome, "rotat")
