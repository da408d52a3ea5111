"""A demonstration venue of its own for the clients: `rampart-lab demo` on a free port with a new
folder, read for its address and credential, and stopped by SIGTERM, after which its exit code must
be 0."""

import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

# The built-in day is played for two hours before the API opens: seconds, more on a busy machine.
START_SECONDS = 180
STOP_SECONDS = 60
# Clients under test ask as fast as they can; the pool of credits has tests of its own.
SETTINGS = ["--api.credits", "1000000000", "--api.credits-per-second", "1000000000"]


class Venue:
    """A running demonstration."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="rampart-clients-")
        self.errors = open(os.path.join(self.folder, "stderr"), "w+b")
        self.process = subprocess.Popen(
            [program, "demo", "--api.listen", "127.0.0.1:0",
             "--data.directory", os.path.join(self.folder, "data"), *SETTINGS],
            stdout=subprocess.PIPE, stderr=self.errors)
        try:
            text = self._welcome()
            self.host, port = re.search(r"http://([\d.]+):(\d+)", text).groups()
            self.port = int(port)
            self.client_id = re.search(r"client_id\s+(\S+)", text)[1]
            self.client_secret = re.search(r"client_secret\s+(\S+)", text)[1]
            self.account = int(re.search(r"Account (\d+) is yours", text)[1])
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self.url = f"http://{self.host}:{self.port}"
        self.websocket_url = f"ws://{self.host}:{self.port}/ws/api/v2"

    def _welcome(self):
        """What the program says when its API is open."""
        deadline = time.monotonic() + START_SECONDS
        text = ""
        output = self.process.stdout.fileno()
        while "print(venue" not in text:
            if not select.select([output], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise RuntimeError(f"the venue did not open its API within {START_SECONDS} s")
            piece = os.read(output, 65536)
            if not piece:
                raise RuntimeError("the venue ended before its API was open:\n" + self.log())
            text += piece.decode()
        return text

    def log(self):
        """What the program wrote to standard error."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        """Asks the program to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"the venue did not stop within {STOP_SECONDS} s of SIGTERM")
        finally:
            self.process.stdout.close()

    def clean(self):
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


# The one venue of a run; `run.py` starts it before the tests and stops it after them.
running = None
