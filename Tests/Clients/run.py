"""Runs the real clients against a venue of their own.

    run.py PROGRAM [NAME ...]     PROGRAM is rampart-lab; NAMES are as of unittest, such as test_rest

One venue serves all tests in turn. Behind the last one it must still run, and stop at SIGTERM with
exit code 0."""

import os
import sys
import time
import unittest

import venue

FOLDER = os.path.dirname(os.path.abspath(__file__))
# From the plainest use to the roughest.
ORDER = ["test_rest", "test_websocket", "test_nautilus", "test_bad_input", "test_reference"]


def main(arguments):
    if not arguments or not os.access(arguments[0], os.X_OK):
        print(__doc__, file=sys.stderr)
        return 2
    names = arguments[1:] or ORDER
    # `scripts/clients.sh` says whether this Python is one that the adapter exists for.
    if os.environ.get("RAMPART_NAUTILUS") != "yes" and names is ORDER:
        print("clients: NOT RUN: test_nautilus: Nautilus Trader's Deribit adapter needs Python 3.12;"
              f" this is {sys.version.split()[0]}; name another by RAMPART_PYTHON")
        names = [name for name in ORDER if name != "test_nautilus"]
    began = time.monotonic()
    venue.running = venue.Venue(arguments[0])
    print(f"clients: venue at {venue.running.url} after {time.monotonic() - began:.0f} s", flush=True)
    tests = unittest.defaultTestLoader.loadTestsFromNames(names)
    passed = False
    try:
        passed = unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()
        if not venue.running.is_running():
            print("clients: FAILED: the venue has ended under its clients", file=sys.stderr)
            passed = False
    finally:
        code = venue.running.stop()
        if code != 0 or not passed:
            print(f"clients: the venue ended with exit code {code} and these last words:\n"
                  + venue.running.log()[-4000:], file=sys.stderr)
        venue.running.clean()
    print(f"clients: {'passed' if passed and code == 0 else 'FAILED'}"
          f" in {time.monotonic() - began:.0f} s")
    return 0 if passed and code == 0 else 1


if __name__ == "__main__":
    sys.path.insert(0, FOLDER)
    sys.exit(main(sys.argv[1:]))
