"""The tables of `spelling.py`, letter by letter, as the standards print them."""

# Letters of many scripts look alike, and the tables are lines of what belongs together.
# ruff: noqa: PIE800, RUF001

_CYRILLIC_PLAIN = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True))
CYRILLIC = {
    "icao": _CYRILLIC_PLAIN
    | {
        **{"ё": "e", "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie"},
        **{"ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g"},
    },
    "bgn": _CYRILLIC_PLAIN
    | {
        **{"ё": "yë", "ж": "zh", "й": "y", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "”"},
        **{"ы": "y", "ь": "’", "э": "e", "ю": "yu", "я": "ya"},
        **{f"{vowel}е": f"{latin}ye" for vowel, latin in zip("аеиоу", "aeiou", strict=True)},
    },
    "iso": _CYRILLIC_PLAIN
    | {
        **{"ё": "ë", "ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "ъ": "ʺ"},
        **{"ы": "y", "ь": "ʹ", "э": "è", "ю": "û", "я": "â"},
    },
    "ukrainian": {
        **{"зг": "zgh", "г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "й": "i", "є": "ie", "х": "kh", "'": ""},
        **{"ю": "iu", "я": "ia"},
    },
    "serbian": _CYRILLIC_PLAIN
    | {
        **{"ђ": "đ", "ж": "ž", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "ć", "х": "h", "ц": "c", "ч": "č", "џ": "dž"},
        **{"ш": "š"},
    },
}

_GREEK_PLAIN = {
    **dict(zip("αβγδεζικλμνοπρστυφω", "avgdeziklmnoprstyfo", strict=True)),
    **dict(zip("άέίόύώϊϋΐΰ", "aeioyoiyiy", strict=True)),
    **{"η": "i", "ή": "i", "θ": "th", "ξ": "x", "ς": "s", "χ": "ch", "ψ": "ps", "ου": "ou", "ού": "ou"},
    **{"αι": "ai", "αί": "ai", "ει": "ei", "εί": "ei", "οι": "oi", "οί": "oi", "γγ": "ng", "γχ": "nch", "γξ": "nx"},
}
GREEK = {
    "elot": _GREEK_PLAIN
    | {
        **{"αυ": "av", "αύ": "av", "ευ": "ev", "εύ": "ev", "ευθ": "efth", "ευσ": "efs", "ευτ": "eft", "αυτ": "aft"},
        **{"μπ": "mp", "ντ": "nt", "γκ": "gk"},
    },
    "bgn": _GREEK_PLAIN
    | {
        **{"χ": "kh", "αυ": "av", "αύ": "av", "ευ": "ev", "εύ": "ev", "δ": "dh", "γ": "g", "γι": "yi", "γε": "ye"},
        **{"μπ": "b", "ντ": "d", "γκ": "g", "αι": "e", "αί": "e", "ει": "i", "εί": "i", "οι": "i", "οί": "i"},
        **{"τζ": "tz", "τσ": "ts", "ού": "ou"},
    },
}

# Doc 9303, part 3, section 6: letters that are not simply stripped of their marks come first.
LATIN_ICAO = {
    **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe", "þ": "th", "ð": "d"},
    **{"ñ": "n", "ı": "i", "ł": "l", "đ": "d", "’": "", "'": ""},
    **{
        letter: plain
        for plain, letters in {
            "a": "áàâãăąāảạấầẩẫậắằẳẵặ", "c": "çćčĉ", "d": "ď", "e": "éèêëęěēẻẽẹếềểễệ", "g": "ğģ", "i": "íìîïīỉĩị",
            "l": "ľĺļ", "n": "ńňņ", "o": "óòôõőōỏọốồổỗộơớờởỡợ", "r": "řŕ", "s": "śšşș", "t": "ťţț",
            "u": "úùûűůūủũụưứừửữự", "y": "ýÿỳỷỹỵ", "z": "źżž",
        }.items()
        for letter in letters
    },
}  # fmt: skip

# A scholarly letter: plain as in most passports, and as in Hebrew ones.
SCHOLARLY = {
    **{letter: (plain, plain) for letter, plain in zip("āīūḍṭẓżṛṅñʿʾ", ("a", "i", "u", "d", "t", "z", "z", "r", "n",
                                                                       "n", "", ""), strict=True)},
    "ḥ": ("h", "h"),
    "ṣ": ("s", "ts"),
    "q": ("q", "k"),
}  # fmt: skip
ARABIC_FRENCH = {
    **{"ū": "ou", "u": "ou", "sh": "ch", "j": "dj", "w": "ou", "ḥ": "h", "q": "k", "muḥammad": "mohamed"},
    **{"al-": "el ", "ayn": "eïn", "ʿabd_al-": "abdel", "aḥmad": "ahmed", "ʿali": "ali"},
}
VOWELS = {
    **{"ā": "a", "ī": "i", "ū": "u", "ṭ": "t", "ḍ": "d", "ṇ": "n", "ṛ": "r", "ḷ": "l", "ṅ": "n", "ḥ": "h", "ṁ": "m"},
    **{"auṛ": "aur"},
}

# Wade-Giles: syllables with a rule of their own, and the initials.
WADE_GILES = {
    **{"zhi": "chih", "chi": "ch'ih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tz'u", "si": "ssu"},
    **{"er": "erh", "ge": "ko", "ke": "k'o", "he": "ho", "yi": "i", "you": "yu", "yu": "yü", "yue": "yüeh"},
    **{"yuan": "yüan", "yun": "yün", "yong": "yung", "ye": "yeh", "yan": "yen", "gui": "kuei", "kui": "k'uei"},
    **{"juan": "chüan", "quan": "ch'üan", "xuan": "hsüan", "jun": "chün", "qun": "ch'ün", "xun": "hsün"},
    **{"ju": "chü", "qu": "ch'ü", "xu": "hsü", "xue": "hsüeh", "guo": "kuo", "huo": "huo", "shuo": "shuo"},
    **{"qiong": "ch'iung", "xiong": "hsiung", "jiong": "chiung", "lü": "lü", "nü": "nü"},
}
INITIALS = (
    *(("zh", "ch"), ("ch", "ch'"), ("sh", "sh"), ("b", "p"), ("p", "p'"), ("d", "t"), ("t", "t'"), ("g", "k")),
    *(("k", "k'"), ("j", "ch"), ("q", "ch'"), ("x", "hs"), ("z", "ts"), ("c", "ts'"), ("r", "j")),
    *((letter, letter) for letter in "mfnlhsyw"),
)


def _numbered(text: str) -> dict[int, str]:
    return dict(enumerate("" if part == "-" else part for part in text.split()))


# Initials, vowels and finals of Hangul in the order of Unicode.
REVISED = (
    _numbered("g kk n d tt r m b pp s ss - j jj ch k t p h"),
    _numbered("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"),
    _numbered("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"),
)
MCCUNE = (
    _numbered("k kk n t tt r m p pp s ss - ch tch ch' k' t' p' h"),
    _numbered("a ae ya yae ŏ e yŏ ye o wa wae oe yo u wŏ we wi yu ŭ ŭi i"),
    REVISED[2],
)

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ", "t": "たちつてと",
    "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "m": "まみむめも",
    "r": "らりるれろ",
}  # fmt: skip
KANA = {
    **{kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, "aiueo", strict=True)},
    **{"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "ん": "n", "し": "shi", "ち": "chi", "つ": "tsu", "じ": "ji"},
    **{"ふ": "fu", "ぢ": "ji", "づ": "zu", "っ": ""},
    **{
        f"{kana}{small}": f"{start}{vowel}"
        for kana, start in zip("きぎにひびぴみり", ("ky", "gy", "ny", "hy", "by", "py", "my", "ry"), strict=True)
        for small, vowel in zip("ゃゅょ", "auo", strict=True)
    },
    **{
        f"{kana}{small}": f"{start}{vowel}"
        for kana, start in zip("しじち", ("sh", "j", "ch"), strict=True)
        for small, vowel in zip("ゃゅょ", "auo", strict=True)
    },
}
HEPBURN_LONG = {"ou": "ō", "oo": "ō", "uu": "ū"}
KUNREI = {
    **{"し": "si", "ち": "ti", "つ": "tu", "じ": "zi", "ふ": "hu", "づ": "zu", "ぢ": "zi"},
    **{
        f"{kana}{small}": f"{start}{vowel}"
        for kana, start in zip("しじち", ("sy", "zy", "ty"), strict=True)
        for small, vowel in zip("ゃゅょ", "auo", strict=True)
    },
}
