"""Checks of scripts/cases: captions, Dolby Vision, encryption, pixel shape, parameter sets, telecine, renditions."""

import re
import shutil
from pathlib import Path

import harness
import media
from case_cues import package_cues
from case_kit import X264, Wrong, check, ffmpeg
from case_measure import boxes, joined, probe, renditions, streams, variants

TABLE = "video"
CAPTIONS = "cea608_in_sei.mp4"


def caption_frames(path):
    """How many frames carry A/53 captions."""
    found = probe(path, "-select_streams", "v:0", "-show_frames").get("frames", [])
    return sum(
        any("Closed Captions" in side.get("side_data_type", "") for side in one.get("side_data_list", []))
        for one in found
    )


def caption_text(path, folder):
    """What ffmpeg's decoder reads of CEA-608 captions."""
    name = f"cc{path.suffix}"
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(path)
    outcome = harness.run(
        [
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            f"movie={name}[out+subcc]",
            "-map",
            "0:s",
            "-f",
            "srt",
            "-",
        ],
        cwd=folder,
    )
    texts = [
        re.sub(r"<[^>]*>|\{[^}]*\}|\\h", "", block) for block in outcome.stdout.decode(errors="replace").split("\n\n")
    ]
    return [line.strip() for block in texts for line in block.split("\n")[2:] if line.strip()]


def with_captions(trial, path):
    source = trial.case(CAPTIONS)
    trial.equal("frames with captions", caption_frames(path), 100)
    trial.equal("text of the captions", caption_text(path, trial.folder), caption_text(source, trial.folder))


def declared(trial, package):
    """The master playlist names the captions, and all variants refer to them."""
    found = renditions(package, "CLOSED-CAPTIONS")
    if trial.want(found, "no EXT-X-MEDIA TYPE=CLOSED-CAPTIONS"):
        trial.equal("INSTREAM-ID", found[0][0].get("INSTREAM-ID"), "CC1")
        for attributes, _ in variants(package):
            trial.equal("CLOSED-CAPTIONS", attributes.get("CLOSED-CAPTIONS"), found[0][0].get("GROUP-ID"))


@check(
    TABLE,
    CAPTIONS,
    "transcode{}",
    each=[
        " .mp4",
        " .mkv",
        " --video hevc .mp4",
        " --video hevc .mkv",
        " --fps 50 .mp4",
        " --start 1 .mp4",
        " --height 120 .mp4",
    ],
)
def captions(trial, option):
    *options, suffix = option.split()
    if "hevc" in options:
        options += ["--speed", "ultrafast"]
    path, _ = trial.transcode(trial.case(CAPTIONS), f"o{suffix}", *options)
    if "--start" in options:
        return trial.want(caption_frames(path) >= 74, f"{caption_frames(path)} of 75 frames have captions")
    if "--fps" in options:
        texts = caption_text(path, trial.folder)
        return trial.equal("text of the captions", texts, caption_text(trial.case(CAPTIONS), trial.folder))
    with_captions(trial, path)


