"""Checks of scripts/cases: messages that name the wrong cause."""

import re

import harness
from case_kit import X264, check, ffmpeg, flat, picture, tone

TABLE = "messages"


def refusal(trial, command, source, *options):
    output = trial.folder / ("o.mp4" if command == "transcode" else "out")
    return trial.vtx(command, source, *(["-o", output] if command != "probe" else []), *options), output


def message(outcome):
    """All that it printed."""
    return outcome.stderr + outcome.stdout.decode(errors="replace")


def jpeg(trial, kind):
    """A photograph: plain, one of a numbered series, or with much metadata before the image."""
    source = trial.folder / ("IMG_0001.jpg" if kind == "numbered" else "photo.jpg")
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=640x480:duration=1:rate=1", "-frames:v", "1", "-f", "mjpeg", source)
    data = source.read_bytes()
    if kind == "numbered":
        (trial.folder / "IMG_0002.jpg").write_bytes(data)
    if kind == "with EXIF":
        exif = b"Exif\0\0" + bytes(60000)
        source.write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:])
    return source


@check(
    TABLE,
    "a lone .jpg (recipe)",
    "{}",
    each=[f"{command}, {kind}" for command in ("probe", "transcode") for kind in ("plain", "numbered", "with EXIF")],
)
def lone_image(trial, what):
    command, kind = what.split(", ")
    outcome, output = refusal(trial, command, jpeg(trial, kind))
    trial.want("list of" not in message(outcome), f"called a list of files: {flat(message(outcome))}")
    if outcome.status:
        trial.refused(outcome, None if command == "probe" else output, {65, 69}, "image|picture|still")


@check(
    TABLE, "a lone image of another format (recipe)", "transcode {}", each=["png", "gif", "bmp", "tiff", "webp", "pgm"]
)
def other_image(trial, suffix):
    source = trial.folder / f"photo.{suffix}"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x48:duration=1:rate=1", "-frames:v", "1", source)
    outcome, output = refusal(trial, "transcode", source, "--speed", "superfast")
    trial.want("list of" not in message(outcome), f"called a list of files: {flat(message(outcome))}")
    if outcome.status:
        trial.refused(outcome, output, {65, 69}, "image|picture|still|support")


def renamed(trial, name, found, wanted, *options):
    """An MP4 in which the four characters `found` are `wanted`."""
    plain = trial.made(
        "plain.mp4", lambda path: ffmpeg(*picture(seconds=1), *tone(1), *X264, "-c:a", "aac", "-f", "mp4", path)
    )
    return trial.write(name, plain.read_bytes().replace(found, wanted))


@check(
    TABLE,
    "an unknown codec zq7x (recipe)",
    "{}: says the four characters",
    each=["probe", "transcode", "package", "copy", "copy .mkv"],
)
def unknown_codec(trial, command):
    source = renamed(trial, "unknown.mp4", b"avc1", b"zq7x")
    if command == "probe":
        return trial.want("zq7x" in message(trial.done("probe", source)), "probe does not say zq7x")
    verb, *rest = command.split()
    options = ["--video", "copy", "--audio-codec", "copy"] if verb == "copy" else []
    outcome, output = refusal(trial, "transcode" if verb == "copy" else verb, source, *options)
    if verb == "copy" and rest:
        output = trial.folder / "o.mkv"
        outcome = trial.vtx("transcode", source, "-o", output, *options)
    trial.want(outcome.status in (64, 69), f"{outcome.describe()}: {outcome.last_error()}")
    trial.want("zq7x" in outcome.stderr, f"it does not say zq7x: {flat(outcome.stderr)}")


