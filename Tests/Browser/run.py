"""Drives the dashboard in a real browser.

    run.py FOLDER [NAME ...]     FOLDER holds rampart and rampart-lab; NAMES are as of unittest, such as test_pages

One trading venue and one browser serve all tests; tests that stop or kill a node have one of their own."""

import os
import sys
import time
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)

import harness  # noqa: E402

ORDER = ["test_pages", "test_markets", "test_account", "test_states", "test_access", "test_speed"]


def main(arguments):
    if not arguments or not os.path.isdir(arguments[0]):
        print(__doc__, file=sys.stderr)
        return 2
    lab, harness.program = (os.path.join(arguments[0], name) for name in ("rampart-lab", "rampart"))
    for program in (lab, harness.program, harness.CHROMIUM):
        if not os.access(program, os.X_OK):
            print(f"browser: FAILED: {program} is not there; 'make test' builds the programs, and"
                  " 'scripts/setup.sh tests' installs Chromium", file=sys.stderr)
            return 2
    began = time.monotonic()
    harness.venue = harness.start_venue(lab)
    harness.browser = harness.Browser()
    print(f"browser: {harness.browser.chromium.version}, venue at {harness.venue.url}"
          f" after {time.monotonic() - began:.0f} s", flush=True)
    tests = unittest.defaultTestLoader.loadTestsFromNames(arguments[1:] or ORDER)
    passed = False
    try:
        passed = unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()
    finally:
        harness.browser.close()
        code = harness.venue.stop()
        if code != 0 or not passed:
            print(f"browser: the venue ended with exit code {code} and these last words:\n"
                  + harness.venue.log()[-2000:], file=sys.stderr)
        harness.venue.clean()
    print(f"browser: {'passed' if passed and code == 0 else 'FAILED'}"
          f" in {time.monotonic() - began:.0f} s")
    return 0 if passed and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
