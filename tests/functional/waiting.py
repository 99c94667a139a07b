"""Waiting for a state: polls, with a deadline that says what it waited for."""

import os
import time

PATIENCE_S = float(os.environ.get("MILLWRIGHT_TEST_PATIENCE_S", "180"))
PAUSE_S = 0.05


def wait_until(probe, what, patience_s=PATIENCE_S):
    """What `probe` returns, as soon as that is true. `what` may be a function that tells more."""
    deadline = time.monotonic() + patience_s
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience_s:g} s: {what() if callable(what) else what}")
        time.sleep(PAUSE_S)
