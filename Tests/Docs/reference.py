"""Compares files of the repository with what is made of the code: the same text, or a fault that
says how to write it anew."""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def compared(path, text):
    """The faults of one file; with RAMPART_WRITE_REFERENCE it is written first."""
    place = os.path.join(ROOT, path)
    if os.environ.get("RAMPART_WRITE_REFERENCE"):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w") as file:
            file.write(text)
    try:
        with open(place) as file:
            kept = file.read()
    except FileNotFoundError:
        kept = ""
    if kept == text:
        return []
    return [f"{path} is not what the code makes: make docs WRITE=1 writes it anew"]
