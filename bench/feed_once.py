"""Feed one file in this process and say how long it took: a child process of `feed.py`.

`python -m bench.feed_once FILE DATABASE FORMAT`, with LIAISON_HOME set; prints one JSON object.
The time runs from the opening of the batch until its last row is durable and the batch is closed.
"""

import json
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.access.queries import asker_of_key
    from liaison.cli.client import find_key
    from liaison.records.feed import CHUNK_ROWS, feed_rows, open_batch
    from liaison.records.formats import open_rows

    file, database, code = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    asker = asker_of_key(find_key(None), timezone.now())
    started = time.perf_counter()
    batch = open_batch(asker, database, code, file.name, {}, timezone.now())
    with file.open("rb") as source:
        for _ in feed_rows(batch, open_rows(source, format=code), asker, timezone.now):
            pass
    seconds = time.perf_counter() - started
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": seconds, "accepted": batch.accepted, "chunk_rows": CHUNK_ROWS, "peak_mib": peak_mib}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
