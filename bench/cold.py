"""`python -m bench.cold FOLDER COUNT`: open an index in a new process, ask, and print how long it took as JSON."""

import sys
import time
from pathlib import Path

import msgspec

from bench.people import travelling
from bench.population import ALLOWED, TODAY, peak_mib, travellers
from liaison.engine.index import Index, warm_up


def main(folder: Path, count: int) -> None:
    """Ask about `count` travellers; the kernels are compiled before, for they belong to no index."""
    queries = [travelling(person) for person in travellers(count)]
    warm_up()
    started = time.perf_counter()
    index = Index(folder)
    opened = time.perf_counter()
    seconds = []
    for query in queries:
        begun = time.perf_counter()
        index.search(query, ALLOWED, TODAY)
        seconds.append(time.perf_counter() - begun)
    told = {
        "open": opened - started,
        "first": opened - started + seconds[0],
        "seconds": seconds,
        "peak_mib": peak_mib(),
    }
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
