"""Feed one stolen document for each line read, and say when it was durable: a child process of `mixed.py`.

`python -m bench.feed_singly`, with LIAISON_HOME set; a line in is a document
number, a line out is the moment on the clock that all processes share.
"""

import sys
import time


def main() -> None:
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.access.queries import asker_of_key
    from liaison.cli.client import find_key
    from liaison.records.feed import feed_rows, open_batch
    from liaison.records.formats import Row

    asker = asker_of_key(find_key(None), timezone.now())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        number = line.strip()
        fields: dict[str, object] = {
            "source_reference": f"BENCH-{number}",
            "purpose": ["border"],
            "number": number,
            "issuer": asker.country,
            "type": "passport",
            "reason": "stolen",
        }
        batch = open_batch(asker, "travel_documents", "hand", "", {}, timezone.now())
        chunks = feed_rows(batch, [Row(1, fields, None, "")], asker, timezone.now)
        next(chunks)
        durable = time.monotonic()
        for _ in chunks:
            pass
        if not batch.accepted:
            raise SystemExit("The record of the benchmark was refused.")
        sys.stdout.write(f"{durable}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
