"""How fast and how heavy the dashboard is. Times are printed with a yardstick of the same run and asserted
only as ratios to it; what is asserted plainly is weight and memory. SOAK=SECONDS watches for so long."""

import http.server
import os
import statistics
import threading
import time
import unittest

import harness
import load

PAINT = """() => new Promise(done => {
  const at = () => performance.getEntriesByName('first-contentful-paint')[0];
  const look = () => at() ? done(at().startTime) : setTimeout(look, 20); look(); })"""
# Resolves with the milliseconds from an order's answer to the row in the book.
ROW = """price => new Promise(done => {
  const find = () => [...document.querySelectorAll('[data-test=book-bids] tr')]
    .some(row => Number(row.cells[0].textContent.replaceAll(',', '')) === price);
  const look = () => find() ? done(Date.now()) : requestAnimationFrame(look);
  look(); })"""
MIB = 1 << 20
# Beside a plain page of 40 KB, which a browser paints as fast as it can paint text.
MOST_TIMES_PLAIN = 12
MOST_GROWTH = 1.10


class Plain(http.server.BaseHTTPRequestHandler):
    body = b"<!doctype html><title>plain</title><p>" + b"plain text " * 4_000

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


def paint(url):
    """Milliseconds to the first contentful paint, the middle of five visits with an empty cache."""
    times = []
    for _ in range(5):
        page = harness.browser.page()
        page.goto(url)
        times.append(page.evaluate(PAINT))
        page.context.close()
    return statistics.median(times)


class SpeedTest(unittest.TestCase):
    def test_first_paint_beside_a_plain_page(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Plain)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            plain = paint(f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()
        ours = paint(harness.venue.url)
        print(f"\nfirst paint: {ours:.0f} ms; a plain page of 44 KB: {plain:.0f} ms;"
              f" {ours / plain:.1f} times")
        self.assertLess(ours, plain * MOST_TIMES_PLAIN)

    def test_the_page_weighs_a_mebibyte_at_most(self):
        page = harness.browser.page()
        sizes = {}
        page.on("response", lambda answer: sizes.__setitem__(
            answer.url, int(answer.headers.get("content-length") or len(answer.body()))))
        for route in ("markets", "account", "risk", "integrity", "network"):
            page.goto(f"{harness.venue.url}/#/{route}")
            page.wait_for_selector("[data-test=state][data-state=live]")
        page.wait_for_load_state("load")
        time.sleep(1)
        files = {url: size for url, size in sizes.items() if "/assets/" in url or url.endswith("/")}
        print(f"\npage weight: {sum(files.values()) / 1024:.0f} KiB in {len(files)} files")
        self.assertLessEqual(sum(files.values()), MIB)
        page.context.close()

    def test_an_order_is_in_the_book_soon_after_its_answer(self):
        page = harness.browser.page()
        page.goto(f"{harness.venue.url}/#/markets/{load.INSTRUMENT}")
        harness.wait_for_book(page)
        trader = load.Trader(harness.venue)
        times = []
        for place in range(9):
            # Inside the spread or at the best bid, where every grouping shows it.
            order = trader.rest(lots=5 + place, below=1)
            answered = time.time() * 1000
            shown = page.evaluate(ROW, order["price"])
            times.append(max(0, shown - answered))
            trader.cancel_all()
        trader.close()
        page.context.close()
        print(f"\nfrom an order's answer to its row: {statistics.median(times):.0f} ms,"
              f" slowest of {len(times)}: {max(times):.0f} ms")

    @unittest.skipUnless(os.environ.get("SOAK"), "SOAK=SECONDS watches memory and processor")
    def test_a_hundred_updates_a_second_cost_no_memory(self):
        seconds = int(os.environ["SOAK"])
        page = harness.browser.page()
        page.goto(f"{harness.venue.url}/#/markets/{load.INSTRUMENT}")
        harness.wait_for_book(page)
        session = page.context.new_cdp_session(page)
        # Each edit waits for its block, so there are two.
        movers = [load.BookMover(harness.venue, 50) for _ in range(2)]
        for mover in movers:
            mover.start()
        samples = []
        began, edits = time.monotonic(), sum(mover.edits for mover in movers)
        used = processor_seconds()
        while time.monotonic() - began < seconds:
            time.sleep(min(30, seconds / 10))
            samples.append(memory(session))
            print(f"\n{time.monotonic() - began:5.0f} s: heap {samples[-1][0] / MIB:.1f} MiB,"
                  f" {samples[-1][1]} nodes, {sum(mover.edits for mover in movers)} updates", end="", flush=True)
        wall = time.monotonic() - began
        share = (processor_seconds() - used) / wall
        rate = (sum(mover.edits for mover in movers) - edits) / wall
        for mover in movers:
            mover.end()
        # The middle of the first and last third, since collections of garbage come when they come.
        third = max(1, len(samples) // 3)
        first, last = (statistics.median(s[0] for s in part)
                       for part in (samples[:third], samples[-third:]))
        print(f"\n{rate:.0f} updates a second for {wall:.0f} s: {100 * share:.0f} % of a core,"
              f" heap {first / MIB:.1f} to {last / MIB:.1f} MiB")
        self.assertLess(last, first * MOST_GROWTH)
        self.assertLess(samples[-1][1], samples[0][1] * MOST_GROWTH)
        page.context.close()


def memory(session):
    """Bytes of the page's heap after its garbage is collected, and its nodes."""
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    return heap, session.send("Memory.getDOMCounters")["nodes"]


def processor_seconds():
    """What all processes of this run's Chromium have used."""
    ticks = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if b"chromium" not in file.read():
                    continue
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")
