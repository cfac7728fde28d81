"""Checks of scripts/cases: constant frame rates are called constant, exact, in every container; variable ones variable."""

import math
from fractions import Fraction

from case_kit import X264, check, ffmpeg

TABLE = "rates"
RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
    "59.94": Fraction(60000, 1001),
    "60": Fraction(60),
}
CONTAINERS = {
    "MKV": ("mkv", []),
    "TS": ("ts", []),
    "MP4": ("mp4", []),
    "fragmented MP4": ("mp4", ["-movflags", "frag_keyframe+empty_moov+default_base_moof"]),
    "AVI": ("avi", []),
    "WebM": ("webm", []),
}
LENGTHS = [3, 8, 20, 90]
FORMATS = {"mkv": "matroska", "ts": "mpegts", "mp4": "mp4", "avi": "avi", "webm": "webm", "mov": "mov", "flv": "flv"}


def stream(trial, rate, reorders, codec):
    """A minute and a half of tiny video, with a key frame at each length so that it can be cut there."""
    encoder = {
        "h264": [*X264, "-x264-params", "open-gop=0:scenecut=0", "-bf", "3" if reorders else "0", "-g", "250"],
        "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "0", "-g", "250"],
        # Hidden alternate reference frames are to VP9 what B-frames are to others.
        "vp9": [
            "-c:v",
            "libvpx-vp9",
            "-deadline",
            "good",
            "-cpu-used",
            "8",
            "-auto-alt-ref",
            "1",
            "-lag-in-frames",
            "16",
            "-g",
            "250",
        ],
    }[codec]
    value = RATES[rate]
    size = "64x48" if codec != "vp9" else "64x64"
    return trial.made(
        f"rate-{rate}-{reorders}-{codec}.nut",
        lambda path: ffmpeg(
            "-f",
            "lavfi",
            "-i",
            f"color=gray:size={size}:rate={value}:duration=91",
            *encoder,
            "-force_key_frames",
            ",".join(f"{float(math.ceil(length * value) / value):.6f}" for length in map(Fraction, LENGTHS)),
            "-f",
            "nut",
            path,
        ),
    )


def audio_track(trial, codec):
    """A minute and a half of audio to go with it."""
    return trial.made(
        f"rate-audio-{codec}.mkv",
        lambda path: ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=300:sample_rate=44100:duration=92",
            "-c:a",
            codec,
            "-b:a",
            "64k",
            *(["-ar", "48000"] if codec == "libopus" else []),
            "-f",
            "matroska",
            path,
        ),
    )


def constant(trial, rate, container, reorders, length):
    """One file of the matrix."""
    suffix, options = CONTAINERS[container]
    codec = ("vp9" if reorders else "vp8") if suffix == "webm" else "h264"
    path = trial.folder / f"{length}.{suffix}"
    frames = math.ceil(length * RATES[rate])
    if suffix == "avi":
        # Copied packets would get a header of twice the rate.
        sound_too = [
            "-f",
            "lavfi",
            "-i",
            f"sine=frequency=300:sample_rate=44100:duration={length}",
            "-c:a",
            "libmp3lame",
        ]
        ffmpeg(
            "-f",
            "lavfi",
            "-i",
            f"color=gray:size=64x48:rate={RATES[rate]}:duration={length + 1}",
            *(sound_too if length in (3, 20) else []),
            "-c:v",
            "mpeg4",
            "-bf",
            "2" if reorders else "0",
            "-frames:v",
            str(frames),
            "-f",
            "avi",
            path,
        )
        return path
    audio = []
    if length in (3, 20):
        audio = ["-i", audio_track(trial, "libopus" if suffix == "webm" else "aac")]
    bits = ["-bsf:v", "h264_mp4toannexb"] if suffix == "ts" else []
    ffmpeg(
        "-i",
        stream(trial, rate, reorders, codec),
        *audio,
        "-map",
        "0:v",
        *(["-map", "1:a"] if audio else []),
        "-c",
        "copy",
        "-frames:v",
        str(frames),
        "-t",
        str(length + 0.5),
        *bits,
        *options,
        "-f",
        FORMATS[suffix],
        path,
    )
    return path


def exact(trial, what, found, expected):
    """A rate in vtx's JSON."""
    try:
        value = Fraction(str(found))
    except ValueError:
        value = found
    trial.want(value == expected, f"{what}: {found} instead of {expected}")


def called_variable(about):
    """Whether `vtx probe --json` says so of the video, in its properties or in a warning."""
    video = next(one["video"] for one in about["media"]["streams"] if one["kind"] == "video")
    warned = any(one.get("code") == "variable_frame_rate" for one in about["warnings"])
    return bool(video.get("has_variable_frame_rate")) or warned


