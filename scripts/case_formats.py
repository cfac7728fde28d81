"""Checks of scripts/cases: shapes, WebVTT in MKV, AVI, fragments, alpha."""

import re

import harness
import media
from case_cues import cues, package_cues, vtt_cues
from case_kit import Wrong, X264, check, ffmpeg, mkvmerge, picture, tone
from case_measure import begins, joined, loudness, probe, streams, variants
from case_text import BLOCKS, BLOCK_TEXTS

TABLE = "wild"

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


SHAPES = {
    "720x480, 10:11": (720, 480, "10/11", 654),
    "720x480, 40:33": (720, 480, "40/33", 872),
    "720x576, 59:54": (720, 576, "59/54", 786),
    "720x576, 16:15": (720, 576, "16/15", 768),
    "720x480, 8:9": (720, 480, "8/9", 640),
    "720x480, 676:675": (720, 480, "676/675", 720),
    "720x576, 1001:1000": (720, 576, "1001/1000", 720),
}


@check(TABLE, "pixel shapes (recipe)", "transcode and ladder {}", each=list(SHAPES))
def square(trial, name):
    width, height, shape, expected = SHAPES[name]
    source = trial.made(
        f"shape-{width}-{shape.replace('/', '-')}.mkv",
        lambda path: ffmpeg(
            *picture(f"{width}x{height}", 25, 0.4), "-vf", f"setsar={shape}", *X264, "-f", "matroska", path
        ),
    )
    path, _ = trial.transcode(source, "o.mp4")
    one = streams(path, "video")[0]
    trial.equal("size", (one["width"], one["height"]), (expected, height))
    trial.equal("pixel shape", one.get("sample_aspect_ratio", "1:1"), "1:1")
    top = trial.plan("ladder", source)["video"]["rungs"][0]["encode"]["size"]
    trial.equal("top rung", (top["width"], top["height"]), (expected, height))


WIDE = {
    "9000x1080": ("9000x1080", 25, []),
    "5120x2880 --rungs 2880p,720p": ("5120x2880", 25, ["--rungs", "2880p,720p"]),
    "4096x2304 at 60 --rungs 2304p,720p": ("4096x2304", 60, ["--rungs", "2304p,720p"]),
    "7680x4320": ("7680x4320", 25, []),
}


@check(TABLE, "wider than 4,096 (recipe)", "ladder {}", each=list(WIDE))
def wide(trial, name):
    size, rate, options = WIDE[name]
    source = trial.made(
        f"wide-{size}.mp4",
        lambda path: ffmpeg(
            "-f", "lavfi", "-i", f"color=gray:size={size}:rate={rate}", "-frames:v", "6", *X264, "-f", "mp4", path
        ),
    )
    package = trial.folder / "out"
    outcome = trial.vtx(
        "ladder", source, "-o", package, "--speed", "ultrafast", "--no-thumbnails", *options, timeout=400
    )
    if outcome.status:
        if not options:
            raise Wrong(outcome.last_error())
        return trial.refused(outcome, package, {64, 65, 69}, r"level|5\.2")
    if name != "7680x4320":  # its rungs end at 1080p anyway
        trial.reported(outcome, r"level|5\.2", what="the limit of the level")
    trial.hls(package)


# WebVTT in MKV --------------------------------------------------------------------------------------------------


@check(
    TABLE,
    "S_TEXT/WEBVTT in MKV (recipe)",
    "{}",
    each=["transcode .mkv", "transcode .mp4", "transcode .webm", "copy .mkv", "ladder", "package", "probe"],
    needs="base.mp4",
)
def webvtt_in_mkv(trial, command):
    source, (verb, *rest) = trial.folder / "s.mkv", command.split()
    mkvmerge("-o", source, trial.case("base.mp4"), "--language", "0:en", trial.write("s.vtt", BLOCKS))
    if verb == "probe":
        about = [one for one in trial.probed(source)["media"]["streams"] if one["kind"] == "subtitle"]
        return trial.want(
            about and "vtt" in str(about[0].get("codec", "")).lower(), f"read as {about and about[0].get('codec')}"
        )
    if verb in ("ladder", "package"):
        package, outcome = trial.ladder(source) if verb == "ladder" else trial.package(source)
        if outcome.status:
            raise Wrong(outcome.last_error())
        found = package_cues(package)
        if trial.want(len(found) == 3, f"{len(found)} cues instead of 3"):
            trial.want(
                "line:10%" in found[0].settings and "align:start" in found[0].settings,
                f"settings: {found[0].settings!r}",
            )
        trial.hls(package, apple=verb == "ladder")
    else:
        path, outcome = (trial.copy if verb == "copy" else trial.transcode)(source, f"o{rest[0]}")
        if outcome.status:
            raise Wrong(outcome.last_error())
        if rest[0] == ".mkv":
            return mkv_text(trial, path)
        found = cues(path)
    trial.equal("cues", plain(found), BLOCK_TEXTS)


