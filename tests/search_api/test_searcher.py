"""The whole path over the sample corpus: what comes first, what is found at all, what never changes."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.errors import EmptyQuery, QueryTooLong, UnknownFilter
from indexer.index import PassageFilter, StoredPassage, open_index
from indexer.normalizing import normalize
from search_api.results import SearchResult
from search_api.searcher import MOST_RESULTS, Searcher

ROOT = Path(__file__).parents[2]
LETTER = "zh/quanzhou-kehan-2026-102.md"
VOUCHER = ("how much tech-voucher money was paid", "科技创新券补助发了多少钱", "科技創新券補助發了多少錢")
BuildIndex = Callable[[Path, Path, dict[str, str]], int]


def filtered(**values: tuple[str, ...]) -> PassageFilter:
    return PassageFilter(values)


def ids(result: SearchResult) -> list[str]:
    return [passage.passage_id for passage in result.results]


def told(result: SearchResult) -> dict[str, Any]:
    return asdict(result) | {"took_ms": None}


def folded(text: str) -> str:
    return " ".join(normalize(text).split())


@pytest.fixture(scope="session")
def stored(searcher: Searcher) -> list[StoredPassage]:
    """Every passage of the sample corpus."""
    return searcher.reader.passages(range(searcher.reader.info.passages))


@pytest.fixture
def searcher_over(tmp_path: Path, engine: Engine, build_index: BuildIndex) -> Callable[..., Searcher]:
    """Build an index of a few documents and make a searcher over it."""

    def made(documents: dict[str, str]) -> Searcher:
        build_index(tmp_path / "documents", tmp_path / "index", documents)
        return Searcher(open_index(tmp_path / "index", engine.signature), engine)

    return made


# ---- what comes first ------------------------------------------------------------------------------


@pytest.mark.parametrize("question", VOUCHER)
def test_the_voucher_money_is_found_in_both_languages_and_both_scripts(
    searcher: Searcher, question: str
) -> None:
    first = searcher.search(question).results[0]
    assert "1257.96" in first.text
    assert first.document_id == LETTER
    assert first.evidence


@pytest.mark.parametrize(
    "number",
    [
        "泉科函〔2026〕102号",
        "泉科函[2026]102号",
        "泉科函【2026】102号",
        "泉科函(2026)102号",
        "泉科函（2026）102号",
        "泉科函［2026］102号",
        "泉科函﹝2026﹞102号",
        "泉科函〔２０２６〕１０２号",
        "泉科函〔2026〕102號",
        " 泉科函 〔 2026 〕 102 号 ",
        "泉科函2026 102",
        "泉科函102号",
        "【2026】102号",
        "2026年102号文",
        "《泉科函〔2026〕102号》说了什么？",
        "what does 泉科函[2026]102号 say about talent",
    ],
)
def test_a_document_number_finds_its_document_first(searcher: Searcher, number: str) -> None:
    documents = [passage.document_id for passage in searcher.search(number, limit=5).results]
    assert documents == [LETTER] * 5


def test_every_document_of_the_corpus_is_found_by_its_own_number(searcher: Searcher) -> None:
    numbered = [d for d in searcher.reader.documents() if d.metadata.document_number]
    assert len(numbered) > 15
    for document in numbered:
        assert document.metadata.document_number is not None
        found = searcher.search(document.metadata.document_number.text, limit=1).results[0]
        assert found.metadata.document_number == document.metadata.document_number


def test_words_beside_a_number_choose_the_passage_of_its_document(searcher: Searcher) -> None:
    first = searcher.search("泉科函〔2026〕102号 科技创新券补助金额").results[0]
    assert (first.document_id, "1257.96" in first.text) == (LETTER, True)


def test_a_number_looks_within_the_filters(searcher: Searcher) -> None:
    assert all(p.language == "en" for p in searcher.search("泉科函〔2026〕102号", language="en").results)


@pytest.mark.parametrize(
    ("question", "place"), [*((q, 1) for q in VOUCHER[1:]), (VOUCHER[0], 5)], ids=["zh", "zh-Hant", "en"]
)
def test_documents_of_the_other_language_do_not_evict_the_right_answer(
    searcher_over: Callable[..., Searcher], question: str, place: int
) -> None:
    answer = {"letter.md": (ROOT / "corpus" / LETTER).read_text("utf-8")}
    rivals = {
        f"en/{number}.txt": f"The office of district {number} answers questions about innovation policy.\n\n"
        f"Technology vouchers are issued to firms in round {number}. Money is paid to research services.\n\n"
        f"Firms in street {number} may apply for subsidies of the technology fund.\n"
        for number in range(120)
    }
    alone, mixed = searcher_over(answer), searcher_over(answer | rivals)
    assert mixed.reader.info.passages > 300 + alone.reader.info.passages
    assert "1257.96" in alone.search(question).results[0].text
    found = ["1257.96" in passage.text for passage in mixed.search(question).results]
    assert any(found[:place])


def test_english_answers_survive_chinese_documents(searcher_over: Callable[..., Searcher]) -> None:
    answer = {"en/rent.txt": "Talent apartments.\n\nThe monthly rent is 20 yuan for each square metre.\n"}
    rivals = {
        f"zh/{number}.txt": f"关于第{number}号建议的答复\n\n第{number}期人才工作会议研究了住房保障问题。\n"
        for number in range(150)
    }
    mixed = searcher_over(answer | rivals)
    for question in ("what is the monthly rent of a talent apartment", "人才公寓每平方米月租金多少"):
        assert "20 yuan" in mixed.search(question).results[0].text


# ---- what is found at all --------------------------------------------------------------------------


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_literal_substring_is_found(
    searcher: Searcher, stored: list[StoredPassage], data: st.DataObject
) -> None:
    passage = data.draw(st.sampled_from(stored), label="passage")
    text = passage.paragraph.text
    start = data.draw(st.integers(0, max(0, len(text) - 2)), label="start")
    end = data.draw(st.integers(start + 2, start + 40), label="end")
    substring = text[start:end]
    assume(len("".join(substring.split())) > 1)
    try:
        rows = searcher.rank(substring, depth=MOST_RESULTS).rows
    except EmptyQuery:
        assert not any(c.isalnum() for c in normalize(substring) if c.isascii() or c.isalpha())
        return
    # By its text, not its row: it may have been folded into a passage with the same text.
    same_text = searcher.reader.duplicates_of(np.array([passage.row]))
    assert same_text in searcher.reader.duplicates_of(rows)


def test_literal_substrings_are_among_the_results_shown(
    searcher: Searcher, stored: list[StoredPassage]
) -> None:
    dice = random.Random(20261123)
    for passage in dice.sample([p for p in stored if len(p.paragraph.text) > 12], 12):
        text = passage.paragraph.text
        start = dice.randrange(len(text) - 8)
        shown = searcher.search(text[start : start + 8], limit=MOST_RESULTS).results
        assert folded(text) in {folded(each.text) for each in shown}


@pytest.mark.parametrize("question", ["新券", "券补", "1257.96", "257.9", "ouche", "，两类", "类。"])
def test_pieces_of_words_and_figures_are_found(searcher: Searcher, question: str) -> None:
    found = searcher.search(question, limit=MOST_RESULTS).results
    assert any(folded(question) in folded(passage.text) for passage in found)


# ---- repeats ---------------------------------------------------------------------------------------


def test_identical_closing_paragraphs_show_once_and_are_counted(
    searcher: Searcher, stored: list[StoredPassage]
) -> None:
    closing = "（此件主动公开）"
    copies = [p for p in stored if p.paragraph.text == closing]
    assert len(copies) > 5
    shown = [p for p in searcher.search("此件主动公开", limit=100).results if p.text == closing]
    assert [p.similar for p in shown] == [len(copies) - 1]


def test_only_equal_texts_are_folded_figures_included(searcher: Searcher) -> None:
    for question in ("联系电话", "2025年", "number of firms", "此件公开"):
        result = searcher.search(question, limit=MOST_RESULTS)
        texts = [folded(passage.text) for passage in result.results]
        assert len(set(texts)) == len(texts)


def test_passages_that_differ_in_a_figure_are_never_folded(searcher_over: Callable[..., Searcher]) -> None:
    closing = "感谢您对科技工作的关心，咨询电话：0595-2234{}。"
    letters = {
        f"{n}.txt": f"第{n}号答复\n\n第{n}件已经办理。\n\n" + closing.format(n % 3) + "\n" for n in range(9)
    }
    found = searcher_over(letters).search("感谢您对科技工作的关心，咨询电话").results
    shown = {p.text: p.similar for p in found if p.text.startswith("感谢")}
    assert shown == {closing.format(n): 2 for n in range(3)}


# ---- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["企业", "how much money was paid"])
@pytest.mark.parametrize("size", [37, 260])
def test_pages_are_cut_from_one_long_list(searcher: Searcher, question: str, size: int) -> None:
    whole = searcher.search(question, limit=MOST_RESULTS)
    paged = [
        passage
        for offset in range(0, min(len(whole.results), 600) + size, size)
        for passage in searcher.search(question, limit=size, offset=offset).results
    ]
    assert [(p.rank, p.passage_id) for p in paged] == [
        (p.rank, p.passage_id) for p in whole.results[: len(paged)]
    ]
    assert [p.score for p in paged] == [p.score for p in whole.results[: len(paged)]]
    assert len(paged) >= min(len(whole.results), 600)


def test_ranks_count_from_1_and_scores_never_rise(searcher: Searcher) -> None:
    found = searcher.search("企业", limit=MOST_RESULTS).results
    assert [p.rank for p in found] == list(range(1, len(found) + 1))
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len({p.passage_id for p in found}) == len(found)


def test_beyond_the_last_passage_is_nothing(searcher: Searcher) -> None:
    assert searcher.search("企业", offset=5_000).results == ()


def test_total_counts_what_was_found_before_repeats_were_folded(searcher: Searcher) -> None:
    result = searcher.search("此件主动公开", limit=10)
    assert 10 < result.total <= MOST_RESULTS
    assert len(result.results) == 10


# ---- filters ---------------------------------------------------------------------------------------


def all_ids(searcher: Searcher, filters: PassageFilter, **options: Any) -> set[str]:
    return set(ids(searcher.search("企业补助 subsidies", limit=MOST_RESULTS, filters=filters, **options)))


def test_a_filter_that_names_no_field_lets_everything_through(searcher: Searcher) -> None:
    plain = searcher.search("企业补助")
    assert told(searcher.search("企业补助", filters=PassageFilter())) == told(plain)


def test_a_field_without_values_lets_nothing_through(searcher: Searcher) -> None:
    result = searcher.search("企业补助", filters=filtered(year=()), facets=("year",))
    assert (result.results, result.total) == ((), 0)
    assert result.facets == {"year": []}
    assert searcher.search("企业补助", filters=filtered(issuer=("没有这个机关",))).results == ()
    assert searcher.search("泉科函〔2026〕102号", filters=filtered(year=())).results == ()


def test_values_of_one_field_are_alternatives_and_fields_combine_with_and(searcher: Searcher) -> None:
    old, new = all_ids(searcher, filtered(year=("2021",))), all_ids(searcher, filtered(year=("2026",)))
    assert old
    assert new
    assert not old & new
    assert all_ids(searcher, filtered(year=("2021", "2026"))) == old | new
    issuer = all_ids(searcher, filtered(issuer=("泉州市科学技术局",)))
    assert all_ids(searcher, filtered(issuer=("泉州市科学技术局",), year=("2026",))) == issuer & new
    assert all_ids(searcher, filtered(issuer=("泉州市科学技术局",), year=("2021",))) == set()


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("year", "2024..2025", lambda m: m.year in (2024, 2025)),
        ("kind", "答复", lambda m: m.kind == "答复"),
        ("document_number", "泉科函[2026]102号", lambda m: m.document_number.sequence == 102),
        ("issued_on", "2025-01-01..", lambda m: m.issued_on >= "2025-01-01"),
    ],
)
def test_every_result_is_what_the_filter_asks_for(
    searcher: Searcher, field: str, value: str, read: Callable[[Any], bool]
) -> None:
    found = searcher.search("企业", limit=50, filters=filtered(**{field: (value,)})).results
    assert found
    assert all(read(passage.metadata) for passage in found)


@pytest.mark.parametrize(
    "values",
    [{"colour": ("red",)}, {"year": ("last",)}, {"issued_on": ("2025-13-99..",)}, {"language": ("fr",)}],
)
def test_an_unknown_field_or_impossible_value_is_named(
    searcher: Searcher, values: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(UnknownFilter) as refused:
        searcher.search("企业", filters=PassageFilter(values))
    assert next(iter(values)) in str(refused.value)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_language_limits_the_passages_not_the_question(searcher: Searcher, language: Any) -> None:
    for question in VOUCHER[:2]:
        result = searcher.search(question, language=language, facets=("language",))
        assert len(result.results) == 10
        assert {p.language for p in result.results} == {language}
        assert result.facets is not None
        assert [facet.value for facet in result.facets["language"]] == [language]
    other = "en" if language == "zh" else "zh"
    both = searcher.search("企业", language=language, filters=filtered(language=(other,)))
    assert both.results == ()


def test_facets_count_the_passages_found(searcher: Searcher) -> None:
    result = searcher.search("企业", facets=("language", "year", "kind", "issuer", "status"))
    assert result.facets is not None
    assert sum(facet.count for facet in result.facets["language"]) == result.total
    for counted in result.facets.values():
        assert [facet.count for facet in counted] == sorted((f.count for f in counted), reverse=True)
    assert searcher.search("企业").facets is None


def test_an_unknown_facet_is_named(searcher: Searcher) -> None:
    with pytest.raises(UnknownFilter, match="colour"):
        searcher.search("企业", facets=("colour",))


# ---- what never changes ----------------------------------------------------------------------------


def questions() -> list[str]:
    lines = (ROOT / "corpus" / "queries.jsonl").read_text("utf-8").splitlines()
    judged = [json.loads(line)["text"] for line in lines]
    return [*judged[::9], "泉科函〔2026〕102号", "此件主动公开", "企业"]


def test_eight_threads_get_what_one_gets(corpus_index: Path, engine: Engine) -> None:
    """A searcher nobody has asked before, shared by threads that ask in different orders."""
    fresh = Searcher(open_index(corpus_index, engine.signature), engine)
    alone = {question: told(fresh.search(question, explain=True)) for question in questions()}
    shared = Searcher(open_index(corpus_index, engine.signature), engine)

    def ask(seed: int) -> dict[str, dict[str, Any]]:
        order = random.Random(seed).sample(questions(), len(questions()))
        return {question: told(shared.search(question, explain=True)) for question in order}

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(ask, range(8)):
            assert answers == alone


@pytest.mark.parametrize("question", ["?？", "", " \n", "……"])
def test_a_question_without_words_is_refused(searcher: Searcher, question: str) -> None:
    with pytest.raises(EmptyQuery):
        searcher.search(question)


def test_a_question_that_is_too_long_is_refused(
    searcher: Searcher, corpus_index: Path, engine: Engine
) -> None:
    with pytest.raises(QueryTooLong):
        searcher.search("税" * 100_000)
    assert searcher.search("税收" * 500).results
    short = Searcher(open_index(corpus_index, engine.signature), engine, longest=4)
    assert short.search("税收政策").query == "税收政策"
    with pytest.raises(QueryTooLong, match="at most 4"):
        short.search("税收政策？")


@pytest.mark.parametrize(
    "question",
    ["a", "税", "0", "\x00", "一一一十十十" * 100, "((((", "'; DROP TABLE", "%_*\\", "🙂企业", "\ud83d券"],
)
def test_odd_questions_are_answered_or_refused(searcher: Searcher, question: str) -> None:
    try:
        result = searcher.search(question)
    except EmptyQuery:
        assert not any(c.isalnum() for c in question)
    else:
        assert len(result.results) == 10


def test_the_result_says_what_was_asked_of_which_index(searcher: Searcher) -> None:
    result = searcher.search(" How much？ ", limit=1)
    assert (result.query, result.query_language) == (" How much？ ", "en")
    assert result.index_generation == searcher.reader.info.generation
    assert result.encoder == searcher.reader.info.encoder
    assert result.took_ms > 0


def test_searching_never_imports_torch(corpus_index: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from indexer.engine import Engine\n"
        "from indexer.index import open_index\n"
        "from search_api.searcher import Searcher\n"
        "engine = Engine.load()\n"
        "searcher = Searcher(open_index(Path(sys.argv[1]), engine.signature), engine)\n"
        f"for question in {VOUCHER!r}: assert searcher.search(question, explain=True).results\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'scipy', 'fastapi', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(corpus_index)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "asked",
    ["泉科函", "泉科函〔2026〕", "泉科函2026", "〔2026〕102", "102号", "泉科函「2026」102号", "泉科函102号"],
)
def test_parts_of_a_document_number_alone_find_the_document(searcher: Searcher, asked: str) -> None:
    assert searcher.search(asked, limit=1).results[0].document_id == "zh/quanzhou-kehan-2026-102.md"


def test_what_else_is_asked_decides_within_the_document_named(searcher: Searcher) -> None:
    first = searcher.search("泉科函〔2026〕102号 创新券兑现了多少", limit=1).results[0]
    assert first.document_id == "zh/quanzhou-kehan-2026-102.md"
    assert "1257.96" in first.text


@pytest.mark.parametrize("asked", ["级知", "券补", "257.9", "ouche"])
def test_a_rare_string_comes_first_wherever_the_segmenter_cuts(searcher: Searcher, asked: str) -> None:
    first = searcher.search(asked, limit=1).results[0]
    assert asked.lower() in first.text.lower().replace(" ", "")


@pytest.mark.parametrize("written", ["泉科函(2026)102号", "泉科函２０２６年１０２号", "泉科函「2026」102号"])
def test_the_filter_takes_a_document_number_in_any_form(searcher: Searcher, written: str) -> None:
    found = searcher.search("补助", filters=PassageFilter({"document_number": (written,)}))
    assert {each.document_id for each in found.results} == {"zh/quanzhou-kehan-2026-102.md"}


def test_nothing_found_says_so(searcher: Searcher) -> None:
    found = searcher.search("补助", filters=PassageFilter({"year": ("1999",)}))
    assert not found.results
    assert found.answer_status.code == "no_result"
