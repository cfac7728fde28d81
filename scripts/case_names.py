"""Checks of scripts/cases: names that are not UTF-8, folders and files without permission, links of serve."""

import os
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from html import unescape

import harness
from case_kit import Wrong, check, flat

TABLE = "rest"

# Names, folders -------------------------------------------------------------------------------------------------

NAME = os.fsdecode(b"caf\xe9 \xff.mp4")  # not UTF-8


def utf8(trial, outcome, what):
    """What it printed is UTF-8."""
    for data in (outcome.stdout, outcome.stderr.encode("utf-8", "surrogateescape")):
        try:
            data.decode()
        except UnicodeDecodeError:
            trial.faults.append(f"{what} prints bytes that are not UTF-8")


@check(
    TABLE,
    "a name that is not UTF-8 (recipe)",
    "{}",
    each=["probe", "probe --json", "transcode", "output", "ladder", "package", "batch"],
    needs="base.mp4",
)
def bytes_name(trial, command):
    source = trial.folder / NAME
    shutil.copy(trial.case("base.mp4"), source)
    fast = ["--speed", "superfast"]
    if command.startswith("probe"):
        outcome = trial.done(*command.split()[:1], source, *command.split()[1:])
        if "json" in command:
            harness.json_lines(outcome)
    elif command == "transcode":
        outcome = trial.done("transcode", source, "-o", trial.folder / "o.mp4", *fast)
        trial.clean(trial.folder / "o.mp4")
    elif command == "output":
        outcome = trial.done(
            "transcode", trial.case("base.mp4"), "-o", trial.folder / os.fsdecode(b"\xe9t\xe9.mp4"), *fast
        )
        trial.want(
            b"\xe9t\xe9.mp4" in os.listdir(os.fsencode(trial.folder)),
            f"written as {os.listdir(os.fsencode(trial.folder))}",
        )
    elif command in ("ladder", "package"):
        more = [*fast, "--no-thumbnails"] if command == "ladder" else []
        package = trial.folder / os.fsdecode(b"p\xe9ckage")
        outcome = trial.done(command, source, "-o", package, *more)
        trial.hls(package, apple=command == "ladder")
    else:
        folder = trial.folder / "in"
        (folder / os.fsdecode(b"d\xe9p")).mkdir(parents=True)
        shutil.move(source, folder / os.fsdecode(b"d\xe9p") / NAME)
        outcome = trial.done("batch", folder, "-o", trial.folder / "out", *fast)
        expected = os.fsencode(trial.folder / "out") + b"/d\xe9p/caf\xe9 \xff.mp4"
        trial.want(
            os.path.exists(expected),
            f"written as {[name for _, _, names in os.walk(os.fsencode(trial.folder / 'out')) for name in names]}",
        )
        trial.want("special" not in outcome.stdout.decode(errors="replace") + outcome.stderr, "called special")
        again = trial.done("batch", folder, "-o", trial.folder / "out", *fast, "--json")
        done = [one for one in harness.json_lines(again) if one["type"] == "done"]
        trial.want(not re.search(r"\bdone\b.*1 ", again.stderr), f"made again: {flat(again.stderr)} {done}")
    utf8(trial, outcome, command)


def as_nobody(trial, *arguments):
    """vtx without the rights of root, who may read everything."""
    command = [trial.setting.vtx, *arguments]
    if os.geteuid() == 0:
        trial.setting.scratch.chmod(0o755)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    return harness.run(command, timeout=120, cwd=trial.folder, env={**os.environ, "HOME": str(trial.folder)})


@check(TABLE, "an unreadable folder (recipe)", "batch{}", each=["", " -q"], needs="base.mp4")
def unreadable_folder(trial, option):
    trial.folder.chmod(0o777)
    folder = trial.folder / "in"
    (folder / "closed").mkdir(parents=True)
    shutil.copy(trial.case("base.mp4"), folder / "a.mp4")
    shutil.copy(trial.case("base.mp4"), folder / "closed" / "b.mp4")
    (folder / "a.mp4").chmod(0o644)
    (folder / "closed").chmod(0)
    (trial.folder / "out").mkdir()
    (trial.folder / "out").chmod(0o777)
    try:
        outcome = as_nobody(trial, "batch", folder, "-o", trial.folder / "out", "--speed", "superfast", *option.split())
    finally:
        (folder / "closed").chmod(0o755)
    trial.equal("status", outcome.status, 1)
    trial.want("closed" in outcome.stderr + outcome.stdout.decode(errors="replace"), "the folder is not named")
    trial.want((trial.folder / "out" / "a.mp4").exists(), "the other file was not made")


@check(TABLE, "an unreadable file (recipe)", "batch -q", needs="base.mp4")
def unreadable_file(trial):
    trial.folder.chmod(0o777)
    folder = trial.folder / "in"
    folder.mkdir()
    shutil.copy(trial.case("base.mp4"), folder / "a.mp4")
    shutil.copy(trial.case("base.mp4"), folder / "b.mp4")
    (folder / "a.mp4").chmod(0o644)
    (folder / "b.mp4").chmod(0)
    (trial.folder / "out").mkdir()
    (trial.folder / "out").chmod(0o777)
    outcome = as_nobody(trial, "batch", folder, "-o", trial.folder / "out", "--speed", "superfast", "-q")
    trial.equal("status", outcome.status, 1)


@check(TABLE, "a name with a newline (recipe)", "serve: its link works", needs="base.mp4")
def newline(trial):
    linked(trial, "new\nline")


SERVED = {
    "percent": "%41 ?#&",
    "quotes": "ä \\ \"q\" <b>",
    "bytes that are not UTF-8": os.fsdecode(b"\xe9t\xe9"),
    "controls": "a\tb\r",
}


@check(TABLE, "other names (recipe)", "serve, {}: its link works", each=list(SERVED), needs="base.mp4")
def other_names(trial, kind):
    linked(trial, SERVED[kind])


def linked(trial, name):
    """A package of that name is listed, and its links answer 200."""
    folder = trial.folder / "served"
    folder.mkdir()
    ladder = trial.made(
        "served-ladder",
        lambda path: harness.run(
            [
                trial.setting.vtx,
                "ladder",
                trial.case("base.mp4"),
                "-o",
                path,
                "--speed",
                "superfast",
                "--no-thumbnails",
                "--player",
            ]
        ),
    )
    shutil.copytree(ladder, folder / name)
    process = subprocess.Popen(
        [trial.setting.vtx, "serve", folder, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=trial.folder,
    )
    lines, found = [], threading.Event()

    def read():
        for line in process.stderr:
            lines.append(line.decode(errors="replace"))
            if "http://" in lines[-1]:
                found.set()

    threading.Thread(target=read, daemon=True).start()
    try:
        if not found.wait(20):
            raise Wrong(f"serve names no address: {lines}")
        base = re.search(r"http://[^\s/]+/?", "".join(lines))[0].rstrip("/") + "/"
        page = urllib.request.urlopen(base, timeout=10).read().decode()
        links = [one for one in re.findall(r'href="([^"]+)"', page) if not one.startswith(("http", "data:", "#"))]
        if not trial.want(links, "nothing is listed"):
            return
        for link in links[:1]:
            address = urllib.parse.urljoin(base, unescape(link))
            for target in (address, urllib.parse.urljoin(address, "master.m3u8")):
                try:
                    status = urllib.request.urlopen(target, timeout=10).status
                except urllib.error.HTTPError as problem:
                    status = problem.code
                trial.equal(f"status of {target}", status, 200)
    finally:
        process.terminate()
        process.wait(10)