def is_constant(trial, path, rate, name):
    """Probe, ladder and transcode agree that it is constant, and on the exact rate."""
    trial.want(not called_variable(trial.probed(path)), f"{name}: probe calls it variable")
    trial.want(not called_variable(trial.probed(path, "--deep")), f"{name}: probe --deep calls it variable")
    encode = trial.plan("transcode", path)["video"]["encode"]
    trial.want(encode["is_constant_rate"], f"{name}: transcode calls it variable")
    exact(trial, f"{name}: transcode", encode["frame_rate"], rate)
    plan = trial.plan("ladder", path)
    exact(trial, f"{name}: ladder", plan["grid"]["frame_rate"], rate)


@check(
    TABLE,
    "constant",
    "{}",
    each=[
        f"{rate} fps, {container}, {reorders}"
        for container in CONTAINERS
        for reorders in ("B-frames", "none")
        for rate in RATES
    ],
)
def matrix(trial, name):
    rate, container, reorders = name.split(", ")
    rate = rate.split(" ")[0]
    for length in LENGTHS:
        is_constant(trial, constant(trial, rate, container, reorders == "B-frames", length), RATES[rate], f"{length} s")


@check(TABLE, "constant", "25 fps in an AVI of 50 ticks a second, {}", each=["B-frames", "none"])
def ticks(trial, reorders):
    """What `ffmpeg -c copy` makes of MPEG-4: every other frame of the index is empty."""
    source = trial.made(
        f"ticks-{reorders}.mp4",
        lambda path: ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=64x48:rate=25:duration=8",
            "-c:v",
            "mpeg4",
            "-bf",
            "2" if reorders == "B-frames" else "0",
            "-f",
            "mp4",
            path,
        ),
    )
    path = trial.folder / "ticks.avi"
    ffmpeg("-i", source, "-c", "copy", "-f", "avi", path)
    is_constant(trial, path, 25, "8 s")


def thinned(seed, rest=0.6):
    """A filter that drops frames as a busy screen recorder does."""
    return f"select=gt(mod(n*n*{seed}+n*7\\,11)/11\\,{1 - rest:.2f})"


SWITCH = "setpts=if(lt(N\\,60)\\,N/30\\,2+(N-60)/{})/TB"
JITTER = "setpts=(N/30+0.012*sin(N*N*1.7))/TB"
VARIABLE = {
    "30, then 24 fps, MP4": ("mp4", SWITCH.format(24), []),
    "30, then 24 fps, MKV": ("mkv", SWITCH.format(24), []),
    "30, then 15 fps, TS": ("ts", SWITCH.format(15), []),
    "30, then 50 fps, fragmented MP4": ("mp4", SWITCH.format(50), ["-movflags", "frag_keyframe+empty_moov"]),
    "jitter of a phone, MP4": ("mp4", JITTER, []),
    "jitter of a phone, MOV": ("mov", JITTER, []),
    "jitter, MKV": ("mkv", JITTER, []),
    "dropped frames, MKV": ("mkv", thinned(3), []),
    "dropped frames, WebM": ("webm", thinned(5), []),
    "dropped frames, TS": ("ts", thinned(3), []),
    "dropped frames, FLV": ("flv", thinned(7), []),
    "slides of 1 to 3 s, MP4": ("mp4", "setpts=(N+0.7*mod(N*N\\,5))/TB", []),
    "B-frames and dropped frames, MKV": ("mkv", thinned(3), ["-bf", "3"]),
    "B-frames, 30, then 24 fps, TS": ("ts", SWITCH.format(24), ["-bf", "3"]),
}


@check(TABLE, "variable", "{}", each=list(VARIABLE))
def variable(trial, name):
    suffix, filters, options = VARIABLE[name]
    path = trial.folder / f"variable.{suffix}"
    codec = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"] if suffix == "webm" else [*X264, "-bf", "0"]
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=64x48:rate=30:duration=6",
        "-vf",
        f"settb=1/90000,{filters}",
        "-fps_mode",
        "passthrough",
        "-enc_time_base:v",
        "1:90000",
        *codec,
        *options,
        "-f",
        FORMATS[suffix],
        path,
    )
    trial.want(called_variable(trial.probed(path)), "probe does not call it variable")
    trial.want(called_variable(trial.probed(path, "--deep")), "probe --deep does not call it variable")
    trial.want(not trial.plan("transcode", path)["video"]["encode"]["is_constant_rate"], "transcode calls it constant")
