"""Checks of scripts/cases: subtitles, languages and chapters."""

import html
import json
import re
from dataclasses import dataclass

import harness
import media
from case_kit import (
    X264, Wrong, check, ffmpeg, flat, length, master, mkvmerge, packets, picture, probe, renditions, streams, tags, tone, tracks)

TABLE = "text"
BASE = "base.mp4"
BOTH = [".mp4", ".mov", ".mkv", ".webm"]


@dataclass
class Cue:
    """A cue as it stands in a file."""

    start: float
    end: float
    raw: str  # the payload
    text: str  # what is shown
    settings: str = ""


def unmarked(raw, codec):
    """What a player shows of a payload."""
    raw = raw.replace("\r\n", "\n").strip("\n")
    if codec == "webvtt":
        return html.unescape(re.sub(r"<[^>]*>", "", raw)).replace("\u00a0", " ")
    if codec in ("subrip", "srt"):
        raw = re.sub(r"</?(?:i|b|u|s|font)\b[^>]*>", "", raw, flags=re.I)
        return re.sub(r"\{\\[^}]*\}", "", raw)
    if codec in ("ass", "ssa"):
        raw = raw.split(",", 8)[-1]
        raw = re.sub(r"\{[^}]*\}", "", raw)
        return raw.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return raw


def payload(packet):
    """The bytes of a packet from ffprobe's hexadecimal dump."""
    data = b""
    for line in packet.get("data", "").splitlines():
        if ":" in line:
            data += bytes.fromhex(line.split(":", 1)[1][:41].replace(" ", ""))
    return data


def cues(path, number=0):
    """The cues of a subtitle track of a file, from its packets."""
    codec = (streams(path, "subtitle") or [{}])
    if number >= len(codec):
        raise Wrong(f"{path.name} has {len(codec) if codec != [{}] else 0} subtitle tracks")
    codec = codec[number].get("codec_name", "unknown")
    found = []
    for one in probe(path, "-select_streams", f"s:{number}", "-show_packets", "-show_data").get("packets", []):
        data = payload(one)
        if codec == "mov_text":
            data = data[2:2 + int.from_bytes(data[:2], "big")]
            if not data:
                continue
        start = float(one["pts_time"])
        settings = "".join(str(side.get("settings", "")) for side in one.get("side_data_list", []))
        text = data.decode("utf-8", errors="replace")
        found.append(Cue(start, start + float(one.get("duration_time", 0)), text, unmarked(text, codec), settings))
    return found


