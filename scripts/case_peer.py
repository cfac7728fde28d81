"""The same checks with another program in place of vtx: its plain command for what each check asks."""

from pathlib import Path

import harness
from case_kit import Trial, Wrong


class NotComparable(Exception):
    """There is no such command, or no plain one."""


class PeerTrial(Trial):
    """A check whose commands are translated for the peer; subclasses say how."""

    def vtx(self, *arguments, timeout=180, env=None):
        verb, *words = map(str, arguments)
        if verb not in ("transcode", "ladder", "package") or "--json" in words or "--dry-run" in words:
            raise NotComparable
        command = self.command(verb, *split(words))
        self.log.append(" ".join(map(str, command)))
        outcome = harness.run(command, timeout=timeout, cwd=self.folder, env=env)
        if outcome.timed_out:
            raise Wrong("no end within the time limit")
        return outcome

    def refused(self, outcome, path, statuses, *patterns):
        """Any status but 0 is a refusal; what it says has to match, and nothing may be written."""
        super().refused(outcome, path, {outcome.status} - {0} or statuses, *patterns)


def split(words):
    """Sources, the output, and the options in order as (name, value or None)."""
    sources, output, options = [], None, []
    flags = {"--strict", "--overwrite", "--no-thumbnails", "--quiet"}
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("-o", "--output"):
            output, at = Path(words[at + 1]), at + 1
        elif word in flags:
            options.append((word, None))
        elif word.startswith("--"):
            options.append((word, words[at + 1] if at + 1 < len(words) else None))
            at += 1
        else:
            sources.append(word)
        at += 1
    return sources, output, options


class FFmpegTrial(PeerTrial):
    """ffmpeg: an input, an output, and what the check asks for."""

    PLAIN = {
        ("--video", "copy"): ["-c:v", "copy"],
        ("--audio-codec", "copy"): ["-c:a", "copy"],
        ("--video", "hevc"): ["-c:v", "libx265"],
        ("--video", "vp9"): ["-c:v", "libvpx-vp9"],
        ("--video", "none"): ["-vn"],
        ("--codec", "hevc"): ["-c:v", "libx265"],
    }
    VALUES = {"--start": "-ss", "--duration": "-t", "--segment": "-hls_time"}
    IGNORED = {"--speed", "--strict", "--overwrite", "--no-thumbnails", "--quiet", "--rungs", "--language"}

    def command(self, verb, sources, output, options):
        if verb == "ladder":
            raise NotComparable  # several renditions take a page of options
        words, inputs = [], [*sources]
        kind = "fmp4"
        for name, value in options:
            if (name, value) in self.PLAIN:
                words += self.PLAIN[name, value]
            elif name in self.VALUES:
                words += [self.VALUES[name], value]
            elif name == "--subtitle-file":
                head, _, tail = value.partition(":")
                inputs.append(tail if tail and not Path(value).exists() else value)
            elif name == "--segments":
                kind = {"ts": "mpegts"}.get(value, value)
            elif name not in self.IGNORED:
                raise NotComparable
        command = ["ffmpeg", "-nostdin", "-v", "warning", "-y"]
        for one in inputs:
            command += ["-i", one]
        if verb == "transcode":
            return [*command, *words, output]
        output.mkdir(parents=True, exist_ok=True)
        return [
            *command, "-c", "copy", *words, "-f", "hls", "-hls_playlist_type", "vod", "-hls_segment_type", kind,
            "-master_pl_name", "master.m3u8", output / "index.m3u8"]


class HandBrakeTrial(PeerTrial):
    """HandBrakeCLI, which encodes to MP4, MKV and WebM."""

    def command(self, verb, sources, output, options):
        if verb != "transcode" or output.suffix not in (".mp4", ".m4v", ".mkv", ".webm"):
            raise NotComparable
        words = ["--encoder", "VP9"] if output.suffix == ".webm" else []
        for name, value in options:
            if name == "--subtitle-file":
                head, _, tail = value.partition(":")
                words += ["--srt-file", tail if tail and not Path(value).exists() else value]
            elif (name, value) == ("--video", "hevc"):
                words += ["--encoder", "x265"]
            elif name not in FFmpegTrial.IGNORED:
                raise NotComparable
        return ["HandBrakeCLI", "-i", sources[0], "-o", output, *words]


PEERS = {"ffmpeg": (FFmpegTrial, "ffmpeg"), "handbrake": (HandBrakeTrial, "HandBrakeCLI")}
