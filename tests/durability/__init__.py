"""What was acknowledged survives: a killed process, a power cut, a disk that fails or is full, a clock that jumps.

How it is tried
---------------
`story.py` is one process that does what a service does, in an order that a seed decides: it feeds batches, answers
checks at the real door, withdraws records, notes what is confidential, signs the register, publishes the index; and
says of each thing that it was acknowledged, after it was. `judge.py` holds what is left in the home against that.

- `test_kills.py`: strace kills the process as it is about to make its n-th call of a kind. Every call that changes
  something on disk, makes it certain or tells somebody is a point, and the same point in every run.
- `test_power_cuts.py`: a story is recorded, call by call with all that it writes, and repeated on a disk that loses
  what was not made certain (`disk.py`), sector by sector and name by name, up to any call.
- `test_failing_disk.py`: a call fails once, with EIO or ENOSPC; or no `fsync` succeeds for a while, and the
  power is cut after that.
- `test_service.py`: the same on a whole service, over HTTP: `fsync` and `pwrite` fail (libfiu), the disk is full (a
  small file system in memory), the disk under the records alone fails (strace), the clock jumps (libfaketime).

In every run there is a sample; `pytest --campaign tests/durability` takes the full numbers, and half an hour.

The points
----------
The step that the story is at, and the files that a call there changes, moves, removes or makes certain; * stands for
what has numbers in its name, and "tell" for what is said to whoever asked: a kill there comes after the act and before
the answer. A test compares this list with the story.

    begin               tell
    open                tell, signer, signer/key.json.*, index, liaison.sqlite3-shm
    check               tell, a socket, index, register.sqlite3-wal
    feed                tell, the home, liaison.sqlite3-wal, register.sqlite3-wal
    withdraw            tell, liaison.sqlite3-wal, register.sqlite3-wal
    note in confidence  tell, register.sqlite3-wal
    carry over          liaison.sqlite3, register.sqlite3
    sign                tell, signer, signer/signed.json, log
    sign                log/register, log/register/tile, log/register/checkpoint
    sign                log/confidential, log/confidential/*, log/confidential/*/tile, log/confidential/*/checkpoint
    publish             tell, index/*.fresh, index/live.json
    flush               tell, index, index/*.fresh, index/*.segment, index/live.json, index/manifest.json
    stop                tell
"""
