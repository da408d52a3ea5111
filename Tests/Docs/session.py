"""A shell in a folder of its own that takes the commands of a page one after the other, and the
programs that run beside it."""

import os
import signal
import subprocess
import threading
import time

import pages

# More than anything on a page takes on a busy machine.
PATIENCE = 90
STOP_SECONDS = 30


class Failure(Exception):
    """A command that does not do what its page says."""


class Beside:
    """A command that runs in a terminal of its own."""

    def __init__(self, command, folder, environment):
        self.command = command
        self.output = []
        self.process = subprocess.Popen(
            ["bash", "-c", command.text], cwd=folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))

    def wait_for_output(self):
        """Until it has printed what the page shows."""
        wanted = self.command.prints + ["…"]
        deadline = time.monotonic() + PATIENCE
        while pages.difference(wanted, list(self.output)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.reader.join(1)
                wrong = pages.difference(wanted, list(self.output))
                if wrong:
                    raise Failure(f"{self.command.text}\n{wrong}\n" + "\n".join(self.output))
            time.sleep(0.05)

    def stop(self):
        """As Ctrl-C does; what does not end well is a fault."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise Failure(f"{self.command.text}\ndid not end within {STOP_SECONDS} s of Ctrl-C")
        if code not in (0, -signal.SIGINT, 128 + signal.SIGINT):
            raise Failure(f"{self.command.text}\nended with {code}\n" + "\n".join(self.output))


class Session:
    """One page's shell."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.beside = []
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)

    def run(self, text):
        """What a command prints, as lines, and its exit code."""
        mark = f"--{os.urandom(8).hex()}--"
        timer = threading.Timer(PATIENCE, lambda: os.killpg(self.shell.pid, signal.SIGKILL))
        timer.start()
        try:
            self.shell.stdin.write(f"{{ {text}\n}} </dev/null\nprintf '\\n%s %s\\n' {mark} $?\n")
            self.shell.stdin.flush()
            output = []
            for line in self.shell.stdout:
                if line.startswith(mark):
                    # The line end before the mark is ours, unless the output lacked its own.
                    if output and output[-1] == "":
                        output.pop()
                    return output, int(line.split()[1])
                output.append(line.rstrip("\n"))
        finally:
            timer.cancel()
        raise Failure(f"{text}\ndid not end within {PATIENCE} s, or ended the shell:\n"
                      + "\n".join(output))

    def check(self, command):
        """Runs a command of a page; it must print what the page shows."""
        output, code = self.run(command.text)
        wrong = pages.difference(command.prints, output)
        if wrong:
            raise Failure(f"{command.text}\n{wrong}\nall of it (exit code {code}):\n"
                          + "\n".join(output))
        if code != 0 and not command.prints:
            raise Failure(f"{command.text}\nended with {code}")

    def start_beside(self, command):
        """Starts a command in a terminal of its own and waits for what the page shows of it."""
        # It sees what the shell has exported by now.
        exported, _ = self.run("env -0 | tr '\\0\\n' '\\n '")
        names = dict(line.split("=", 1) for line in exported if "=" in line)
        folder = self.run("pwd")[0][0]
        self.beside.append(Beside(command, folder, names))
        self.beside[-1].wait_for_output()

    def wait_until(self, text):
        """Repeats a command until it succeeds."""
        deadline = time.monotonic() + PATIENCE
        while self.run(f"{text} >/dev/null 2>&1")[1] != 0:
            if time.monotonic() > deadline:
                raise Failure(f"{text}\ndid not succeed within {PATIENCE} s")
            time.sleep(0.1)

    def stop_beside(self):
        """Stops what runs beside, the latest first."""
        while self.beside:
            self.beside.pop().stop()

    def close(self):
        """Ends everything, whatever state it is in."""
        for one in self.beside:
            if one.process.poll() is None:
                os.killpg(one.process.pid, signal.SIGKILL)
                one.process.wait()
        if self.shell.poll() is None:
            os.killpg(self.shell.pid, signal.SIGKILL)
            self.shell.wait()
