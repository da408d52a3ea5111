"""Does what the pages say: every command of a `console` fence runs and must print what the page
shows below it, every `sum` must be right (pages.py).

    run.py PROGRAMS [PAGE ...]     PROGRAMS is the folder of the built rampart and rampart-lab

Each page has a shell in a new folder and, where the system lets it, a network of its own, so that
the addresses of the pages are free and two pages run at a time. RAMPART_CLIENTS=skip leaves out
the pages whose programs need clients of PyPI."""

import fcntl
import glob
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pages
import session
import sums

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = ["docs/start.md", "docs/concepts/*.md", "docs/guides/*.md"]
# Set in the process that has a network of its own.
INSIDE = "RAMPART_DOCS_INSIDE"
NETWORK = ["unshare", "--user", "--map-root-user", "--net"]
AT_A_TIME = 2
# What a page that needs clients of PyPI imports.
CLIENTS = ["import ccxt", "import aiohttp"]
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def has_own_network():
    """Whether the system lets a program have a network of its own."""
    return shutil.which("unshare") is not None and subprocess.run(
        NETWORK + ["true"], stderr=subprocess.DEVNULL).returncode == 0


def run_apart(path, programs):
    """Checks one page in a network of its own; what it says, and whether all was well."""
    done = subprocess.run(
        NETWORK + [sys.executable, os.path.abspath(__file__), programs, path],
        env={**os.environ, INSIDE: "yes"}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    print(done.stdout, end="", flush=True)
    return done.returncode == 0


def environment(programs, folder):
    """What the commands of a page see: the programs, and `make run` without its build."""
    tools = os.path.join(folder, "tools")
    os.mkdir(tools)
    make = os.path.join(tools, "make")
    with open(make, "w") as file:
        file.write("#!/bin/sh\nset -e\n"
                   f"command=$(/usr/bin/make -s -n -C '{ROOT}' \"$@\" | tail -1)\n"
                   f"exec '{programs}'/$(basename \"${{command%% *}}\") ${{command#* }}\n")
    os.chmod(make, 0o755)
    kept = {name: os.environ[name] for name in ["HOME", "LANG", "TMPDIR"] if name in os.environ}
    path = [tools, programs, os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"]
    return {**kept, "PATH": ":".join(path), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8", "RAMPART": ROOT}


def check(path, programs):
    """The faults of one page."""
    with open(os.path.join(ROOT, path)) as file:
        steps = pages.steps(file.read())
    faults = []
    for step in steps:
        if step.kind == "sum":
            for offset, line in enumerate(step.lines):
                wrong = sums.fault(line) if line.strip() else None
                if wrong:
                    faults.append(f"{path}:{step.line + 1 + offset}: {line.strip()}: {wrong}")
    if not any(step.kind != "sum" for step in steps):
        return faults
    folder = tempfile.mkdtemp(prefix="rampart-docs-")
    work = os.path.join(folder, "work")
    os.mkdir(work)
    # The pages are read from the top of the repository.
    os.symlink(os.path.join(ROOT, "docs"), os.path.join(work, "docs"))
    shell = session.Session(work, environment(programs, folder))
    line = 0
    try:
        for step in steps:
            line = step.line
            if step.kind == "file":
                with open(os.path.join(work, step.name), "w") as file:
                    file.write("\n".join(step.lines) + "\n")
            elif step.kind == "until":
                shell.wait_until(step.name)
            elif step.kind == "stop":
                shell.stop_beside()
            elif step.kind in ("console", "beside"):
                for command in step.commands():
                    line = command.line
                    (shell.check if step.kind == "console" else shell.start_beside)(command)
        shell.stop_beside()
    except (session.Failure, ValueError) as failure:
        faults.append(f"{path}:{line}: {failure}")
    finally:
        shell.close()
        shutil.rmtree(folder, ignore_errors=True)
    return faults


def is_checked(path):
    """Whether a page has anything to check."""
    with open(os.path.join(ROOT, path)) as file:
        return bool(pages.steps(file.read()))


def needs_clients(path):
    with open(os.path.join(ROOT, path)) as file:
        text = file.read()
    return any(f"\n{line}" in text for line in CLIENTS)


def main(arguments):
    if not arguments or not os.access(os.path.join(arguments[0], "rampart"), os.X_OK):
        print(__doc__, file=sys.stderr)
        return 2
    programs = os.path.abspath(arguments[0])
    chosen = arguments[1:] or [
        path for pattern in PAGES
        for path in sorted(glob.glob(pattern, root_dir=ROOT))]
    if os.environ.get("RAMPART_CLIENTS") == "skip":
        left_out = [path for path in chosen if needs_clients(path)]
        chosen = [path for path in chosen if path not in left_out]
        if left_out:
            print(f"docs: SKIPPED because RAMPART_CLIENTS=skip: {' '.join(left_out)}")
    if os.environ.get(INSIDE):
        bring_up_loopback()
    elif has_own_network():
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            return 0 if all(threads.map(lambda path: run_apart(path, programs), chosen)) else 1
    faults = []
    for path in chosen:
        began = time.monotonic()
        try:
            wrong = check(path, programs)
        except ValueError as error:
            wrong = [f"{path}: {error}"]
        faults += wrong
        if wrong or is_checked(path):
            print(f"docs: {'FAILED' if wrong else 'passed'} {path} in"
                  f" {time.monotonic() - began:.1f} s", flush=True)
    for one in faults:
        print("docs: " + one, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
