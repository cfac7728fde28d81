"""Checks of scripts/cases: encodings and texts of subtitles."""

import re

from case_cues import cues, package_cues, shown, vtt_cues
from case_kit import Wrong, check, ffmpeg
from case_measure import length

TABLE = "text"
BASE = "base.mp4"
BOTH = [".mp4", ".mov", ".mkv", ".webm"]

# Encodings ------------------------------------------------------------------------------------------------------

ACCENTS = ["Été à Nîmes, ça coûte 5 €", "Zweite Zeile: Straße ölig"]


def with_file(trial, target, argument, *options):
    """Cues of a subtitle file that was added to base.mp4, and vtx's outcome; `target`: a suffix or `ladder`."""
    base = trial.case(BASE)
    if target == "ladder":
        package, outcome = trial.ladder(base, "--subtitle-file", argument, *options)
        found = package_cues(package)
        trial.hls(package)
    else:
        path, outcome = trial.transcode(base, f"o{target}", "--subtitle-file", argument, *options)
        found = cues(path)
    return found, outcome


def text_or_refusal(trial, target, name, expected, told="encoding|charset|UTF-?16|1252|latin", line=True):
    """All cues with the right characters and a word about it, or an error that names file and line."""
    base, fast = trial.case(BASE), ["--speed", "8" if target == ".webm" else "superfast"]
    output = trial.folder / ("out" if target == "ladder" else f"out{target}")
    verb = "ladder" if target == "ladder" else "transcode"
    outcome = trial.vtx(verb, base, "-o", output, *fast, "--subtitle-file", f"fr:{name}")
    if outcome.status != 0:
        return trial.refused(outcome, output, 65, re.escape(name.name), r"line \d+" if line else "")
    found = package_cues(output) if target == "ladder" else cues(output)
    trial.equal("cues", [one.text for one in found], expected)
    if told:
        trial.reported(outcome, told, what="the encoding")


@check(TABLE, "subs_cp1252.srt", "--subtitle-file {}", each=BOTH + ["ladder"], needs=("subs_cp1252.srt", BASE))
def cp1252(trial, target):
    text_or_refusal(trial, target, trial.case("subs_cp1252.srt"), ACCENTS)


@check(TABLE, "subs_utf16.srt", "--subtitle-file {}", each=BOTH + ["ladder"], needs=("subs_utf16.srt", BASE))
def utf16(trial, target):
    text_or_refusal(trial, target, trial.case("subs_utf16.srt"), ACCENTS, told=None)


@check(
    TABLE,
    "subs_cp1252.srt",
    "inside MKV, to {}",
    each=[".mp4", ".mkv", ".webm", "ladder"],
    needs=("subs_cp1252.srt", BASE),
)
def cp1252_inside(trial, target):
    source = trial.made(
        "cp1252_inside.mkv",
        lambda path: ffmpeg(
            "-i",
            trial.case(BASE),
            "-i",
            trial.case("subs_cp1252.srt"),
            "-map",
            "0",
            "-map",
            "1",
            "-c",
            "copy",
            "-f",
            "matroska",
            path,
        ),
    )
    output = trial.folder / ("out" if target == "ladder" else f"out{target}")
    fast = ["--speed", "8" if target == ".webm" else "superfast"]
    outcome = trial.vtx("ladder" if target == "ladder" else "transcode", source, "-o", output, *fast)
    if outcome.status != 0:
        return trial.refused(outcome, output, 65, "subtitle", "encoding|UTF-8")
    found = package_cues(output) if target == "ladder" else cues(output)
    trial.equal("cues", [one.text for one in found], ACCENTS)


SRT = "1\n00:00:00,500 --> 00:00:01,500\n{}\n\n2\n00:00:02,000 --> 00:00:03,000\n{}\n"
RUSSIAN = ["Привет, мир!", "Это вторая строка субтитров."]
WRITTEN = {
    "UTF-8 with BOM": (SRT.format(*ACCENTS).encode("utf-8-sig"), ACCENTS),
    "UTF-8": (SRT.format(*ACCENTS).encode(), ACCENTS),
    "UTF-16 BE with BOM": (b"\xfe\xff" + SRT.format(*ACCENTS).encode("utf-16-be"), ACCENTS),
    "UTF-16 LE without BOM": (SRT.format(*ACCENTS).encode("utf-16-le"), ACCENTS),
    "UTF-16 with CR LF": ("\ufeff" + SRT.format(*ACCENTS).replace("\n", "\r\n")).encode("utf-16-le"),
    "CR LF": SRT.format(*ACCENTS).replace("\n", "\r\n").encode(),
}
WRITTEN = {name: one if isinstance(one, tuple) else (one, ACCENTS) for name, one in WRITTEN.items()}


@check(TABLE, "encodings (recipe)", "{} .mp4", each=list(WRITTEN), needs=BASE)
def encodings(trial, name):
    data, expected = WRITTEN[name]
    text_or_refusal(trial, ".mp4", trial.write("s.srt", data), expected, told=None, line="without BOM" not in name)