@check(TABLE, "an unknown audio codec zq7y (recipe)", "transcode: dropped, says the four characters")
def unknown_audio(trial):
    plain = trial.made(
        "plain.mov", lambda path: ffmpeg(*picture(seconds=1), *tone(1), *X264, "-c:a", "pcm_s16le", "-f", "mov", path)
    )
    source = trial.write("unknown.mov", plain.read_bytes().replace(b"sowt", b"zq7y"))
    outcome, _ = refusal(trial, "transcode", source, "--speed", "superfast")
    trial.want("zq7y" in outcome.stderr, f"it does not say zq7y: {flat(outcome.stderr)}")


@check(
    TABLE,
    "libav's own line (recipe)",
    "{}",
    each=["mdhd of version 5: 69, not implemented", "stts of 100 million entries", "a box larger than its parent"],
)
def own_line(trial, what):
    plain = trial.made(
        "plain.mp4", lambda path: ffmpeg(*picture(seconds=1), *tone(1), *X264, "-c:a", "aac", "-f", "mp4", path)
    )
    data = bytearray(plain.read_bytes())
    if what.startswith("mdhd"):
        data[data.index(b"mdhd") + 4] = 5
    elif what.startswith("stts"):
        at = data.index(b"stts")
        data[at + 8 : at + 12] = (100_000_000).to_bytes(4, "big")
    else:
        at = data.index(b"stsd")
        data[at + 12 : at + 16] = (0x7FFFFFFF).to_bytes(4, "big")
    source = trial.write("broken.mp4", bytes(data))
    outcome, output = refusal(trial, "transcode", source)
    if outcome.status == 0 and not what.startswith("mdhd"):
        return
    trial.refused(outcome, output, 69 if what.startswith("mdhd") else {65, 69})
    telling = libav_line(source)
    cause = re.search(r"cause: *(.*)", outcome.stderr)
    trial.want(
        cause
        and not re.fullmatch(
            r"(error reading header|Invalid data found when processing input)\.?", cause[1].strip(), re.I
        )
        or not telling,
        f"libav says {telling!r}, vtx says {flat(outcome.stderr)}",
    )


def libav_line(source):
    """The line of libav that comes before `error reading header`."""
    lines = harness.run(["ffprobe", "-v", "error", source]).stderr.splitlines()
    lines = [re.sub(r"^\[[^\]]*\] ", "", line) for line in lines]
    return next(
        (
            line
            for line in lines
            if not re.search("error reading header|Invalid data found|^moov atom", line) and str(source) not in line
        ),
        "",
    )


