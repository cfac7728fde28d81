"""What the checks of scripts/cases share: their registry, running vtx, and measuring results without it."""

import json
import re
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import harness
import media

# Options for speed: correctness is tested here, not quality. superfast is the fastest with B-frames.
FAST = {
    ".mp4": ["--speed", "superfast"],
    ".m4v": ["--speed", "superfast"],
    ".mov": ["--speed", "superfast"],
    ".mkv": ["--speed", "superfast"],
    ".webm": ["--speed", "8"],
}
# Words that name no cause; in any message they are a fault.
MISLEADING = [r"Error number -?\d+", r"no decoder for none\b", r"side of 0x0", r"claims \d{5,} frames a second"]


class Wrong(Exception):
    """A result that makes further checks of the row pointless."""


@dataclass
class Check:
    """One row of the output."""

    table: str
    source: str
    command: str
    function: object
    arguments: tuple = ()
    needs: tuple = ()  # files of the cases folder

    @property
    def name(self):
        return f"{self.table} · {self.source} · {self.command}"


CHECKS = []


def check(table, source, command, *, each=None, needs=None):
    """Registers a function as a check; `each`: values of `{}` in the command, passed as a second argument."""

    def register(function):
        files = needs if needs is not None else (source,) if re.search(r"\.\w{2,5}$", source) else ()
        files = (files,) if isinstance(files, str) else tuple(files)
        for value in each or [None]:
            shown = command if value is None else command.replace("{}", str(value))
            CHECKS.append(Check(table, source, shown, function, () if value is None else (value,), files))
        return function

    return register


class Made:
    """Synthetic inputs, each made once in a run."""

    def __init__(self, folder):
        self.folder = folder
        self.locks = {}
        self.guard = threading.Lock()

    def get(self, name, builder):
        """The file `name`, made by `builder(path)` if it is not there."""
        with self.guard:
            lock = self.locks.setdefault(name, threading.Lock())
        with lock:
            path = self.folder / name
            if not path.exists():
                unfinished = path.with_name(f"unfinished-{name}")
                builder(unfinished)
                unfinished.rename(path)
            return path


@dataclass
class Setting:
    """What all checks of a run have in common."""

    vtx: str
    cases: Path  # or None
    checker: Path
    made: Made
    scratch: Path