def plain(found):
    """The texts of cues; no-break spaces, which are kept, as plain ones."""
    return [one.text.replace("\u00a0", " ") for one in found]


def mkv_text(trial, path):
    """libav cannot read S_TEXT/WEBVTT, mkvextract can; a track of another text codec is read as usual."""
    tracks = harness.run(["mkvmerge", "-J", path]).stdout.decode()
    if "S_TEXT/WEBVTT" not in tracks:
        return trial.equal("cues", plain(cues(path)), BLOCK_TEXTS)
    number = re.findall(r'"id": (\d+),\s*"properties": \{[^}]*"S_TEXT/WEBVTT"', tracks)
    harness.run(["mkvextract", path, "tracks", f"{number[-1]}:{trial.folder / 'x.vtt'}"])
    trial.equal("cues", plain(vtt_cues((trial.folder / "x.vtt").read_text())), BLOCK_TEXTS)


# AVI, fragments, alpha ------------------------------------------------------------------------------------------


def clapper(trial, codec, suffix):
    """Black, then white and a tone from 1.0 s on."""
    return trial.made(
        f"clapper-{codec}.{suffix}",
        lambda path: ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "color=black:size=160x120:rate=25:duration=4,drawbox=t=fill:color=white:enable=gte(t\\,1)",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=1000:sample_rate=44100:duration=4",
            "-af",
            "volume=0:enable='lt(t,1)'",
            "-c:v",
            "mpeg4",
            "-q:v",
            "4",
            "-c:a",
            codec,
            "-b:a",
            "128k",
            path,
        ),
    )


@check(
    TABLE,
    "MP3 in AVI (recipe)",
    "transcode {}",
    each=[".avi from AVI", ".mp4 from AVI", ".mkv from AVI", ".avi from MP4"],
)
def mp3_in_avi(trial, what):
    suffix, _, kind = what.split()
    source = clapper(trial, "libmp3lame", "avi") if kind == "AVI" else clapper(trial, "aac", "mp4")
    path = trial.folder / f"o{suffix}"
    done = [
        one
        for one in trial.lines("transcode", source, "-o", path, *(["--speed", "superfast"] if suffix != ".avi" else []))
        if one["type"] == "done"
    ]
    counted = len(probe(path, "-select_streams", "v:0", "-show_packets").get("packets", []))
    frames = [value for value in numbers(done, "frames") if isinstance(value, int)]
    trial.want(counted in frames, f"`done` says {frames} frames, the file has {counted}")
    # AVI has no timestamps: a frame that is shown for two slots, as the source's first is, takes two of them. The source's
    # header counts 101 as well.
    shown = 101 if what == ".avi from AVI" else 100
    trial.want(counted == shown, f"{counted} frames instead of {shown}")

    def onset(file):
        found = media.measure(file)
        return begins(loudness(file, step=0.002), step=0.002) + found.audio[0].start - found.video.start

    # The delays of encoder and decoder are part of the source's own timing.
    trial.near("the tone begins", onset(path), onset(source), 0.012)


def numbers(value, name):
    """All values of a key in nested JSON."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in ([inner] if key == name else numbers(inner, name))]
    return [one for inner in value for one in numbers(inner, name)] if isinstance(value, list) else []


def reordered(trial):
    """MKV with B-frames: milliseconds, from which another container's decoding timestamps become irregular."""
    return trial.made(
        "reordered.mkv",
        lambda path: ffmpeg(
            *picture("160x120", 30, 6),
            *tone(6),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-bf",
            "3",
            "-g",
            "45",
            "-c:a",
            "aac",
            "-f",
            "matroska",
            path,
        ),
    )


@check(TABLE, "fragmented MP4 with irregular composition offsets (recipe)", "package{}", each=["", " --segments ts"])
def irregular(trial, option):
    source = trial.made(
        "irregular.mp4",
        lambda path: ffmpeg(
            "-i",
            reordered(trial),
            "-c",
            "copy",
            "-movflags",
            "frag_keyframe+empty_moov+default_base_moof",
            "-f",
            "mp4",
            path,
        ),
    )
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
    source = trial.made(
        "alpha.webm",
        lambda path: ffmpeg(
            *picture("128x96", 25, 1),
            "-vf",
            "format=yuva420p,colorchannelmixer=aa=0.5",
            "-c:v",
            "libvpx-vp9",
            "-pix_fmt",
            "yuva420p",
            "-cpu-used",
            "8",
            "-auto-alt-ref",
            "0",
            "-f",
            "webm",
            path,
        ),
    )
    if command == "probe":
        outcome = trial.done("probe", source)
        return trial.want(
            re.search("alpha|transparen", outcome.stdout.decode() + outcome.stderr, re.I), "not mentioned"
        )
    outcome = trial.ladder(source)[1] if command == "ladder" else trial.transcode(source, "o.mp4")[1]
    trial.reported(outcome, "alpha|transparen", what="the alpha channel")