GIVEN = {
    "windows-1251": (SRT.format(*RUSSIAN).encode("cp1251"), RUSSIAN),
    "koi8-r": (SRT.format(*RUSSIAN).encode("koi8-r"), RUSSIAN),
    "shift_jis": (SRT.format("こんにちは", "字幕の二行目").encode("shift_jis"), ["こんにちは", "字幕の二行目"]),
    "windows-1252": (SRT.format(*ACCENTS).encode("cp1252"), ACCENTS),
}


@check(TABLE, "encodings (recipe)", "--subtitle-encoding {} .mp4", each=list(GIVEN), needs=BASE)
def encodings_given(trial, name):
    data, expected = GIVEN[name]
    found, _ = with_file(trial, ".mp4", trial.write("s.srt", data), "--subtitle-encoding", name)
    trial.equal("cues", [one.text for one in found], expected)


@check(TABLE, "encodings (recipe)", "a wrong --subtitle-encoding is refused", needs=BASE)
def encoding_unknown(trial):
    output = trial.folder / "o.mp4"
    outcome = trial.vtx(
        "transcode",
        trial.case(BASE),
        "-o",
        output,
        "--subtitle-file",
        trial.write("s.srt", SRT.format("a", "b")),
        "--subtitle-encoding",
        "martian",
    )
    trial.refused(outcome, output, 64, "martian", "encoding")
    trial.want("unknown option" not in outcome.stderr.lower(), "no such option")


EMPTY = {"binary": bytes(range(256)) * 8, "no cue": b"hello, this is no subtitle file\n", "empty": b""}


@check(TABLE, "a track without cues is never silent (recipe)", "--subtitle-file {}", each=list(EMPTY), needs=BASE)
def no_cues(trial, name):
    """Refused, or reported; a ladder does not advertise an empty track without a word."""
    package = trial.folder / "ladder"
    outcome = trial.vtx(
        "ladder",
        trial.case(BASE),
        "-o",
        package,
        "--speed",
        "superfast",
        "--subtitle-file",
        f"en:{trial.write('s.srt', EMPTY[name])}",
    )
    if outcome.status == 0:
        trial.reported(outcome, r"warning.*(no cues|without cues|empty|subtitle)", what="a track without cues")
        strict = trial.vtx(
            "ladder",
            trial.case(BASE),
            "-o",
            trial.folder / "strict",
            "--speed",
            "superfast",
            "--strict",
            "--subtitle-file",
            f"en:{trial.folder / 's.srt'}",
        )
        trial.equal("status with --strict", strict.status, 65)
    else:
        trial.refused(outcome, package, 65, "s.srt")


# WebVTT ---------------------------------------------------------------------------------------------------------


@check(TABLE, "subs_style.vtt", "--subtitle-file {}", each=BOTH + ["ladder"], needs=("subs_style.vtt", BASE))
def style(trial, target):
    expected = [one.text for one in vtt_cues(trial.case("subs_style.vtt").read_text())]
    found, _ = with_file(trial, target, f"fr:{trial.case('subs_style.vtt')}")
    trial.equal("cues", [one.text for one in found], expected)


BLOCKS = """WEBVTT - a title
Kind: captions

NOTE a comment
over two lines

STYLE
::cue { color: lime }

REGION
id:fred
width:40%

first
00:00.200 --> 00:01.000 line:10% position:20% align:start
<v Bob>Tom &amp; Ann</v> &lt;whisper&gt;

NOTE 00:01.000 --> 00:02.000 is not a cue

00:01.200 --> 00:02.000 align:end region:fred
one&nbsp;word {not a style} <c.yellow>yellow</c>

3
00:00:02.500 --> 00:00:03.500
<i>two</i>
lines <b>here</b>
"""
BLOCK_TEXTS = ["Tom & Ann <whisper>", "one word {not a style} yellow", "two\nlines here"]


@check(TABLE, "WebVTT blocks and settings (recipe)", "texts, {}", each=BOTH + ["ladder"], needs=BASE)
def blocks(trial, target):
    found, _ = with_file(trial, target, f"en:{trial.write('s.vtt', BLOCKS)}")
    trial.equal("cues", [one.text.replace("\u00a0", " ") for one in found], BLOCK_TEXTS)


