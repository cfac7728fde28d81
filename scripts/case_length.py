"""Checks of scripts/cases: length and timestamps."""

import re
import statistics

import media
from case_kit import Wrong, X264, check, ffmpeg, flat, picture
from case_measure import begins, frame_hashes, joined, length, loudness, probe, renditions, seconds, variants

TABLE = "length"


def same_timeline(trial, source, path, tolerance=0.003):
    """Every frame has its timestamp, the last one its duration; returns both measurements."""
    meant, found = media.measure(source), trial.measure(path)
    if not found.video:
        raise Wrong("no video in the output")
    trial.equal("frames", len(found.video.starts), len(meant.video.starts))
    worst = max(
        (
            abs((one - found.video.start) - (other - meant.video.start))
            for one, other in zip(found.video.starts, meant.video.starts)
        ),
        default=0,
    )
    trial.want(worst <= tolerance, f"a frame is {worst * 1000:.0f} ms off")
    return meant, found


def ends_at(trial, path, expected, tolerance):
    """The video track ends, and the file lasts, as long as expected.

    MKV and WebM have no duration of the last frame, except in block groups; the header's duration is the measure there.
    """
    found = media.measure(path)
    trial.near("duration in the header", found.header_duration, expected, tolerance)
    if path.suffix in (".mp4", ".mov", ".m4v"):
        trial.near("end of the last frame", end_in_mp4(path, found), expected, tolerance)


def end_in_mp4(path, found):
    """End of the last frame, counted from the first.

    libav 5.1 does not tell how long samples last where frames are reordered. If the sample that is shown last is also
    the last one in the file, it ends with the track.
    """
    stream = probe(path, "-select_streams", "v:0", "-show_packets", "-show_streams")
    packets = stream["packets"]
    if packets[-1]["pts"] == max(one["pts"] for one in packets):
        return float(stream["streams"][0]["duration"])
    return found.video.end - found.video.start


@check(TABLE, "last_frame_held_3s.mp4", "transcode {}", each=[".mp4", ".mov", ".mkv", ".webm"])
def held(trial, suffix):
    source = trial.case("last_frame_held_3s.mp4")
    path, _ = trial.transcode(source, f"o{suffix}")
    same_timeline(trial, source, path)
    ends_at(trial, path, 4.96, 0.041)


@check(TABLE, "last_frame_held_3s.mp4", "transcode --video hevc .mp4")
def held_hevc(trial):
    source = trial.case("last_frame_held_3s.mp4")
    path, _ = trial.transcode(source, "o.mp4", "--video", "hevc", "--speed", "ultrafast")
    same_timeline(trial, source, path)
    ends_at(trial, path, 4.96, 0.041)


@check(TABLE, "last_frame_held_3s.mp4", "copy {}", each=[".mp4", ".mov", ".mkv"])
def held_copy(trial, suffix):
    source = trial.case("last_frame_held_3s.mp4")
    path, outcome = trial.copy(source, f"o{suffix}")
    trial.equal("status", outcome.status, 0)
    same_timeline(trial, source, path)
    ends_at(trial, path, 4.96, 0.041)


@check(TABLE, "last_frame_held_3s.mp4", "transcode .avi (constant rate)")
def held_avi(trial):
    path, _ = trial.transcode(trial.case("last_frame_held_3s.mp4"), "o.avi")
    found = trial.measure(path)
    trial.near("duration in the header", found.header_duration, 4.96, 0.041)
    trial.near("end of the last frame", found.video.end, 4.96, 0.041)


def held_package(trial, package):
    for attributes, playlist in variants(package):
        trial.equal("FRAME-RATE", attributes.get("FRAME-RATE"), "25.000")
        trial.near("sum of the segments", seconds(playlist), 4.96, 0.041)
        found = media.measure(joined(playlist, trial.folder / "joined.mp4"))
        early = [one - found.video.start for one in found.video.starts if one - found.video.start < 1.98]
        trial.want(
            len(early) == 50 and all(abs(one - at / 25) < 0.002 for at, one in enumerate(early)),
            f"{len(early)} of 50 frames are kept at their timestamps",
        )
        trial.near("end of the last frame", found.video.end - found.video.start, 4.96, 0.041)
    trial.hls(package)


@check(TABLE, "last_frame_held_3s.mp4", "ladder")
def held_ladder(trial):
    package, _ = trial.ladder(trial.case("last_frame_held_3s.mp4"))
    held_package(trial, package)


@check(TABLE, "last_frame_held_3s.mp4", "ladder --segments ts")
def held_ladder_ts(trial):
    package, _ = trial.ladder(trial.case("last_frame_held_3s.mp4"), "--segments", "ts")
    for attributes, playlist in variants(package):
        trial.equal("FRAME-RATE", attributes.get("FRAME-RATE"), "25.000")
        trial.near("sum of the segments", seconds(playlist), 4.96, 0.041)
    trial.hls(package)