def vtt_cues(text):
    """The cues of a WebVTT text."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        at = re.search(r"^([\d:.]+)[ \t]+-->[ \t]+([\d:.]+)[ \t]*([^\n]*)\n?(.*)", block, re.M | re.S)
        if not at or re.match(r"\s*(NOTE|STYLE|REGION)\b", block):
            continue
        raw = at[4].strip("\n")
        found.append(Cue(moment(at[1]), moment(at[2]), raw, unmarked(raw, "webvtt"), at[3].strip()))
    return found


def moment(text):
    """Seconds of a WebVTT timestamp."""
    value = 0.0
    for part in text.split(":"):
        value = value * 60 + float(part)
    return value


def package_cues(package, number=0):
    """The cues of a subtitle rendition; one that lies in several segments counts once."""
    found = renditions(package, "SUBTITLES")
    if number >= len(found):
        raise Wrong(f"the package has {len(found)} subtitle renditions")
    playlist, result = found[number][1], []
    for name in [line for line in playlist.read_text().splitlines() if line and line[0] != "#"]:
        for one in vtt_cues((playlist.parent / name).read_text(encoding="utf-8")):
            if not any(one == other for other in result):
                result.append(one)
    return result


def shown(found, when):
    """The lines on screen at a moment."""
    return sorted(line for one in found if one.start <= when < one.end for line in one.text.split("\n") if line)


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


@check(TABLE, "subs_cp1252.srt", "inside MKV, to {}", each=[".mp4", ".mkv", ".webm", "ladder"], needs=("subs_cp1252.srt", BASE))
def cp1252_inside(trial, target):
    source = trial.made("cp1252_inside.mkv", lambda path: ffmpeg(
        "-i", trial.case(BASE), "-i", trial.case("subs_cp1252.srt"), "-map", "0", "-map", "1", "-c", "copy", "-f", "matroska", path))
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
        "transcode", trial.case(BASE), "-o", output, "--subtitle-file", trial.write("s.srt", SRT.format("a", "b")), "--subtitle-encoding",
        "martian")
    trial.refused(outcome, output, 64, "martian", "encoding")
    trial.want("unknown option" not in outcome.stderr.lower(), "no such option")


EMPTY = {"binary": bytes(range(256)) * 8, "no cue": b"hello, this is no subtitle file\n", "empty": b""}


@check(TABLE, "a track without cues is never silent (recipe)", "--subtitle-file {}", each=list(EMPTY), needs=BASE)
def no_cues(trial, name):
    """Refused, or reported; a ladder does not advertise an empty track without a word."""
    package = trial.folder / "ladder"
    outcome = trial.vtx(
        "ladder", trial.case(BASE), "-o", package, "--speed", "superfast", "--subtitle-file", f"en:{trial.write('s.srt', EMPTY[name])}")
    if outcome.status == 0:
        trial.reported(outcome, r"warning.*(no cues|without cues|empty|subtitle)", what="a track without cues")
        strict = trial.vtx(
            "ladder", trial.case(BASE), "-o", trial.folder / "strict", "--speed", "superfast", "--strict", "--subtitle-file",
            f"en:{trial.folder / 's.srt'}")
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


OVERLAPS = {0.3: [], 0.75: ["SIGN: Station"], 1.4: ["- Hello", "SIGN: Station"], 1.9: ["SIGN: Station"],
            2.4: ["- Bye", "SIGN: Station"], 3.0: ["SIGN: Station"], 3.7: []}


@check(TABLE, "subs_overlapping.srt", "--subtitle-file {}", each=BOTH, needs=("subs_overlapping.srt", BASE))
def overlapping(trial, target):
    path, _ = trial.transcode(trial.case(BASE), f"o{target}", "--subtitle-file", trial.case("subs_overlapping.srt"))
    found = cues(path)
    for when, expected in OVERLAPS.items():
        trial.equal(f"shown at {when} s", shown(found, when), sorted(expected))
    trial.near("duration in the header", length(path), 4.0, 0.05)
    if target in (".mp4", ".mov"):
        trial.want(
            all(one.end <= other.start + 0.002 for one, other in zip(found, found[1:])), "samples overlap")
        edges = sorted({round(one.start, 2) for one in found})
        trial.equal("samples begin", edges, [0.5, 1.0, 1.8, 2.0, 2.8])


@check(TABLE, "subs_overlapping.srt", "ladder", needs=("subs_overlapping.srt", BASE))
def overlapping_ladder(trial):
    found, _ = with_file(trial, "ladder", f"en:{trial.case('subs_overlapping.srt')}")
    trial.equal("cues", [one.text for one in found], ["SIGN: Station", "- Hello", "- Bye"])


AMP = "subs_amp_lt.srt"
AMP_TEXTS = ["AT&T: 3 < 5 && 7 > 2 <3", "Red it top bold", "early but second", "late in file order first", "crosses the end --> arrow",
             "sloppy digits"]


@check(TABLE, AMP, "escaping, {}", each=["ladder", ".webm"], needs=(AMP, BASE))
def escaping(trial, target):
    found, _ = with_file(trial, target, f"en:{trial.case(AMP)}")
    texts = [one.text for one in found]
    for expected in AMP_TEXTS:
        trial.want(expected in texts, f"no cue {expected!r} in {texts}")
    for one in found:
        stray = re.sub(r"&(amp|lt|gt|nbsp|lrm|rlm|#\d+);", "", one.raw)
        trial.want("&" not in stray, f"& not escaped: {one.raw!r}")
        trial.want(not re.search(r"<(?!/?(i|b|u|c|v|ruby|rt|lang)\b|\d)", stray) and "<3" not in stray, f"< not escaped: {one.raw!r}")
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


# Flags, languages, chapters -------------------------------------------------------------------------------------

FLAGS = "subtitle_flags.mkv"


def roles(path):
    """Default, forced and SDH of each subtitle track, from ffprobe and the boxes."""
    result = []
    boxes = []
    if path.suffix in (".mp4", ".mov"):
        boxes = [trak for handler, trak in tracks(path) if handler in ("sbtl", "text", "subt")]
    for at, one in enumerate(streams(path, "subtitle")):
        disposition = one["disposition"]
        forced, sdh, default = disposition["forced"], disposition["hearing_impaired"] or disposition["captions"], disposition["default"]
        if at < len(boxes):
            trak = boxes[at]
            default = trak.first(b"tkhd").body[3] & 1
            entry = trak.first(b"stsd").inside[0]
            forced |= bool(int.from_bytes(entry.body[8:12], "big") & 0xC0000000) if entry.kind == b"tx3g" else 0
            kinds = b"".join(kind.body for kind in trak.all(b"kind")) + b"".join(tag.body for tag in trak.all(b"tagc"))
            forced |= b"forced" in kinds
            sdh |= b"caption" in kinds or b"describes-music-and-sound" in kinds
        result.append((bool(default), bool(forced), bool(sdh)))
    return result


@check(TABLE, FLAGS, "transcode {}", each=BOTH)
def flags(trial, target):
    path, outcome = trial.transcode(trial.case(FLAGS), f"o{target}")
    found = roles(path)
    trial.equal("subtitle tracks", len(found), 3)
    trial.equal("on by default", [one[0] for one in found], [False] * 3)
    if [one[1] for one in found] != [False, True, False]:
        trial.reported(outcome, "forced", what=f"forced {[one[1] for one in found]}")
    if [one[2] for one in found] != [False, False, True]:
        trial.reported(outcome, "hearing|SDH", what=f"SDH {[one[2] for one in found]}")


@check(TABLE, FLAGS, "ladder")
def flags_ladder(trial):
    package, _ = trial.ladder(trial.case(FLAGS))
    found = [one for one, _ in renditions(package, "SUBTITLES")]
    trial.equal("FORCED", [one.get("FORCED", "NO") for one in found], ["NO", "YES", "NO"])
    trial.equal("DEFAULT", [one.get("DEFAULT", "NO") for one in found], ["NO", "NO", "NO"])
    trial.want(
        len(found) == 3 and "public.accessibility.describes-music-and-sound" in found[2].get("CHARACTERISTICS", ""), "SDH is not declared")
    trial.hls(package)


@check(TABLE, "a default and a forced default track (recipe)", "transcode {}", each=BOTH, needs=BASE)
def flags_default(trial, target):
    srt = trial.write("s.srt", SRT.format("a", "b"))
    source = trial.folder / "flags.mkv"
    mkvmerge("-o", source, trial.case(BASE), "--default-track-flag", "0:0", "--language", "0:en", srt, "--default-track-flag", "0:1",
             "--language", "0:de", srt)
    path, _ = trial.transcode(source, f"o{target}")
    trial.equal("on by default", [one[0] for one in roles(path)], [False, True])


LANGUAGES = "languages_ietf.mkv"


def ietf(path):
    """(type, BCP 47 tag) of each track, by mkvmerge; `und` where there is none."""
    outcome = harness.run(["mkvmerge", "-J", path])
    found = []
    for one in json.loads(outcome.stdout)["tracks"]:
        about = one["properties"]
        found.append((one["type"], about.get("language_ietf") or about.get("language", "und")))
    return found


def same_tag(one, other):
    """Tags are compared without regard to case, and `en` is `eng`."""
    short = {"eng": "en", "por": "pt", "chi": "zh", "zho": "zh", "spa": "es", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr",
             "srp": "sr", "jpn": "ja"}
    parts = [tag.lower().split("-") for tag in (one, other)]
    return [[short.get(part[0], part[0]), *part[1:]] for part in parts][0] == [
        [short.get(part[0], part[0]), *part[1:]] for part in parts][1]


@check(TABLE, LANGUAGES, "transcode{} .mkv", each=["", " --video copy"])
def languages(trial, option):
    source = trial.case(LANGUAGES)
    if option:
        path, outcome = trial.copy(source, "o.mkv")
        trial.equal("status", outcome.status, 0)
    else:
        path, _ = trial.transcode(source, "o.mkv")
    meant, found = ietf(source), ietf(path)
    for kind in ("audio", "subtitles"):
        one, other = [tag for what, tag in meant if what == kind], [tag for what, tag in found if what == kind]
        trial.want(len(one) == len(other) and all(map(same_tag, one, other)), f"{kind}: {other} instead of {one}")


@check(TABLE, LANGUAGES, "ladder")
def languages_ladder(trial):
    source = trial.case(LANGUAGES)
    package, _ = trial.ladder(source)
    for kind, name in (("audio", "AUDIO"), ("subtitles", "SUBTITLES")):
        meant = sorted(tag for what, tag in ietf(source) if what == kind)
        found = sorted(one.get("LANGUAGE", "none") for one, _ in renditions(package, name))
        trial.want(len(meant) == len(found) and all(map(same_tag, meant, found)), f"{kind}: {found} instead of {meant}")
        names = [one.get("NAME") for one, _ in renditions(package, name)]
        trial.want(len(set(names)) == len(names), f"two {kind} have one name: {names}")
    trial.hls(package)


@check(TABLE, LANGUAGES, "package", needs=LANGUAGES)
def languages_package(trial):
    source = trial.case(LANGUAGES)
    package, outcome = trial.package(source)
    if outcome.status != 0:
        raise Wrong(f"{outcome.describe()}: {outcome.last_error()}")
    meant = sorted(tag for what, tag in ietf(source) if what == "subtitles")
    found = sorted(one.get("LANGUAGE", "none") for one, _ in renditions(package, "SUBTITLES"))
    trial.want(len(meant) == len(found) and all(map(same_tag, meant, found)), f"{found} instead of {meant}")


TAGS = ["pt-BR", "zh-Hant-TW", "sr-Latn", "es-419", "de-CH-1996", "en-x-clear", "pt-br", "yue", "x-klingon"]


@check(TABLE, "--subtitle-file TAG:s.srt", "{} to MKV and ladder", each=TAGS, needs=BASE)
def any_tag(trial, tag):
    srt = trial.write("s.srt", SRT.format("a", "b"))
    path, _ = trial.transcode(trial.case(BASE), "o.mkv", "--subtitle-file", f"{tag}:{srt.name}")
    found = [one for kind, one in ietf(path) if kind == "subtitles"]
    trial.want(len(found) == 1 and same_tag(found[0], tag), f"MKV: {found} instead of {tag}")
    package, _ = trial.ladder(trial.case(BASE), "--subtitle-file", f"{tag}:{srt.name}")
    found = [one.get("LANGUAGE") for one, _ in renditions(package, "SUBTITLES")]
    trial.want(len(found) == 1 and same_tag(found[0] or "", tag), f"ladder: {found} instead of {tag}")
    trial.hls(package)


@check(TABLE, "--subtitle-file TAG:s.srt", "a file that is missing is named without the tag", needs=BASE)
def tag_missing(trial):
    outcome = trial.vtx("transcode", trial.case(BASE), "-o", trial.folder / "o.mp4", "--subtitle-file", "pt-BR:none.srt")
    trial.refused(outcome, trial.folder / "o.mp4", 66, "none\\.srt")
    trial.want("pt-BR:none.srt" not in outcome.stderr, "the tag is part of the path")


LATE = "chapters_first_late.mkv"


def chapters(path):
    """(start, title) of each chapter, by ffprobe."""
    return [(round(float(one["start_time"]), 3), one.get("tags", {}).get("title", "")) for one in probe(path, "-show_chapters").get("chapters", [])]


@check(TABLE, LATE, "transcode {}", each=[".mp4", ".mov", ".m4a", ".mkv", ".webm"])
def chapters_late(trial, target):
    source = trial.case(LATE)
    path, _ = trial.transcode(source, f"o{target}")
    check_chapters(trial, source, path)


@check(TABLE, LATE, "copy {}", each=[".mp4", ".mkv"])
def chapters_copy(trial, target):
    path, outcome = trial.copy(trial.case(LATE), f"o{target}")
    trial.equal("status", outcome.status, 0)
    check_chapters(trial, trial.case(LATE), path)


def check_chapters(trial, source, path):
    """Each chapter at its time; in MP4 also in the text track that QuickTime reads. One after the end is dropped."""
    end = media.measure(source).end
    meant, found = [one for one in chapters(source) if one[0] < end], chapters(path)
    trial.equal("titles", [title for _, title in found], [title for _, title in meant])
    for (early, title), (late, _) in zip(meant, found):
        trial.near(f"chapter {title!r}", late, early, 0.03)
    if path.suffix in (".mp4", ".mov", ".m4a"):
        listed = [packet for packet in probe(path, "-ignore_chapters", "1", "-show_packets", "-show_data").get("packets", [])
                  if packet.get("codec_type") not in ("video", "audio")]
        texts = []
        for packet in listed:
            data = payload(packet)
            text = data[2:2 + int.from_bytes(data[:2], "big")].decode("utf-8", errors="replace")
            if text:
                texts.append((float(packet["pts_time"]), text))
        if texts:
            trial.equal("titles of the chapter track", [text for _, text in texts], [title for _, title in meant])
        for (early, title), (late, _) in zip(meant, texts):
            trial.near(f"chapter track, {title!r}", late, early, 0.03)
