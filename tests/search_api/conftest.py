"""A small real index of four documents, and an app over it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from indexer.building import build
from indexer.engine import Engine
from indexer.index import open_index
from search_api.app import create_app
from search_api.searcher import Searcher
from search_api.serving import live_index
from search_api.settings import load_settings

DOCUMENTS = {
    "zh/voucher-reply.md": """# 云州市科学技术局对市人大第12号建议的答复

云科函〔2025〕12号

## 一、基本情况

2024年，全市发放科技创新券补助 1257.96 万元，惠及企业 320 家。

## 二、下一步安排

下一步，将扩大科技创新券的适用范围，支持中小企业购买研发服务。

联系人：李明　联系电话：0595-22345678
""",
    "en/talent-apartments.md": """# Guidelines for Talent Apartments

Issued by the Yunzhou Housing Bureau on 12 March 2026.

## 1. Who can apply

Anyone with a doctoral degree and a contract of employment of three years can apply for a talent apartment.

## 2. Rent

The monthly rent is 20 yuan for each square metre, half of the market rent.
""",
    "zh/odd.txt": """关于𠮷祥街道𡈽地整理的通知

𠮷祥街道的𡈽地整理工作由区自然资源局负责，<img src=x onerror="document.title='ran'">经费从财政列支。
""",
    "zh/patents.md": """# 云州市专利资助办法

## 第一条

对获得发明专利授权的企业，每件资助 3000 元。

## 第二条

同一企业每年资助不超过 30 万元。
""",
}


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()


@pytest.fixture(scope="session")
def build_index(engine: Engine) -> Callable[[Path, Path, dict[str, str]], int]:
    """Make an index equal to the documents given; return its generation."""

    def made(source: Path, index: Path, documents: dict[str, str]) -> int:
        for name, text in documents.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        info = build([source], index, engine).info
        assert info is not None
        return info.generation

    return made


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, build_index) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    build_index(folder / "documents", folder / "index", DOCUMENTS)
    return folder / "index"


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Path:
    """An index of the sample corpus."""
    index = tmp_path_factory.mktemp("corpus") / "index"
    build([Path(__file__).parents[2] / "corpus"], index, engine)
    return index


@pytest.fixture(scope="session")
def searcher(corpus_index: Path, engine: Engine) -> Searcher:
    """A searcher over the sample corpus, for all tests of the session."""
    return Searcher(open_index(corpus_index, engine.signature), engine)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("WENZHENG_"):
            monkeypatch.delenv(name)


@pytest.fixture
def app_with(sample_index: Path, engine: Engine) -> Callable[..., FastAPI]:
    """Make an app over the sample index, or another, with settings of its own."""

    def made(index: Path = sample_index, **changes: Any) -> FastAPI:
        settings = load_settings(index=index, **changes)
        return create_app(settings, live_index(index, engine, settings.question_length))

    return made


@pytest.fixture
def client(app_with: Callable[..., FastAPI]) -> Iterator[TestClient]:
    with TestClient(app_with(), raise_server_exceptions=False) as client:
        yield client