@check(TABLE, "last_frame_held_3s.mp4", "package, or a clear refusal")
def held_packaged(trial):
    package, outcome = trial.package(trial.case("last_frame_held_3s.mp4"))
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "ladder|transcode|duration|frame")
    trial.near("sum of the segments", seconds(variants(package)[0][1]), 4.96, 0.041)
    trial.equal("FRAME-RATE", variants(package)[0][0].get("FRAME-RATE"), "25.000")


@check(TABLE, "last_frame_held_3s.mp4", "batch")
def held_batch(trial):
    folder = trial.folder / "in"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(trial.case("last_frame_held_3s.mp4").read_bytes())
    trial.done("batch", folder, "-o", trial.folder / "out", "--speed", "superfast", "-q")
    ends_at(trial, trial.folder / "out" / "a.mp4", 4.96, 0.041)


def held_middle_source(trial):
    """Four seconds at 25 frames a second, whose middle frame lasts two seconds longer."""
    return trial.made(
        "held_middle.mp4",
        lambda path: ffmpeg(
            *picture(seconds=4),
            *X264,
            "-vf",
            "setpts=PTS+gt(N\\,49)*2/TB",
            "-fps_mode",
            "passthrough",
            "-video_track_timescale",
            "12800",
            "-f",
            "mp4",
            path,
        ),
    )


@check(TABLE, "first or middle frame held (recipe)", "transcode {}", each=[".mp4", ".mkv"])
def held_middle(trial, suffix):
    """One long frame in the middle is kept, and spoils no rate."""
    source = held_middle_source(trial)
    path, _ = trial.transcode(source, f"o{suffix}")
    same_timeline(trial, source, path)
    trial.near("duration in the header", length(path), 6.0, 0.041)


@check(TABLE, "first or middle frame held (recipe)", "ladder")
def held_middle_ladder(trial):
    source = held_middle_source(trial)
    package, _ = trial.ladder(source)
    trial.equal("FRAME-RATE", variants(package)[0][0].get("FRAME-RATE"), "25.000")
    trial.near("sum of the segments", seconds(variants(package)[0][1]), 6.0, 0.041)


def gif_frames(path):
    """Starts and end of a GIF from its own bytes: graphic control extensions."""
    data, starts, at = path.read_bytes(), [], 0.0
    for found in re.finditer(rb"\x21\xf9\x04(.)(..)(.)\x00\x2c", data, re.DOTALL):
        starts.append(at)
        at += max(int.from_bytes(found[2], "little"), 0) / 100
    return starts, at


@check(TABLE, "gif_long_last_frame.gif", "transcode {}", each=[".mp4", ".mov", ".mkv", ".webm"])
def gif(trial, suffix):
    source = trial.case("gif_long_last_frame.gif")
    starts, end = gif_frames(source)
    path, _ = trial.transcode(source, f"o{suffix}")
    found = trial.measure(path)
    trial.equal("frames", len(found.video.starts), len(starts))
    worst = max(abs(one - found.video.start - other) for one, other in zip(found.video.starts, starts))
    trial.want(worst < 0.011, f"a frame is {worst * 1000:.0f} ms off")
    ends_at(trial, path, end, 0.05)


@check(TABLE, "gif_long_last_frame.gif", "transcode .avi")
def gif_avi(trial):
    source = trial.case("gif_long_last_frame.gif")
    path, _ = trial.transcode(source, "o.avi")
    trial.near("end of the last frame", trial.measure(path).video.end, gif_frames(source)[1], 0.11)


@check(TABLE, "gif_long_last_frame.gif", "ladder")
def gif_ladder(trial):
    source = trial.case("gif_long_last_frame.gif")
    package, _ = trial.ladder(source)
    trial.near("sum of the segments", seconds(variants(package)[0][1]), gif_frames(source)[1], 0.11)
    trial.hls(package)


# Edit lists -----------------------------------------------------------------------------------------------------

TRIM = "edit_list_trim_both_ends.mov"


def as_trimmed(trial, path, offset=0.0):
    """Both tracks show what the edit list of the source shows."""
    meant, found = media.measure(trial.case(TRIM)), trial.measure(path)
    if not (found.video and found.audio):
        raise Wrong("a track is missing")
    trial.near("video", found.video.end - found.video.start, 2.04, 0.041)
    # An encoder pads its last frame, which MKV does not hide.
    trial.near("audio", found.audio[0].end - found.audio[0].start, 2.04, 0.052 if path.suffix == ".mkv" else 0.045)
    trial.equal("frames", len(found.video.starts), 51)
    trial.near(
        "audio after video", found.audio[0].start - found.video.start, meant.audio[0].start - meant.video.start, 0.022
    )
    # The container, not only its frames: durations in the header hold nothing that was cut away.
    trial.near("duration in the header", found.header_duration, 2.04, 0.045)


@check(TABLE, TRIM, "transcode {}", each=[".mp4", ".mkv"])
def trim(trial, suffix):
    path, _ = trial.transcode(trial.case(TRIM), f"o{suffix}")
    as_trimmed(trial, path)


@check(TABLE, TRIM, "transcode --strict")
def trim_strict(trial):
    path, outcome = trial.transcode(trial.case(TRIM), "o.mp4", strict=True)
    as_trimmed(trial, path)
    trial.want("warning" not in outcome.stderr, f"a false alarm: {flat(outcome.stderr)}")


