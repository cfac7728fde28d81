"""What scripts/corpus, scripts/bench and scripts/fuzz share: finding files, running commands, reading results."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "Fixtures"

# Exit statuses that the docs and `vtx --help` document.
DOCUMENTED_STATUSES = {0, 1, 64, 65, 66, 69, 70, 73, 74, 130, 143}

# Files of Fixtures/ that must be refused, and the expected statuses. In other folders the names of such files start
# with `broken_`.
REFUSED_FIXTURES = {
    "concat.ffconcat": {65},
    "data_only.mov": {65},
    "empty.mp4": {65},
    "garbage.mp4": {65},
    "nomoov.mp4": {65},
    "playlist.m3u8": {65},
    "playlist_named.mp4": {65},
    "text.mp4": {65},
    "truncated.mkv": {65},
    "truncated.mp4": {65},
    "unknown_codec.mp4": {65, 69},
}
# Neither media nor damaged media.
NO_MEDIA = {".md", ".srt", ".txt"}


def refusal_statuses(path):
    """The expected exit statuses of a file that must be refused; `None` for an intact file."""
    if path.name.startswith("broken_"):
        return {65}
    if path.parent == FIXTURES:
        return REFUSED_FIXTURES.get(path.name)
    return None


def media_folder(given=None):
    """The folder of test media: the one given, `VTX_MEDIA`, the shared set beside the checkout, or the fixtures."""
    if given:
        return Path(given).resolve()
    if os.environ.get("VTX_MEDIA"):
        return Path(os.environ["VTX_MEDIA"]).resolve()
    shared = ROOT.parent / "shared" / "media"
    return shared if shared.is_dir() else FIXTURES


def media_files(folder):
    """Every media file directly in `folder`, by name."""
    files = [
        file for file in sorted(folder.iterdir())
        if file.is_file() and not file.name.startswith(".") and file.suffix not in NO_MEDIA
    ]
    if not files:
        sys.exit(f"{script()}: error: no media files in {folder}")
    return files


def find_vtx(given=None):
    """The vtx binary: the one given, `VTX_BINARY`, or this checkout's release build.

    It is run without the defaults of the user who runs the script.
    """
    os.environ["XDG_CONFIG_HOME"] = "/dev/null"
    candidate = Path(given or os.environ.get("VTX_BINARY") or ROOT / ".build" / "release" / "vtx").absolute()
    if not os.access(candidate, os.X_OK):
        sys.exit(f"{script()}: error: no vtx at {candidate}: build it with scripts/run, or pass --vtx PATH")
    return str(candidate)


def require_tools(*names):
    """Ends with a message if a command is missing."""
    missing = [name for name in names if not shutil.which(name)]
    if missing:
        sys.exit(f"{script()}: error: no {' and no '.join(missing)} in PATH: apt-get install ffmpeg")


def script():
    """The name of the running script."""
    return Path(sys.argv[0]).name


@dataclass
class Outcome:
    """How a command ended."""

    status: int  # negative: the signal that ended it
    stdout: bytes
    stderr: str
    timed_out: bool = False

    @property
    def crashed(self):
        """Whether a signal ended it; 130 and 143 are a handled SIGINT and SIGTERM."""
        return self.status < 0 or (self.status >= 128 and self.status not in (130, 143))

    def describe(self):
        """Its status in words."""
        if self.timed_out:
            return "no end within the time limit"
        if self.status < 0:
            return f"ended by {signal.Signals(-self.status).name}"
        return f"exit status {self.status}"

    def last_error(self):
        """Its error and cause; without an `error:` line its last line."""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("error:", "cause:"))]
        return "; ".join(told[-2:] or lines[-1:])


def run(command, timeout=600, cwd=None, env=None, memory_limit=None):
    """Runs a command to its end in a separate process group, which is killed after `timeout` seconds.

    `memory_limit` is a limit of the address space in bytes.
    """
    command = [str(part) for part in command]
    if memory_limit:
        command = ["sh", "-c", f'ulimit -v {memory_limit // 1024}; exec "$@"', "sh", *command]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, env=env,
        start_new_session=True)
    timed_out = False
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return Outcome(process.returncode, stdout, stderr.decode(errors="replace"), timed_out)


@dataclass
class Usage:
    """What a command cost."""

    status: int
    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: int  # peak resident bytes; at least this interpreter's own, which the kernel includes

    @staticmethod
    def sum(parts):
        """Several commands one after the other."""
        return Usage(
            max((abs(part.status) for part in parts), default=0), sum(part.wall for part in parts),
            sum(part.cpu for part in parts), max(part.memory for part in parts))


def measure(command):
    """Runs a command with its output discarded and measures it; a failure ends the script."""
    command = [str(part) for part in command]
    program = shutil.which(command[0]) or command[0]
    null = os.open(os.devnull, os.O_RDWR)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
        begun = time.perf_counter()
        pid = os.posix_spawn(program, command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begun
    finally:
        os.close(null)
    status = os.waitstatus_to_exitcode(status)
    if status != 0:
        messages = run(command).stderr.strip().splitlines()[-5:]
        sys.exit(f"{script()}: error: status {status} from {' '.join(command)}\n" + "\n".join(messages))
    return Usage(status, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def json_lines(outcome):
    """The objects of a command's NDJSON output.

    Raises ValueError if a line is not an object, has no `type`, or if the first is not a header.
    """
    objects = []
    for line in outcome.stdout.decode().splitlines():
        value = json.loads(line)
        if not isinstance(value, dict) or "type" not in value:
            raise ValueError(f"a line without a type: {line[:80]}")
        objects.append(value)
    if not objects or objects[0]["type"] != "header" or "schema" not in objects[0]:
        raise ValueError("the first line is not a header with a schema")
    return objects


def leftovers(folder, expected=()):
    """Names in `folder`, hidden ones too, other than the expected ones."""
    return sorted(set(os.listdir(folder)) - set(expected))


_print_lock = threading.Lock()


def say(text, file=sys.stdout):
    """Prints one line; lines of several threads do not mix."""
    with _print_lock:
        print(text, file=file, flush=True)