@check(TABLE, "WebVTT blocks and settings (recipe)", "settings, {}", each=[".webm", "ladder"], needs=BASE)
def settings(trial, target):
    found, _ = with_file(trial, target, f"en:{trial.write('s.vtt', BLOCKS)}")
    if len(found) != 3:
        raise Wrong(f"{len(found)} cues instead of 3")
    if target == ".webm":  # ffprobe does not print them; in the file they stand before the text
        data = (trial.folder / "o.webm").read_bytes().decode("utf-8", errors="replace")
        where = [data, data]
    else:
        where = [found[0].settings, found[1].settings]
    for setting in ("line:10%", "position:20%", "align:start"):
        trial.want(setting in where[0], f"{setting} is lost")
    trial.want("align:end" in where[1], "align:end is lost")
    trial.want("<v Bob>" in found[0].raw, f"<v> is lost: {found[0].raw!r}")
    trial.want("<c.yellow>" in found[1].raw, f"<c> is lost: {found[1].raw!r}")
    trial.want("&nbsp;" in found[1].raw or "\u00a0" in found[1].raw, f"&nbsp; is lost: {found[1].raw!r}")
    trial.want("<i>two</i>" in found[2].raw and "<b>here</b>" in found[2].raw, f"<i> or <b> is lost: {found[2].raw!r}")


OVERLAPS = {
    0.3: [],
    0.75: ["SIGN: Station"],
    1.4: ["- Hello", "SIGN: Station"],
    1.9: ["SIGN: Station"],
    2.4: ["- Bye", "SIGN: Station"],
    3.0: ["SIGN: Station"],
    3.7: [],
}


@check(TABLE, "subs_overlapping.srt", "--subtitle-file {}", each=BOTH, needs=("subs_overlapping.srt", BASE))
def overlapping(trial, target):
    path, _ = trial.transcode(trial.case(BASE), f"o{target}", "--subtitle-file", trial.case("subs_overlapping.srt"))
    found = cues(path)
    for when, expected in OVERLAPS.items():
        trial.equal(f"shown at {when} s", shown(found, when), sorted(expected))
    trial.near("duration in the header", length(path), 4.0, 0.05)
    if target in (".mp4", ".mov"):
        trial.want(all(one.end <= other.start + 0.002 for one, other in zip(found, found[1:])), "samples overlap")
        edges = sorted({round(one.start, 2) for one in found})
        trial.equal("samples begin", edges, [0.5, 1.0, 1.8, 2.0, 2.8])


@check(TABLE, "subs_overlapping.srt", "ladder", needs=("subs_overlapping.srt", BASE))
def overlapping_ladder(trial):
    found, _ = with_file(trial, "ladder", f"en:{trial.case('subs_overlapping.srt')}")
    trial.equal("cues", [one.text for one in found], ["SIGN: Station", "- Hello", "- Bye"])


AMP = "subs_amp_lt.srt"
AMP_TEXTS = [
    "AT&T: 3 < 5 && 7 > 2 <3",
    "Red it top bold",
    "early but second",
    "late in file order first",
    "crosses the end --> arrow",
    "sloppy digits",
]


@check(TABLE, AMP, "escaping, {}", each=["ladder", ".webm"], needs=(AMP, BASE))
def escaping(trial, target):
    found, _ = with_file(trial, target, f"en:{trial.case(AMP)}")
    texts = [one.text for one in found]
    for expected in AMP_TEXTS:
        trial.want(expected in texts, f"no cue {expected!r} in {texts}")
    for one in found:
        stray = re.sub(r"&(amp|lt|gt|nbsp|lrm|rlm|#\d+);", "", one.raw)
        trial.want("&" not in stray, f"& not escaped: {one.raw!r}")
        trial.want(
            not re.search(r"<(?!/?(i|b|u|c|v|ruby|rt|lang)\b|\d)", stray) and "<3" not in stray,
            f"< not escaped: {one.raw!r}",
        )
        trial.want("-->" not in one.raw, f"--> in a text: {one.raw!r}")
        trial.want("{\\" not in one.raw, f"a style is shown: {one.raw!r}")
        trial.want("X1:" not in one.raw, f"coordinates are shown: {one.raw!r}")
    styled = [one.raw for one in found if one.text.startswith("Red")]
    trial.want(styled and "<i>it</i>" in styled[0] and "<b>bold</b>" in styled[0], f"<i> or <b> is lost: {styled}")


@check(TABLE, AMP, "texts, {}", each=[".mp4", ".mov", ".mkv"], needs=(AMP, BASE))
def escaping_other(trial, target):
    found, _ = with_file(trial, target, trial.case(AMP))
    texts = [one.text for one in found]
    lines = [line for text in texts for line in text.split("\n")]
    for expected in AMP_TEXTS:
        trial.want(expected in lines, f"no cue {expected!r} in {texts}")


ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,20,&H00FFFFFF,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Hello{\\i0} & <you>\\Ntwo, lines
Dialogue: 0,0:00:02.50,0:00:03.50,Default,,0,0,0,,{\\p1}m 0 0 l 50 50{\\p0}sign
"""


@check(TABLE, "ASS drawings (recipe)", "{}", each=[".mp4", ".webm", "ladder"], needs=BASE)
def drawings(trial, target):
    found, _ = with_file(trial, target, f"en:{trial.write('s.ass', ASS)}")
    texts = [one.text.strip() for one in found if one.text.strip()]
    trial.equal("cues", texts, ["Hello & <you>\ntwo, lines", "sign"])
