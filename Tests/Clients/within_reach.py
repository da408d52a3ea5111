"""Keeps schemathesis to requests that reach the API: what does not fit a request's head, holds a zero
or a line end in its address, has too many parameters, or is over the size of a message ends at the sockets, with a plain 4xx
or a closed connection (`test_bad_input.py` holds that to account)."""

import json
import urllib.parse

import schemathesis

LONGEST_QUERY = 3_000
MOST_PARAMETERS = 64
MESSAGE_BYTES = 262_144
ENDS = ["%00", "%0A", "%0D"]


@schemathesis.hook
def filter_case(context, case):
    query = urllib.parse.urlencode(case.query or {}, doseq=True, errors="replace")
    if len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS:
        return False
    if any(end in query for end in ENDS):
        return False
    body = case.body
    if isinstance(body, bytes):
        return len(body) <= MESSAGE_BYTES
    try:
        return len(json.dumps(body)) <= MESSAGE_BYTES
    except TypeError:
        return True
