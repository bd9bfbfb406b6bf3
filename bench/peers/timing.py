"""Times one call again and again, and prints what a contender of the choose rows has to say."""

import json
import resource
import sys
import time


def report(call, seconds, result, engine):
    """Calls at least once, and for so many seconds; `result` is what the first call, made before, came to."""
    taken, start = [], time.perf_counter()
    while not taken or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        call()
        taken.append(time.perf_counter() - before)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"result": result, "seconds": taken, "peakMemoryBytes": peak, "engine": engine}))
