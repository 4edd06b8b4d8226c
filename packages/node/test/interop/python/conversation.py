"""What the programs of this folder say to the tests that start them, and what they have in common."""

import json
import sys

CLOSE_REQUEST = "close me"
FAREWELL = (4002, "bye")
OWN_FAREWELL = (4001, "done")


def read_messages():
    """The messages to exchange, one JSON line on standard input: {"text": ...} or {"hex": ...}."""
    return [m["text"] if "text" in m else bytes.fromhex(m["hex"]) for m in json.loads(sys.stdin.readline())]


def tell(**what):
    print(json.dumps(what), flush=True)


def check(answers, messages):
    if answers != messages:
        wrong = next(i for i, pair in enumerate(zip(answers, messages)) if pair[0] != pair[1])
        raise SystemExit(f"answer {wrong} differs: {answers[wrong][:60]!r}")