@check(TABLE, CAPTIONS, "copy {}", each=[".mp4", ".mkv", ".mov"])
def captions_copy(trial, suffix):
    path, outcome = trial.copy(trial.case(CAPTIONS), f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    with_captions(trial, path)


@check(TABLE, CAPTIONS, "transcode .webm: lost, reported")
def captions_vp9(trial):
    _, outcome = trial.transcode(trial.case(CAPTIONS), "o.webm")
    trial.reported(outcome, "caption")


@check(TABLE, CAPTIONS, "ladder{}", each=["", " --segments ts", " --codec hevc"])
def captions_ladder(trial, option):
    speed = ["--speed", "ultrafast"] if "hevc" in option else []
    package = trial.folder / "ladder"
    trial.done(
        "ladder",
        trial.case(CAPTIONS),
        "-o",
        package,
        "--no-thumbnails",
        *(speed or ["--speed", "superfast"]),
        *option.split(),
    )
    declared(trial, package)
    for _, playlist in variants(package):
        with_captions(trial, joined(playlist, trial.folder / ("joined.ts" if "ts" in option else "joined.mp4")))
    trial.hls(package, apple="hevc" not in option)


@check(TABLE, CAPTIONS, "package{}", each=["", " --segments ts"])
def captions_package(trial, option):
    package, outcome = trial.package(trial.case(CAPTIONS), options=option.split())
    if outcome.status:
        raise Wrong(outcome.last_error())
    declared(trial, package)
    with_captions(trial, joined(variants(package)[0][1], trial.folder / ("joined.ts" if option else "joined.mp4")))
    trial.hls(package, apple=False)


@check(TABLE, CAPTIONS, "ladder --captions webvtt")
def captions_text(trial):
    package, _ = trial.ladder(trial.case(CAPTIONS), "--captions", "webvtt")
    words = " ".join(caption_text(trial.case(CAPTIONS), trial.folder)).split()
    found = " ".join(one.text for one in package_cues(package)).split()
    trial.want(set(words) <= set(found), f"words {found} instead of {words}")
    trial.hls(package)


@check(TABLE, CAPTIONS, "{} --captions drop", each=["ladder", "transcode"])
def captions_dropped(trial, command):
    if command == "ladder":
        package, _ = trial.ladder(trial.case(CAPTIONS), "--captions", "drop")
        trial.equal("CLOSED-CAPTIONS", {one.get("CLOSED-CAPTIONS") for one, _ in variants(package)}, {"NONE"})
        trial.hls(package)
        path = joined(variants(package)[0][1], trial.folder / "joined.mp4")
    else:
        path, _ = trial.transcode(trial.case(CAPTIONS), "o.mp4", "--captions", "drop")
    trial.equal("frames with captions", caption_frames(path), 0)


@check(TABLE, "video without captions", "ladder: CLOSED-CAPTIONS=NONE", needs="base.mp4")
def captions_none(trial):
    package, _ = trial.ladder(trial.case("base.mp4"))
    trial.equal("CLOSED-CAPTIONS", {one.get("CLOSED-CAPTIONS") for one, _ in variants(package)}, {"NONE"})


# Dolby Vision ---------------------------------------------------------------------------------------------------


def dolby(path):
    """The configuration box of an MP4 file."""
    root = boxes(Path(path).read_bytes())
    found = [one.body for kind in (b"dvcC", b"dvvC") for one in root.all(kind)]
    return found[0] if found else None


def dolby_record(path):
    """What ffprobe reads of the configuration."""
    sides = [side for one in streams(path, "video") for side in one.get("side_data_list", []) if "dv_profile" in side]
    return (
        {key: value for key, value in sides[0].items() if key.startswith("dv_") or key.endswith("_flag")}
        if sides
        else None
    )


def dolby_copied(trial, source, suffix):
    path, outcome = trial.copy(source, f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    trial.equal("configuration", dolby_record(path), dolby_record(source))
    if suffix != ".mkv":
        trial.equal("dvcC or dvvC", dolby(path), dolby(source))


@check(TABLE, "dolby_vision_5.mp4", "copy {}", each=[".mp4", ".mov", ".mkv"])
def dolby_5_copied(trial, suffix):
    dolby_copied(trial, trial.case("dolby_vision_5.mp4"), suffix)


@check(TABLE, "dolby_vision_8.mp4", "copy {}", each=[".mp4", ".mov", ".mkv"])
def dolby_8_copied(trial, suffix):
    dolby_copied(trial, trial.case("dolby_vision_8.mp4"), suffix)


@check(TABLE, "dolby_vision_5.mp4", "package: dvh1, or refused")
def dolby_5(trial):
    package, outcome = trial.package(trial.case("dolby_vision_5.mp4"))
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "dolby")
    for attributes, playlist in variants(package):
        trial.want(attributes["CODECS"].startswith("dvh1.05.01"), f"CODECS={attributes['CODECS']}")
        init = (playlist.parent / re.search(r'MAP:URI="([^"]+)"', playlist.read_text())[1]).read_bytes()
        trial.want(
            b"dvh1" in init and dolby(joined(playlist, trial.folder / "j.mp4")) is not None, "no dvh1 entry with dvcC"
        )


@check(TABLE, "dolby_vision_8.mp4", "package: SUPPLEMENTAL-CODECS")
def dolby_8(trial):
    source = trial.case("dolby_vision_8.mp4")
    package, outcome = trial.package(source)
    if outcome.status:
        raise Wrong(outcome.last_error())
    for attributes, playlist in variants(package):
        trial.want(attributes["CODECS"].startswith("hvc1."), f"CODECS={attributes['CODECS']}")
        trial.equal("SUPPLEMENTAL-CODECS", attributes.get("SUPPLEMENTAL-CODECS"), "dvh1.08.01/db1p")
        trial.equal("VIDEO-RANGE", attributes.get("VIDEO-RANGE"), "PQ")
        trial.equal("dvvC", dolby(joined(playlist, trial.folder / "j.mp4")), dolby(source))
    trial.hls(package, apple=False)


@check(TABLE, "dolby_vision_5.mp4", "{}: refused", each=["transcode", "ladder"])
def dolby_5_encoded(trial, command):
    output = trial.folder / ("o.mp4" if command == "transcode" else "out")
    trial.refused(trial.vtx(command, trial.case("dolby_vision_5.mp4"), "-o", output), output, 69, "dolby vision")


# Encryption -----------------------------------------------------------------------------------------------------

CENC = "encrypted_cenc.mp4"


@check(TABLE, CENC, "{}", each=["probe", "transcode", "copy", "copy .mkv", "package", "ladder", "batch"])
def encrypted(trial, command):
    source = trial.case(CENC)
    if command == "probe":
        warnings = trial.probed(source)["warnings"]
        return trial.want(any("encrypt" in str(one).lower() for one in warnings), f"no warning: {warnings}")
    if command == "batch":
        folder = trial.folder / "in"
        folder.mkdir()
        shutil.copy(source, folder)
        outcome = trial.vtx("batch", folder, "-o", trial.folder / "out")
        trial.equal("status", outcome.status, 1)
        return trial.want(
            "encrypted" in (outcome.stdout.decode(errors="replace") + outcome.stderr), "the reason is not given"
        )
    verb, *rest = command.split()
    output = trial.folder / ("out" if verb in ("package", "ladder") else f"o{rest[0] if rest else '.mp4'}")
    options = ["--video", "copy", "--audio-codec", "copy"] if verb == "copy" else []
    outcome = trial.vtx("transcode" if verb == "copy" else verb, source, "-o", output, *options)
    trial.refused(outcome, output, 65, r"encrypted.*CENC")


# Pixel shape ----------------------------------------------------------------------------------------------------

DISPLAY = "mkv_display_size.mkv"


@check(TABLE, DISPLAY, "copy {}", each=[".mp4", ".mov", ".mkv"])
def display_copy(trial, suffix):
    path, outcome = trial.copy(trial.case(DISPLAY), f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    trial.equal("shape", streams(path, "video")[0].get("display_aspect_ratio"), "71:40")
    if suffix != ".mkv":
        pasp = next(boxes(path.read_bytes()).all(b"pasp"), None)
        trial.equal(
            "pasp", pasp and (int.from_bytes(pasp.body[:4], "big"), int.from_bytes(pasp.body[4:8], "big")), (213, 160)
        )


@check(TABLE, DISPLAY, "transcode .mp4")
def display_transcode(trial):
    path, _ = trial.transcode(trial.case(DISPLAY), "o.mp4")
    one = streams(path, "video")[0]
    trial.equal("size", (one["width"], one["height"], one.get("sample_aspect_ratio", "1:1")), (426, 240, "1:1"))


@check(TABLE, DISPLAY, "{}", each=["package", "ladder", "package --segments ts"])
def display_package(trial, command):
    if command == "ladder":
        package, _ = trial.ladder(trial.case(DISPLAY))
    else:
        package, outcome = trial.package(trial.case(DISPLAY), options=command.split()[1:])
        if outcome.status:
            if "ts" in command:
                return trial.refused(outcome, package, {65, 69}, "shape|aspect|pixel")
            raise Wrong(outcome.last_error())
    trial.equal("RESOLUTION", variants(package)[0][0]["RESOLUTION"], "426x240")
    if command == "package":
        found = streams(joined(variants(package)[0][1], trial.folder / "j.mp4"), "video")[0]
        trial.equal("shape", found.get("display_aspect_ratio"), "71:40")
    trial.hls(package, apple=command == "ladder")


def box_size(path, when):
    """Width and height of the white box on black in the frame shown at a moment."""
    one = streams(path, "video")[0]
    width, height = one["width"], one["height"]
    outcome = harness.run(
        [
            "ffmpeg",
            "-nostdin",
            "-v",
            "quiet",
            "-i",
            path,
            "-map",
            "0:v:0",
            "-vf",
            f"select=gte(t-start_t\\,{when}),format=gray",
            "-frames:v",
            "1",
            "-f",
            "rawvideo",
            "-",
        ]
    )
    data = outcome.stdout
    if len(data) != width * height:
        raise Wrong(f"no frame at {when} s")
    row, column = data[height // 2 * width : (height // 2 + 1) * width], data[width // 2 :: width]
    return sum(one > 128 for one in row), sum(one > 128 for one in column)


def shape_change(trial, kind):
    """Two seconds of square pixels, then two of wider ones; a square is shown throughout."""

    def build(path):
        parts = []
        for number, (wide, ratio) in enumerate([(120, "1/1"), (90, "4/3")]):
            part = path.with_suffix(f".{number}.{kind}")
            codec = X264 if kind == "ts" else ["-c:v", "mpeg2video", "-q:v", "2", "-bf", "0"]
            ffmpeg(
                "-f",
                "lavfi",
                "-i",
                f"color=black:size=320x240:rate=25:duration=2,drawbox=x=(iw-{wide})/2:y=60:w={wide}:h=120:color=white:"
                f"t=fill,setsar={ratio}",
                *codec,
                "-f",
                "mpegts",
                part,
            )
            parts.append(part)
        join_ts(parts, path)
        for part in parts:
            part.unlink()

    return trial.made(f"shape-{kind}.ts", build)


def join_ts(parts, path):
    """Transport streams one after the other on one clock."""
    listing = path.with_suffix(".txt")
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    ffmpeg("-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", "-f", "mpegts", path)
    listing.unlink()


@check(
    TABLE, "pixel shape changes midway (recipe)", "{}", each=["transcode, H.264", "transcode, MPEG-2", "ladder, H.264"]
)
def shape(trial, command):
    source = shape_change(trial, "ts" if "H.264" in command else "mpg")
    if command.startswith("ladder"):
        package, outcome = trial.ladder(source)
        path = joined(variants(package)[0][1], trial.folder / "j.mp4")
        trial.hls(package)
    else:
        path, outcome = trial.transcode(source, "o.mp4")
        trial.clean(path)
    ratio = media.ratio(streams(path, "video")[0].get("sample_aspect_ratio"))
    for when in (0.5, 3.5):
        wide, high = box_size(path, when)
        shown = wide * float(ratio) / max(high, 1)
        trial.want(abs(shown - 1) < 0.04, f"at {when} s a square is shown {shown:.2f} times as wide as high")
    trial.reported(outcome, "aspect|pixel shape|pixel.*change|shape", what="the change of the pixel shape")
