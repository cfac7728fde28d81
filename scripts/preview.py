"""What scripts/player, scripts/hosting and scripts/bench share: a running server, and the tools that watch a player."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import harness

PAGE = harness.ROOT / "docs" / "hosting.md"


def free_port():
    """A free port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A server on this machine while a `with` block runs."""

    def __init__(self, command, url, log):
        self.command = [str(part) for part in command]
        self.url = url
        self.log = Path(log)

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        limit = time.monotonic() + 20
        while True:
            try:
                ask(self.url)
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > limit:
                    self.__exit__()
                    raise RuntimeError(f"{self.command[0]} does not serve: {self.log.read_text(errors='replace')[-500:]}")
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory(self):
        """Resident bytes of the server and the processes it started."""
        total = 0
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(folder.name) == self.process.pid or int(fields[1]) == self.process.pid:
                    total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, ValueError, IndexError):
                continue
        return total


def vtx_serve(vtx, folder, log, *options):
    """`vtx serve` on a free port."""
    port = free_port()
    return Server([vtx, "serve", folder, "--port", port, *options], f"http://127.0.0.1:{port}/", log)


def blocks(language):
    """The blocks of code in docs/hosting.md of one language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    if not found:
        sys.exit(f"{harness.script()}: error: no block of {language} in {PAGE}")
    return found


def nginx(site, folder):
    """nginx with the configuration of docs/hosting.md, in the foreground."""
    port = free_port()
    text = blocks("nginx")[0].replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/srv/packages", str(site))
    temporary = "".join(f"    {name}_temp_path {folder}/nginx-{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off;\nworker_processes auto;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n{'user root;' if os.geteuid() == 0 else ''}\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n    access_log off;\n{temporary}{text}}}\n")
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "nginx-error.log"]
    return Server(command, f"http://127.0.0.1:{port}/", folder / "nginx.log")


def ask(url, method="GET", **fields):
    """Status, fields (names in lower case) and body; fields of the request with `_` for `-`."""
    request = urllib.request.Request(url, method=method)
    for name, value in fields.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        answer = urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def find_tools(given=None):
    """The folder of play-check, or None: it is not part of this repository."""
    folder = Path(given or os.environ.get("VTX_TOOLS") or harness.ROOT.parent / "shared" / "tools")
    return folder if (folder / "play-check").exists() else None


def find_chromium():
    """Path of the browser, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def find_hls_js():
    """The built hls.js that play-check-setup fetches, or None."""
    path = Path(os.environ.get("VTX_TOOLS_CACHE") or Path.home() / ".cache" / "vtx-tools") / "players" / "hls.mjs"
    return path if path.exists() else None


def play_check(tools, *options):
    """What is wrong with what play-check saw, and its report."""
    outcome = harness.run([tools / "play-check", *options, "--json"], timeout=300)
    try:
        report = json.loads(outcome.stdout)
    except ValueError:
        return [outcome.last_error() or outcome.describe()], {}
    faults = [str(one) for one in report.get("failures", [])]
    return faults or ([outcome.describe()] if outcome.status else []), report


class Rows:
    """Results: one line each, and whether any of them is bad."""

    def __init__(self):
        self.failed = 0
        self.skipped = 0

    def check(self, name, is_good, told=""):
        self.failed += not is_good
        harness.say(f"{'ok  ' if is_good else 'FAIL'}  {name}{': ' if told else ''}{told}")
        return is_good

    def skip(self, name, reason):
        self.skipped += 1
        harness.say(f"skip  {name}: {reason}")

    def end(self):
        """Ends the script."""
        harness.say(f"{self.failed} failed, {self.skipped} skipped")
        sys.exit(1 if self.failed else 0)
