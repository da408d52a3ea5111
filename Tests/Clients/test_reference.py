"""schemathesis reads the reference that the venue serves and asks what it allows and what it does
not: no answer may be the venue's own fault, each has the shape and the status that the reference
says. It runs within bounds and always asks the same."""

import os
import re
import subprocess
import sys
import unittest

import venue
from within_reach import ENDS, LONGEST_QUERY, MOST_PARAMETERS

CHECKS = ("not_a_server_error,response_schema_conformance,status_code_conformance,"
          "content_type_conformance")
# Of each method in both forms by chance, beside those that cover the rules of its schema.
EXAMPLES = 6
SECONDS = 45
FOLDER = os.path.dirname(os.path.abspath(__file__))


def ends_at_the_sockets(address):
    """Whether an address never reaches the API."""
    query = address.partition("?")[2]
    return (len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS
            or any(end in query for end in ENDS))


class Reference(unittest.TestCase):
    def test_what_no_parameter_may_be_is_answered_by_the_reference(self):
        self.explore("coverage", "all")

    def test_what_parameters_may_be_by_chance_is_answered_by_the_reference(self):
        # Only right ones: wrong names by chance mostly end at the sockets, and wrong values of every
        # parameter are in the other test and in test_bad_input.
        self.explore("fuzzing", "positive")

    def explore(self, phase, mode):
        program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
        credential = f"{venue.running.client_id}:{venue.running.client_secret}"
        result = subprocess.run(
            [program, "run", venue.running.url + "/api/v2/openapi.json", "--auth", credential,
             "--checks", CHECKS, "--phases", phase, "--mode", mode, "--max-examples", str(EXAMPLES),
             "--max-time", str(SECONDS), "--generation-deterministic",
             "--workers", "1", "--no-shrink", "--no-color",
             "--continue-on-failure", "--request-timeout", "20", "--warnings", "off"],
            cwd=venue.running.folder, env=os.environ | {
                "SCHEMATHESIS_HOOKS": "within_reach", "PYTHONPATH": FOLDER},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=SECONDS * 2)
        # The longest lines are requests of the largest size.
        report = "\n".join(line[:500] for line in result.stdout.splitlines())
        self.assertNotIn("\u274c", report, report[-20_000:])
        # The hook does not see all that is made by chance. A connection that ended without an answer
        # is right only where the sockets refuse the address.
        errors = re.findall(r"^ +\S+ ([A-Z].* Error): (\d+)$", report, re.MULTILINE)
        for kind, _ in errors:
            self.assertEqual(kind, "Network Error", report[-20_000:])
        if result.returncode != 0:
            self.assertTrue(errors, report[-20_000:])
        for block in re.findall(r"^Network Error$([\s\S]*?curl .*)", result.stdout, re.MULTILINE):
            address = re.search(r"'(http://\S+)'", block)
            self.assertTrue(address and ends_at_the_sockets(address[1]), block[:2_000])
        counts = re.search(r"Tested: (\d+)[\s\S]*?(\d+) generated", report)
        self.assertIsNotNone(counts, report)
        self.assertGreater(int(counts[1]), 200, "methods in both forms")
        print(f"{counts[1]} operations, {counts[2]} requests", end=" ... ")


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