class Trial:
    """One check while it runs: its folder, its commands, and what it found."""

    def __init__(self, setting, folder):
        self.setting = setting
        self.folder = folder
        self.faults = []
        self.log = []

    # Inputs --------------------------------------------------------------------------------------------------

    def case(self, name):
        """A file of the cases folder."""
        return self.setting.cases / name

    def made(self, name, builder):
        """A synthetic input that is made once in a run."""
        return self.setting.made.get(name, builder)

    def write(self, name, content):
        """A small file in the check's own folder."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    # Commands ------------------------------------------------------------------------------------------------

    def vtx(self, *arguments, timeout=180, env=None):
        """Runs vtx; a crash or a hang is a fault in any case."""
        command = [self.setting.vtx, *arguments]
        self.log.append(" ".join(map(str, command)))
        outcome = harness.run(command, timeout=timeout, cwd=self.folder, env=env)
        if outcome.crashed or outcome.timed_out or outcome.status == 70:
            raise Wrong(f"vtx {arguments[0]}: {outcome.describe()}: {outcome.last_error()}")
        for words in MISLEADING:
            found = re.search(words, outcome.stderr)
            self.want(not found, f"words that mislead: {found and found[0]!r}")
        return outcome

    def done(self, *arguments, **more):
        """Runs vtx, which has to end with status 0."""
        outcome = self.vtx(*arguments, **more)
        if outcome.status != 0:
            raise Wrong(f"vtx {arguments[0]}: {outcome.describe()}: {outcome.last_error()}")
        return outcome

    def transcode(self, source, name, *options, strict=False):
        """Transcodes to `name` in the check's folder; returns the path and the outcome."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        fast = FAST.get(path.suffix, []) if "--video" not in options and "--speed" not in options else []
        outcome = self.done("transcode", source, "-o", path, *fast, *options, *(["--strict"] if strict else []))
        return path, outcome

    def copy(self, source, name, *options):
        """Transcodes without encoding; the outcome may be a refusal."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path, self.vtx("transcode", source, "-o", path, "--video", "copy", "--audio-codec", "copy", *options)

    def ladder(self, source, *options, name="ladder"):
        """Makes a ladder; returns the package and the outcome."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path, self.done("ladder", source, "-o", path, "--speed", "superfast", "--no-thumbnails", *options)

    def package(self, *sources, options=(), name="package"):
        """Packages renditions; the outcome may be a refusal."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path, self.vtx("package", *sources, "-o", path, *options)

    def lines(self, *arguments, statuses=(0,)):
        """The objects that vtx prints with --json."""
        outcome = self.vtx(*arguments, "--json")
        if outcome.status not in statuses:
            raise Wrong(f"vtx {arguments[0]}: {outcome.describe()}: {outcome.last_error()}")
        return harness.json_lines(outcome)

    def probed(self, source, *options):
        """What `vtx probe --json` says about one file."""
        return next(one for one in self.lines("probe", source, *options) if one["type"] == "media")

    def plan(self, command, source, *options, output=None):
        """The plan of a dry run."""
        output = output or self.folder / ("plan.mp4" if command == "transcode" else "plan")
        return next(
            one for one in self.lines(command, source, "-o", output, "--dry-run", *options) if one["type"] == "plan"
        )

    # Verdicts ------------------------------------------------------------------------------------------------

    def want(self, condition, found):
        """Notes `found` as a fault if the condition does not hold."""
        if not condition:
            self.faults.append(found)
        return condition

    def equal(self, what, found, expected):
        return self.want(found == expected, f"{what}: {found!r} instead of {expected!r}")

    def near(self, what, found, expected, tolerance):
        return self.want(
            found is not None and abs(found - expected) <= tolerance + 1e-9,
            f"{what}: {'none' if found is None else f'{found:.3f}'} instead of {expected:.3f}",
        )

    def reported(self, outcome, *patterns, what=None):
        """The messages have to match all patterns."""
        for pattern in patterns:
            self.want(re.search(pattern, outcome.stderr, re.IGNORECASE | re.DOTALL), f"not reported: {what or pattern}")

    def refused(self, outcome, path, statuses, *patterns):
        """A clear refusal: one of the statuses, nothing written, all patterns in the message."""
        statuses = {statuses} if isinstance(statuses, int) else set(statuses)
        self.want(
            outcome.status in statuses, f"{outcome.describe()} instead of {sorted(statuses)}: {outcome.last_error()}"
        )
        self.want(path is None or not path.exists(), "refused, but something was written")
        told = "\n".join(line for line in outcome.stderr.splitlines() if line.strip())
        if outcome.status != 0:
            for pattern in patterns:
                self.want(
                    re.search(pattern, told, re.IGNORECASE), f"the refusal does not say /{pattern}/: {flat(told)}"
                )

    def clean(self, path):
        """ffmpeg decodes it without a message."""
        outcome = harness.run(
            [
                "ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-xerror",
                "-i",
                path,
                "-map",
                "0:v?",
                "-map",
                "0:a?",
                "-fps_mode",
                "passthrough",
                "-enc_time_base:v",
                "-1",
                "-f",
                "null",
                "-",
            ]
        )
        messages = [line for line in outcome.stderr.splitlines() if line.strip() and not line.startswith("[null @")]
        if messages or (outcome.status and not outcome.stderr.strip()):
            self.faults.append(f"{path.name} does not decode clean: {(messages or [outcome.describe()])[0]}")

    def measure(self, path):
        """Its tracks, measured by decoding it; nothing may be wrong with it."""
        self.clean(path)
        return media.measure(path)

    def hls(self, package, *options, apple=True):
        """hls-check finds no violated MUST rule; `apple`: also what Apple wants of a ladder."""
        if not self.setting.checker.exists():
            return
        outcome = harness.run(
            [
                self.setting.checker,
                "--json",
                "--decode",
                *(["--apple"] if apple else []),
                *options,
                package / "master.m3u8",
            ]
        )
        try:
            report = json.loads(outcome.stdout)
        except ValueError:
            self.faults.append(f"hls-check: {outcome.describe()}: {outcome.last_error()}")
            return
        for one in report["must"][:3]:
            self.faults.append(f"{one['rule']} {one['file']}: {one['got']} instead of {one['expected']}")


def flat(text, length=200):
    """A text on one line."""
    text = " | ".join(line.strip() for line in text.splitlines() if line.strip())
    return text if len(text) <= length else text[:length] + "…"


# Making inputs --------------------------------------------------------------------------------------------------


def ffmpeg(*arguments):
    """Runs ffmpeg to make an input; a failure is a fault of the check."""
    outcome = harness.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments])
    if outcome.status != 0:
        raise Wrong(f"ffmpeg cannot make the input: {outcome.stderr.strip()[-300:]}")


def mkvmerge(*arguments):
    """Runs mkvmerge to make an input; status 1 is a warning."""
    if not shutil.which("mkvmerge"):
        raise Wrong("no mkvmerge (apt-get install mkvtoolnix)")
    outcome = harness.run(["mkvmerge", "-q", *arguments])
    if outcome.status not in (0, 1):
        raise Wrong(f"mkvmerge cannot make the input: {outcome.stdout.decode(errors='replace')[-300:]}")


def picture(size="160x120", rate=25, seconds=4, more=""):
    """Arguments of ffmpeg for moving video."""
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}{more}"]


def tone(seconds=4, frequency=440, rate=48000):
    """Arguments of ffmpeg for a steady tone."""
    return ["-f", "lavfi", "-i", f"sine=frequency={frequency}:sample_rate={rate}:duration={seconds}"]


X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