@check(TABLE, TRIM, "copy {}, or a clear refusal", each=[".mp4", ".mov", ".mkv"])
def trim_copy(trial, suffix):
    path, outcome = trial.copy(trial.case(TRIM), f"o{suffix}")
    if outcome.status:
        return trial.refused(outcome, path, {64, 65, 69}, "edit list|trim|cut", "hint:.*(encod|--video|transcode)")
    as_trimmed(trial, path)
    same = [one for _, one in frame_hashes(trial.case(TRIM))] == [one for _, one in frame_hashes(path)]
    trial.want(same, "other frames are shown than in the source")


@check(TABLE, TRIM, "package{}, or a clear refusal", each=["", " --segments ts"])
def trim_package(trial, option):
    package, outcome = trial.package(trial.case(TRIM), options=option.split())
    if outcome.status:
        return trial.refused(outcome, package, {65, 69}, "edit list|trim|cut", "hint:.*transcode")
    trial.near("video playlist", seconds(variants(package)[0][1]), 2.04, 0.041)
    for _, playlist in renditions(package, "AUDIO"):
        trial.near("audio playlist", seconds(playlist), 2.04, 0.045)
    trial.equal("frames shown", len(frame_hashes(joined(variants(package)[0][1], trial.folder / "joined.mp4"))), 51)
    trial.hls(package, apple=False)


@check(TABLE, TRIM, "ladder")
def trim_ladder(trial):
    package, _ = trial.ladder(trial.case(TRIM))
    for _, playlist in variants(package) + renditions(package, "AUDIO"):
        trial.near(f"{playlist.parent.name} playlist", seconds(playlist), 2.04, 0.045)
    trial.hls(package)


# Late and drifting audio ----------------------------------------------------------------------------------------


@check(TABLE, "audio_begins_at_9s.vob", "transcode {}", each=[".mp4", ".mkv", ".webm", ".avi"])
def late_audio(trial, suffix):
    path, _ = trial.transcode(trial.case("audio_begins_at_9s.vob"), f"o{suffix}")
    found = trial.measure(path)
    if not found.audio:
        raise Wrong("the audio track is missing")
    heard = begins(loudness(path, lead=max(0, found.audio[0].start - found.video.start)))
    trial.near("the audio is first heard", heard, late_audio_begin(trial), 0.06)


def late_audio_begin(trial):
    """When the audio of the source begins, after its video: from packets, read with enough patience."""
    packets = probe(
        trial.case("audio_begins_at_9s.vob"), "-probesize", "50M", "-analyzeduration", "60M", "-show_packets"
    ).get("packets", [])
    first = {}
    for one in packets:
        if "pts_time" in one:
            kind = one["codec_type"]
            first[kind] = min(first.get(kind, 1e9), float(one["pts_time"]))
    return first["audio"] - first["video"]


@check(TABLE, "audio_begins_at_9s.vob", "ladder")
def late_audio_ladder(trial):
    package, _ = trial.ladder(trial.case("audio_begins_at_9s.vob"))
    found = renditions(package, "AUDIO")
    if not found:
        raise Wrong("no audio rendition")
    joined_audio = joined(found[0][1], trial.folder / "a.mp4")
    trial.near("the audio is first heard", begins(loudness(joined_audio)), late_audio_begin(trial), 0.08)
    trial.hls(package)


@check(TABLE, "audio_begins_at_9s.vob", "probe names rate and channels")
def late_audio_probe(trial):
    audio = [
        one for one in trial.probed(trial.case("audio_begins_at_9s.vob"))["media"]["streams"] if one["kind"] == "audio"
    ]
    trial.want(audio and audio[0]["audio"].get("sample_rate", 0) > 0, "an audio track without a sample rate")


DRIFT = "audio_drift_0.7_percent.mkv"


@check(TABLE, DRIFT, "transcode: reported with its sum")
def drift_reported(trial):
    _, outcome = trial.transcode(trial.case(DRIFT), "o.mp4")
    trial.reported(outcome, r"(gap|drift|silence|stretch|slow).*\d+(\.\d+)? ?(ms|s\b)", what="the drift and its sum")


@check(TABLE, DRIFT, "transcode {}: continuous, in time", each=[".mp4", ".mkv"])
def drift_continuous(trial, suffix):
    source = trial.case(DRIFT)
    path, _ = trial.transcode(source, f"o{suffix}")
    meant, found = media.measure(source), trial.measure(path)
    trial.near("audio", found.audio[0].end - found.audio[0].start, meant.audio[0].end - meant.audio[0].start, 0.045)
    levels = loudness(path, step=0.004)
    # The first and last frames of AAC fade in and out.
    quiet = [
        at for at, level in enumerate(levels) if 15 < at < len(levels) - 15 and level < 0.3 * statistics.median(levels)
    ]
    trial.want(not quiet, f"{len(quiet) * 4} ms of holes, the first at {quiet[0] * 0.004 if quiet else 0:.2f} s")
