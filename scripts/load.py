"""`scripts/bench serve`: 200 clients fetch segments from `vtx serve` and from nginx, on loopback."""

import re
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import harness
import preview

CLIENTS = 200
SECONDS = 10
# Bytes of a segment of 6 s in four rungs, and how many of each: a working set that stays in memory.
SEGMENTS = {"1080p": 4_500_000, "720p": 2_100_000, "480p": 1_050_000, "360p": 550_000}
COUNT = 12


@dataclass
class Load:
    """The results of one run of wrk."""

    requests: float  # per second
    megabytes: float  # per second
    errors: int
    slowest: str  # 99th percentile of the latency
    memory: int  # resident bytes of the server after the run


def make_files(site):
    """Segments of random bytes, and a playlist."""
    with open("/dev/urandom", "rb") as dice:
        for rung, size in SEGMENTS.items():
            (site / rung).mkdir(parents=True)
            for number in range(COUNT):
                (site / rung / f"segment-{number:05}.m4s").write_bytes(dice.read(size))
    (site / "index.m3u8").write_text("#EXTM3U\n" + "#EXTINF:6.0,\nsegment-00001.m4s\n" * 60)


def write_script(path, names):
    """Makes wrk request the files in turn, each thread from a different starting point."""
    listed = ",".join(f'"/{name}"' for name in names)
    path.write_text(
        f"local names = {{{listed}}}\nlocal threads = 0\n"
        "function setup(thread) threads = threads + 1; thread:set('at', threads * 7) end\n"
        "function request() at = at + 1; return wrk.format('GET', names[at % #names + 1]) end\n")


def load(server, script, seconds):
    """One run of wrk."""
    outcome = harness.run(
        ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "20s", "--latency", "-s", script, server.url])
    text = outcome.stdout.decode()

    def number(pattern):
        found = re.search(pattern, text)
        return found.group(1) if found else None

    if outcome.status != 0 or not number(r"Requests/sec:\s+([\d.]+)"):
        sys.exit(f"{harness.script()}: error: wrk: {outcome.last_error() or text}")
    errors = sum(int(one) for one in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
    errors += int(number(r"Non-2xx or 3xx responses: (\d+)") or 0)
    amount, unit = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", text).groups()
    return Load(
        float(number(r"Requests/sec:\s+([\d.]+)")), float(amount) * {"KB": 1.024e-3, "MB": 1.048576, "GB": 1073.7}[unit],
        errors, number(r"99%\s+(\S+)") or "?", server.memory())


def compare(vtx, folder, runs):
    """Prints a line for each kind of file; returns everything measured."""
    for name in ("wrk", "nginx"):
        if not shutil.which(name) and not Path(f"/usr/sbin/{name}").exists():
            sys.exit(f"{harness.script()}: error: no {name}: apt-get install wrk nginx-light")
    site = folder / "site"
    make_files(site)
    kinds = {
        "segments": [f"{rung}/segment-{number:05}.m4s" for rung in SEGMENTS for number in range(COUNT)],
        "playlists": ["index.m3u8"]}
    measured = {}
    with preview.vtx_serve(vtx, site, folder / "vtx.log") as ours, preview.nginx(site, folder) as theirs:
        harness.say(
            f"{CLIENTS} clients, {SECONDS} s a run, medians of {runs} pairs\n"
            f"{'':<10} {'vtx MB/s':>9} {'nginx':>9} {'ratio':>6}   {'vtx req/s':>9} {'nginx':>9}   "
            f"{'99 %':>9} {'nginx':>9}   {'errors':>6}   memory of vtx serve, MB")
        for kind, names in kinds.items():
            script = folder / f"{kind}.lua"
            write_script(script, names)
            load(ours, script, 2)
            load(theirs, script, 2)
            pairs = []
            for number in range(runs):
                order = (ours, theirs) if number % 2 == 0 else (theirs, ours)
                done = {server: load(server, script, SECONDS) for server in order}
                pairs.append((done[ours], done[theirs]))
            measured[kind] = [(vars(one), vars(other)) for one, other in pairs]

            def median(quantity, side):
                return statistics.median(getattr(pair[side], quantity) for pair in pairs)

            ratio = statistics.median(one.megabytes / other.megabytes for one, other in pairs)
            harness.say(
                f"{kind:<10} {median('megabytes', 0):>9.0f} {median('megabytes', 1):>9.0f} {ratio:>6.2f}   "
                f"{median('requests', 0):>9.0f} {median('requests', 1):>9.0f}   {pairs[-1][0].slowest:>9} {pairs[-1][1].slowest:>9}   "
                f"{sum(one.errors for one, _ in pairs):>6}   " + ", ".join(f"{one.memory / 1e6:.0f}" for one, _ in pairs))
    return measured
