"""Make the table of readings of Han characters: `python -m bench.make_readings UNIHAN OUT.csv`.

UNIHAN is a folder with Unicode's `Unihan_Readings.txt`, `Unihan_Variants.txt` and
`Unihan_OtherMappings.txt`, plain or as `.bz2`; Debian's package `unicode-data` has them in
`/usr/share/unicode`.  One line of the table is one reading with all characters that are read so:

    zh    pinyin without tones, the most usual one (kMandarin); "lv" is written "lu"
    ko    the Hangul syllable, before the law of initial sounds (kHangul, else kKorean)
    on    the first Japanese reading of Chinese origin (kJapaneseOn), long vowels written short
    kun   the first Japanese reading of its own (kJapaneseKun), long vowels written short
    same  the simplified character that stands for the others, Japanese forms included

A simplified character without a Korean or Japanese reading takes that of its traditional form:
newspapers in Chinese write Korean and Japanese names with simplified characters.
"""

import bz2
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FIELDS = {"Unihan_Readings": ("kMandarin", "kHangul", "kJapaneseOn", "kJapaneseKun"),
          "Unihan_Variants": ("kSimplifiedVariant", "kTraditionalVariant"),
          "Unihan_OtherMappings": ("kJinmeiyoKanji", "kJoyoKanji")}  # fmt: skip
# Unihan does not tie these Japanese forms to the Chinese ones.
_JAPANESE_PAIRS = (
    "沢泽 浜滨 濵滨 辺边 邉边 竜龙 斎斋 伝传 鉄铁 圧压 栄荣 検检 経经 営营 郷乡 歳岁 実实 塩盐 "
    "帰归 覚觉 観观 館馆 巌岩 挙举 暁晓 渓溪 蛍萤 県县 剣剑 権权 顕显 呉吴 鉱矿 済济 児儿 渋涩 "
    "従从 縦纵 粛肃 処处 焼烧 証证 乗乘 浄净 譲让 穣穰 図图 粋粹 瀬濑 摂摄 専专 銭钱 総总 蔵藏 "
    "続续 対对 滝泷 択择 単单 弾弹 聴听 転转 稲稻 徳德 拝拜 売卖 発发 仏佛 変变 豊丰 毎每 黙默 "
    "訳译 薬药 様样 頼赖 両两 緑绿 霊灵 齢龄 亜亚 悪恶 絵绘 縁缘 応应 関关 気气 亀龟 黒黑 雑杂 "
    "戦战 荘庄 団团 歴历 暦历 尭尧 巻卷 勲勋 薫薰 涼凉 猟猎 槙槇 嶋岛 嶌岛 冨富 峯峰 髙高 﨑崎 "
    "碕崎 𠮷吉 "
)
_TONES = re.compile("[\u0300\u0301\u0304\u030c\u0308]")
_LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"))

Unihan = dict[str, dict[str, str]]  # field -> character -> value


def main(folder: Path, out: Path) -> None:
    """Write the table under a header that names its origin."""
    unihan, version = _read(folder)
    same = _simplified(unihan)
    kinds = {"zh": {c: _pinyin(v) for c, v in unihan["kMandarin"].items()}}
    kinds["ko"] = _filled({c: _hangul(v) for c, v in unihan["kHangul"].items()}, same)
    kinds["on"] = _filled({c: _romaji(v) for c, v in unihan["kJapaneseOn"].items()}, same)
    kinds["kun"] = _filled({c: _romaji(v) for c, v in unihan["kJapaneseKun"].items()}, same)
    kinds["same"] = same
    head = f"# Made by bench/make_readings.py from Unihan {version}; Unicode License v3: see readings.LICENSE.txt\n"
    lines = [f"{kind},{reading},{characters}\n" for kind, table in kinds.items() for reading, characters in _by(table)]
    out.write_text(head + "kind,reading,characters\n" + "".join(lines), encoding="utf-8")
    print({kind: len(table) for kind, table in kinds.items()})


def _read(folder: Path) -> tuple[Unihan, str]:
    unihan: Unihan = defaultdict(dict)
    version = ""
    for name, fields in FIELDS.items():
        for line in _lines(folder, name):
            if line.startswith("# Unicode version: "):
                version = line.split(": ")[1]
            if line.startswith("U+"):
                code, field, value = line.split("\t")
                if field in fields:
                    unihan[field][_character(code)] = value
    return unihan, version


def _lines(folder: Path, name: str) -> list[str]:
    plain = folder / f"{name}.txt"
    if plain.exists():
        return plain.read_text(encoding="utf-8").splitlines()
    return bz2.decompress((folder / f"{name}.txt.bz2").read_bytes()).decode("utf-8").splitlines()


def _character(code: str) -> str:
    return chr(int(code.strip().removeprefix("U+"), 16))


def _pinyin(value: str) -> str:
    decomposed = unicodedata.normalize("NFD", value.split(maxsplit=1)[0])
    return unicodedata.normalize("NFC", _TONES.sub("", decomposed)).replace("ê", "e")


def _hangul(value: str) -> str:
    """Choose the reading taught in schools, and of two that differ by the law of initial sounds the older."""
    options = [option.partition(":") for option in value.split()]
    options.sort(key=lambda option: ("E" not in option[2], "0" not in option[2], not _liquid(option[0]), option[0]))
    return options[0][0]


def _liquid(syllable: str) -> bool:
    return unicodedata.normalize("NFD", syllable)[0] == "\u1105"


def _romaji(value: str) -> str:
    spelt = value.split(maxsplit=1)[0].lower()
    for long, short in _LONG:
        spelt = spelt.replace(long, short)
    return re.sub("[^a-z]", "", spelt)


def _simplified(unihan: Unihan) -> dict[str, str]:
    """Map each traditional or Japanese form to one simplified character; what may stand for itself stays."""
    same: dict[str, str] = {}
    for simple, value in unihan["kTraditionalVariant"].items():
        for code in value.split():
            same.setdefault(_character(code), simple)
    for written, value in unihan["kSimplifiedVariant"].items():
        simples = [_character(code) for code in value.split()]
        same[written] = written if written in simples else simples[0]
    for old, new in _japanese_forms(unihan):
        if unicodedata.normalize("NFC", old) != new:
            same.setdefault(new, same.get(old, old))
    for written, simple in map(tuple, _JAPANESE_PAIRS.split()):
        same.setdefault(written, simple)
    return {written: same.get(simple, simple) for written, simple in same.items() if written != simple}


def _japanese_forms(unihan: Unihan) -> Iterator[tuple[str, str]]:
    """Yield old and new forms; these fields say of the old form which is the new one."""
    for field in ("kJinmeiyoKanji", "kJoyoKanji"):
        for old, value in unihan[field].items():
            if "U+" in value:
                yield old, _character(value[value.index("U+") :])


def _filled(readings: dict[str, str], same: dict[str, str]) -> dict[str, str]:
    filled = {written: reading for written, reading in readings.items() if reading}
    for written, simple in same.items():
        if written in filled:
            filled.setdefault(simple, filled[written])
    return filled


def _by(table: dict[str, str]) -> list[tuple[str, str]]:
    characters: dict[str, list[str]] = defaultdict(list)
    for character, reading in table.items():
        characters[reading].append(character)
    return [(reading, "".join(sorted(characters[reading]))) for reading in sorted(characters)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
