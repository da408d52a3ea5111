"""What the browser tests share: a venue that trades, a node of its own that may be killed, and pages of
Debian's Chromium that complain about nothing."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import shutil
import urllib.request

from playwright.sync_api import sync_playwright

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "Clients"))
import venue as clients_venue  # noqa: E402

CHROMIUM = os.environ.get("RAMPART_CHROMIUM", "/usr/bin/chromium")
DESKTOP = {"width": 1400, "height": 1000}
PHONE = {"width": 390, "height": 844}
# However busy the machine is; a page that works answers in a fraction of it.
PATIENCE_MS = 30_000
START_SECONDS = 120


class Node:
    """`rampart node` on a fixed port with its publishers, from `rampart init`."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="rampart-browser-")
        self.home = os.path.join(self.folder, "harbour")
        self.environment = dict(os.environ, RAMPART_PASSPHRASE="a passphrase of the browser tests")
        self.run("init", self.home)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.publishers = []

    def run(self, *words):
        subprocess.run([self.program, *words], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=START_SECONDS)

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "node", "--config", os.path.join(self.home, "rampart.conf"),
             "--api.listen", f"127.0.0.1:{self.port}"],
            env=self.environment, stdin=subprocess.DEVNULL,
            stderr=open(os.path.join(self.folder, "log"), "ab"))
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(self.url + "/ready", timeout=5).read()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the node does not start: " + self.log())
                time.sleep(0.1)
        return self

    def publish(self, *prices):
        """The three publishers, who repeat these prices, such as `BTC=97000`, every second."""
        for number in (1, 2, 3):
            self.publishers.append(subprocess.Popen(
                [self.program, "publish", "--key",
                 os.path.join(self.home, "keys", f"publisher-{number}.key"),
                 "--genesis", os.path.join(self.home, "genesis.json"),
                 "--node", self.url, "--every", "1", *prices],
                env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def silence(self):
        """Ends the publishers."""
        for publisher in self.publishers:
            publisher.kill()
            publisher.wait()
        self.publishers = []

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def log(self):
        with open(os.path.join(self.folder, "log"), errors="replace") as file:
            return file.read()[-4000:]

    def clean(self):
        self.silence()
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Browser:
    """One Chromium for a run."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-precise-memory-info"])

    def page(self, size=DESKTOP, scheme="light", bypass_csp=True):
        """A page in a context of its own; what it complains of is kept in `complaints`. Waiting for a
        condition evaluates text, which the policy of the pages forbids; so tests that do not wait
        for one keep the policy, and complaints hold what it forbids."""
        context = self.chromium.new_context(
            viewport=size, color_scheme=scheme, is_mobile=size is PHONE, bypass_csp=bypass_csp)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(f"error: {error}"))
        page.on("console", lambda message: message.type == "error"
                and page.complaints.append(f"console: {message.text}"))
        return page

    def close(self):
        self.chromium.close()
        self.playwright.stop()


ROUTES = ("markets", "account", "risk", "integrity", "network")
LIVE = "[data-test=state][data-state=live]"


def go(page, route, base=None):
    """Opens a page of the dashboard and waits until it is live."""
    page.goto(f"{base or venue.url}/#/{route}")
    page.wait_for_selector(LIVE)
    return page


def wait_for_book(page):
    page.wait_for_function(
        "[...document.querySelectorAll('[data-test=book-bids] td')].some(cell => cell.textContent)")


# Started by run.py before the tests.
browser = None
venue = None
program = None


def start_venue(lab):
    # A hundred updates a second need as many blocks.
    if os.environ.get("SOAK"):
        clients_venue.SETTINGS.extend(["--block.interval-ms", "2"])
    return clients_venue.Venue(lab)
