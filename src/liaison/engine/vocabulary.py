"""Which parts occur in the names of a shard, what do they sound like, and in which names are they.

Arrays, `V` distinct parts in order of the size of their sound, `S` distinct skeletons:

    vocab_text       bytes[V]        the folded part
    vocab_key        uint8[V, 16]    its phonetic key, cut to 16 bytes; `vocab_size` its size
    vocab_signature  int64[V]        see `kernels.signature`
    vocab_bits       float32[V]      its rarity
    vocab_vowelless  bool[V]
    vocab_start      int64[18]       the first part whose key has at least so many bytes
    bone_*           the same for the skeletons; skeleton s belongs to the parts
                     bone_vocab[bone_ptr[s]:bone_ptr[s + 1]]
    post_ptr, post   part v occurs in the names post[post_ptr[v]:post_ptr[v + 1]]
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liaison.engine.fold import MAX_PART
from liaison.engine.kernels import KEY_SIZE, signatures
from liaison.engine.sounds import lacks_vowels, phonetic_key, skeleton

TEXT = np.dtype(f"S{MAX_PART}")


def packed_keys(keys: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return keys as uint8[n, 16], cut or filled with zeros, and their sizes."""
    cut = [key[:KEY_SIZE].encode() for key in keys]
    packed = np.array(cut, dtype=f"S{KEY_SIZE}").view(np.uint8).reshape(-1, KEY_SIZE)
    return packed, np.array([len(key) for key in cut], dtype=np.uint8)


def build_vocabulary(
    texts: NDArray[np.bytes_],
    bits: NDArray[np.float32],
    occurrence_part: NDArray[np.int64],
    occurrence_name: NDArray[np.uint32],
) -> dict[str, NDArray[Any]]:
    """Arrange distinct parts, and their occurrences (part, name), for searching.

    A part that occurs nowhere is left out.
    """
    used = np.zeros(len(texts), dtype=np.bool_)
    used[occurrence_part] = True
    words = [text.decode() for text in texts[used].tolist()]
    keys, sizes = packed_keys([phonetic_key(word) for word in words])
    order = np.argsort(sizes, kind="stable")
    place = np.empty(len(texts), dtype=np.int64)
    place[np.flatnonzero(used)[order]] = np.arange(len(words))
    vocabulary = {
        "vocab_text": texts[used][order],
        "vocab_bits": bits[used][order],
        "vocab_vowelless": np.array([lacks_vowels(word) for word in words], dtype=np.bool_)[order],
    }
    vocabulary |= _by_size("vocab", keys[order], sizes[order])
    vocabulary |= _bones([words[i] for i in order])
    return vocabulary | _postings(place[occurrence_part], occurrence_name, len(words))


def _by_size(prefix: str, keys: NDArray[np.uint8], sizes: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Return keys that are in order of size with their signatures and the places where each size begins."""
    return {
        f"{prefix}_key": keys,
        f"{prefix}_size": sizes,
        f"{prefix}_signature": signatures(keys, sizes),
        f"{prefix}_start": np.searchsorted(sizes, np.arange(KEY_SIZE + 2)).astype(np.int64),
    }


def _bones(words: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the distinct skeletons of words and which words have each."""
    cut = np.array([skeleton(word)[:KEY_SIZE].encode() for word in words], dtype=f"S{KEY_SIZE}")
    distinct, which = np.unique(cut, return_inverse=True)
    sizes = np.char.str_len(distinct).astype(np.uint8)
    order = np.argsort(sizes, kind="stable")
    place = np.empty(len(distinct), dtype=np.int64)
    place[order] = np.arange(len(distinct))
    of_word = place[which]
    arrays = _by_size("bone", distinct[order].view(np.uint8).reshape(-1, KEY_SIZE), sizes[order])
    arrays["bone_vocab"] = np.argsort(of_word, kind="stable").astype(np.uint32)
    arrays["bone_ptr"] = pointers(of_word, len(distinct))
    return arrays


def _postings(part: NDArray[np.int64], name: NDArray[np.uint32], part_count: int) -> dict[str, NDArray[Any]]:
    order = np.lexsort((name, part))
    return {"post": name[order], "post_ptr": pointers(part, part_count)}


def pointers(group: NDArray[Any], group_count: int) -> NDArray[np.uint32]:
    """Return where each group begins when things are ordered by group: uint32[group_count + 1].

    >>> pointers(np.array([2, 0, 2]), 3).tolist()
    [0, 1, 1, 3]
    """
    counts = np.bincount(group, minlength=group_count)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)