@check(TABLE, "truncated, with --duration 12 (recipe)", "transcode: the header's duration is not 12 s")
def header_says(trial):
    whole = trial.made(
        "long.mp4",
        lambda path: ffmpeg(
            *picture("160x120", 25, 20),
            *tone(20),
            *X264,
            "-g",
            "25",
            "-c:a",
            "aac",
            "-movflags",
            "+faststart",
            "-f",
            "mp4",
            path,
        ),
    )
    data = whole.read_bytes()
    source = trial.write("cut.mp4", data[: len(data) * 2 // 5])
    outcome, output = refusal(trial, "transcode", source, "--duration", "12", "--speed", "superfast")
    trial.refused(outcome, output, 65)
    trial.want(
        not re.search(r"header says 0:00:12", outcome.stderr),
        f"it says that the header says 0:00:12: {flat(outcome.stderr)}",
    )


@check(TABLE, "no size in the header (recipe)", "probe: no word of 0x0 as odd", needs="animated.webp")
def no_size(trial):
    text = message(trial.vtx("probe", trial.case("animated.webp")))
    trial.want(not re.search(r"0x0.*odd|odd.*0x0", text), f"0x0 is called odd: {flat(text)}")
    source = trial.write("nosps.ts", no_parameter_sets(trial))
    text = message(trial.vtx("probe", source))
    trial.want(not re.search(r"0x0.*odd|odd.*0x0|side of 0x0", text), f"0x0 is called odd: {flat(text)}")


def no_parameter_sets(trial):
    """A transport stream from which the parameter sets are gone."""
    path = trial.made(
        "nosps.ts",
        lambda path: ffmpeg(
            *picture(seconds=2),
            *tone(2),
            *X264,
            "-g",
            "1000",
            "-bsf:v",
            "filter_units=remove_types=7-8",
            "-c:a",
            "aac",
            "-f",
            "mpegts",
            path,
        ),
    )
    return path.read_bytes()


@check(TABLE, "no parameter sets (recipe)", "transcode: clear words")
def no_parameters(trial):
    source = trial.write("nosps.ts", no_parameter_sets(trial))
    outcome, output = refusal(trial, "transcode", source)
    if outcome.status:
        trial.refused(outcome, output, {65, 69})
    trial.want("0x0" not in outcome.stderr, flat(outcome.stderr))


@check(TABLE, "an MP4 without fragments (recipe)", "{}", each=["transcode", "probe", "ladder", "package"])
def no_fragments(trial, command):
    whole = trial.made(
        "fragments.mp4",
        lambda path: ffmpeg(
            *picture(seconds=2),
            *tone(2),
            *X264,
            "-c:a",
            "aac",
            "-movflags",
            "frag_keyframe+empty_moov+default_base_moof",
            "-f",
            "mp4",
            path,
        ),
    )
    data = whole.read_bytes()
    source = trial.write("init.mp4", data[: data.index(b"moof") - 4])
    outcome, output = refusal(trial, command, source)
    trial.want(
        "frames a second" not in message(outcome) and "10000000" not in message(outcome),
        f"a false cause: {flat(message(outcome))}",
    )
    if command != "probe":
        trial.refused(outcome, output, 65, "fragment|no samples|no frames|no packets|initialization|empty")


@check(TABLE, "HEIC (recipe)", "{}", each=["probe", "transcode"])
def heic(trial, command):
    """The boxes of a still image of HEIF: ftyp heic, meta, mdat."""

    def box(kind, body):
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    hdlr = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    meta = box(b"meta", bytes(4) + hdlr + box(b"pitm", bytes(4) + b"\x00\x01") + box(b"iinf", bytes(6)))
    source = trial.write(
        "photo.heic", box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + meta + box(b"mdat", bytes(range(256)) * 8)
    )
    outcome, output = refusal(trial, command, source)
    trial.want("moov atom" not in outcome.stderr, f"a false cause: {flat(outcome.stderr)}")
    trial.refused(outcome, None if command == "probe" else output, 69, "HEI[CF]|image")


AVIF = "AVIF (recipe)"


@check(TABLE, AVIF, "transcode")
def avif(trial):
    data = (
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"
        + b"\x00\x00\x00\x0cmeta"
        + bytes(4)
        + b"\x00\x00\x01\x00mdat"
        + bytes(248)
    )
    outcome, output = refusal(trial, "transcode", trial.write("photo.avif", data))
    trial.want("moov atom" not in outcome.stderr, f"a false cause: {flat(outcome.stderr)}")
    trial.refused(outcome, output, 69, "AVIF|image")


@check(TABLE, "an MP4 without its index (recipe)", "transcode: still named")
def no_moov(trial):
    plain = trial.made(
        "plain.mp4", lambda path: ffmpeg(*picture(seconds=1), *tone(1), *X264, "-c:a", "aac", "-f", "mp4", path)
    )
    data = plain.read_bytes()
    outcome, output = refusal(trial, "transcode", trial.write("nomoov.mp4", data[: data.index(b"moov") - 4]))
    trial.refused(outcome, output, 65, "moov|index")


@check(
    TABLE,
    "an error without a name (recipe)",
    "transcode: no `Error number`, {}",
    each=["damaged AVI", "damaged Ogg", "damaged FLAC", "damaged TS"],
)
def error_number(trial, what):
    """Trial.vtx refuses such words of any command; these are inputs that lead to rare errors."""
    suffix = what.split()[1].lower()
    codecs = {
        "avi": ["-c:v", "mpeg4", "-c:a", "libmp3lame"],
        "ogg": ["-vn", "-c:a", "libvorbis"],
        "flac": ["-vn", "-c:a", "flac"],
        "ts": [*X264, "-c:a", "aac"],
    }[suffix]
    whole = trial.made(
        f"whole.{suffix}",
        lambda path: ffmpeg(*picture(seconds=2), *tone(2), *codecs, "-f", {"ts": "mpegts"}.get(suffix, suffix), path),
    ).read_bytes()
    for number in range(1, 6):
        data = bytearray(whole)
        for at in range(number * 37, len(data), 61 * number):
            data[at] ^= 0x5A
        trial.vtx(
            "transcode",
            trial.write(f"bad{number}.{suffix}", bytes(data)),
            "-o",
            trial.folder / f"o{number}.mkv",
            "--speed",
            "ultrafast",
        )


# Of mistakes.md: what belongs to sources ------------------------------------------------------------------------


@check(TABLE, "an empty file", "{}", each=["probe", "transcode", "ladder", "package"])
def empty_file(trial, command):
    outcome, output = refusal(trial, command, trial.write("empty.mp4", b""))
    trial.refused(outcome, None if command == "probe" else output, 65, "empty")


@check(TABLE, "a directory as input", "{}: names batch", each=["transcode", "ladder"])
def directory(trial, command):
    (trial.folder / "clips").mkdir()
    outcome, output = refusal(trial, command, trial.folder / "clips")
    trial.refused(outcome, output, 66, "directory", "batch")


@check(TABLE, "a loop of symbolic links", "{}", each=["probe", "transcode"])
def loop(trial, command):
    (trial.folder / "a.mp4").symlink_to("b.mp4")
    (trial.folder / "b.mp4").symlink_to("a.mp4")
    outcome, output = refusal(trial, command, trial.folder / "a.mp4")
    trial.refused(outcome, None if command == "probe" else output, 66, "symbolic links|link.*loop|loop")


@check(TABLE, "- as input", "transcode")
def standard_input(trial):
    outcome, output = refusal(trial, "transcode", "-")
    trial.refused(outcome, output, {64, 66}, "standard input|stdin|pipe")


@check(TABLE, "a name that begins with a dash", "transcode and probe", needs="base.mp4")
def dash(trial):
    (trial.folder / "-clip.mp4").write_bytes(trial.case("base.mp4").read_bytes())
    outcome = trial.vtx("probe", "-clip.mp4")
    trial.want(outcome.status in (0, 64), outcome.describe())
    if outcome.status:
        trial.want("./-clip.mp4" in outcome.stderr, f"no word of ./: {flat(outcome.stderr)}")
    else:
        trial.want("h264" in outcome.stdout.decode(), "it printed its help")
    trial.done("transcode", "./-clip.mp4", "-o", "./-out.mp4", "--speed", "superfast")
    trial.clean(trial.folder / "-out.mp4")


KEPT = {
    "missing": (66, "No such file|not found|does not exist"),
    "text file": (65, "recogni|no(t a)? media|format"),
    "URL": (66, "URL|local"),
    "missing subtitle file": (66, "none.srt"),
    "start past the end": (64, "--start|start"),
    "unknown language": (64, "language|track|klingon"),
}


@check(TABLE, "graded 3, kept", "{}", each=list(KEPT), needs="base.mp4")
def kept_messages(trial, what):
    status, told = KEPT[what]
    base = trial.case("base.mp4")
    source, options = {
        "missing": (trial.folder / "none.mp4", []),
        "text file": (trial.write("a.txt", b"hello\n" * 300), []),
        "URL": ("https://example.invalid/a.mp4", []),
        "missing subtitle file": (base, ["--subtitle-file", "none.srt"]),
        "start past the end": (base, ["--start", "100"]),
        "unknown language": (base, ["--audio", "tlh"]),
    }[what]
    outcome, output = refusal(trial, "transcode", source, *options)
    trial.refused(outcome, output, status, told)
