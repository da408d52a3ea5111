/// What this room is for is in README.md.
