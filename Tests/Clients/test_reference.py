"""schemathesis reads the reference that the venue serves and asks what it allows and what it does
not: no answer may be the venue's own fault, each has the shape and the status that the reference
says. It runs within bounds, from one seed."""

import os
import subprocess
import sys
import unittest

import venue

CHECKS = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance"
# Of each method in both forms.
EXAMPLES = 6
SECONDS = 80
SEED = 20_261_121


class Reference(unittest.TestCase):
    def test_schemathesis_finds_no_answer_that_the_reference_does_not_know(self):
        program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
        credential = f"{venue.running.client_id}:{venue.running.client_secret}"
        result = subprocess.run(
            [program, "run", venue.running.url + "/api/v2/openapi.json", "--auth", credential,
             "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES),
             "--max-time", str(SECONDS), "--seed", str(SEED), "--generation-deterministic",
             "--workers", "2", "--no-shrink", "--generation-database", "none", "--no-color",
             "--continue-on-failure", "--request-timeout", "20", "--warnings", "off"],
            cwd=venue.running.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=SECONDS * 2)
        self.assertEqual(result.returncode, 0, result.stdout[-20_000:])
        print(*[line for line in result.stdout.splitlines()
                if "generated" in line or "selected" in line.lower()], sep="\n")


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
