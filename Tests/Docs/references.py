"""Compares the pages of docs/reference with what the code says; RAMPART_WRITE_REFERENCE=1 writes
them anew."""

import sys

import api_reference
import ledger_reference
import settings_reference
from reference import compared


def main():
    made = {
        "events": ledger_reference.events(), "commands": ledger_reference.commands(),
        "refusals": ledger_reference.refusals(), "api": api_reference.page(),
        "settings": settings_reference.page(),
    }
    faults = [fault for name, text in made.items()
              for fault in compared(f"docs/reference/{name}.md", text)]
    for fault in faults:
        print("docs: " + fault, file=sys.stderr)
    print(f"docs: {'FAILED' if faults else 'passed'} docs/reference")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
