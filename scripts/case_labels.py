"""Checks of scripts/cases: flags and languages of subtitles, chapters."""

import json

import harness
import media
from case_cues import payload
from case_kit import Wrong, check, mkvmerge
from case_measure import probe, renditions, streams, tracks
from case_text import SRT

TABLE = "text"
BASE = "base.mp4"
BOTH = [".mp4", ".mov", ".mkv", ".webm"]

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
        forced, sdh, default = (
            disposition["forced"],
            disposition["hearing_impaired"] or disposition["captions"],
            disposition["default"],
        )
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
        len(found) == 3 and "public.accessibility.describes-music-and-sound" in found[2].get("CHARACTERISTICS", ""),
        "SDH is not declared",
    )
    trial.hls(package)


@check(TABLE, "a default and a forced default track (recipe)", "transcode {}", each=BOTH, needs=BASE)
def flags_default(trial, target):
    srt = trial.write("s.srt", SRT.format("a", "b"))
    source = trial.folder / "flags.mkv"
    mkvmerge(
        "-o",
        source,
        trial.case(BASE),
        "--default-track-flag",
        "0:0",
        "--language",
        "0:en",
        srt,
        "--default-track-flag",
        "0:1",
        "--language",
        "0:de",
        srt,
    )
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
    short = {
        "eng": "en",
        "por": "pt",
        "chi": "zh",
        "zho": "zh",
        "spa": "es",
        "deu": "de",
        "ger": "de",
        "fra": "fr",
        "fre": "fr",
        "srp": "sr",
        "jpn": "ja",
    }
    parts = [tag.lower().split("-") for tag in (one, other)]
    return [[short.get(part[0], part[0]), *part[1:]] for part in parts][0] == [
        [short.get(part[0], part[0]), *part[1:]] for part in parts
    ][1]


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
    if not tag.startswith("x-"):  # hls-check knows no tag of private use alone
        trial.hls(package)


@check(TABLE, "--subtitle-file TAG:s.srt", "a file that is missing is named without the tag", needs=BASE)
def tag_missing(trial):
    outcome = trial.vtx(
        "transcode", trial.case(BASE), "-o", trial.folder / "o.mp4", "--subtitle-file", "pt-BR:none.srt"
    )
    trial.refused(outcome, trial.folder / "o.mp4", 66, "none\\.srt")
    trial.want("pt-BR:none.srt" not in outcome.stderr, "the tag is part of the path")


LATE = "chapters_first_late.mkv"


def chapters(path):
    """(start, title) of each chapter, by ffprobe."""
    return [
        (round(float(one["start_time"]), 3), one.get("tags", {}).get("title", ""))
        for one in probe(path, "-show_chapters").get("chapters", [])
    ]


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
        listed = [
            packet
            for packet in probe(path, "-ignore_chapters", "1", "-show_packets", "-show_data").get("packets", [])
            if packet.get("codec_type") not in ("video", "audio")
        ]
        texts = []
        for packet in listed:
            data = payload(packet)
            text = data[2 : 2 + int.from_bytes(data[:2], "big")].decode("utf-8", errors="replace")
            if text:
                texts.append((float(packet["pts_time"]), text))
        if texts:
            trial.equal("titles of the chapter track", [text for _, text in texts], [title for _, title in meant])
        for (early, title), (late, _) in zip(meant, texts):
            trial.near(f"chapter track, {title!r}", late, early, 0.03)
