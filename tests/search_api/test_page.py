"""Our page: nothing from outside, nothing as HTML, and in a real browser where there is one."""

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse, Response

from search_api.app import MEDIA_TYPES, STATIC
from search_api.problems import MEDIA_TYPE

FILES = sorted(path.name for path in STATIC.iterdir())
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def test_the_page_has_safe_headers(client: TestClient):
    headers = client.get("/").headers
    assert headers["content-type"].startswith("text/html")
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
def test_files_are_served_with_their_type(client: TestClient, name: str):
    got = client.get(f"/static/{name}")
    assert got.content == (STATIC / name).read_bytes()
    assert got.headers["content-type"].split(";")[0] == MEDIA_TYPES[Path(name).suffix]


@pytest.mark.parametrize("name", ["none.js", "..%2fapp.py", "%2e%2e%2fapp.py", "page.js%00", ""])
def test_nothing_else_is_served(client: TestClient, name: str):
    got = client.get(f"/static/{name}")
    assert got.status_code == 404
    assert got.headers["content-type"] == MEDIA_TYPE


def test_the_search_box_says_that_it_is_not_here_yet(client: TestClient):
    got = client.get("/search-box.js")
    assert (got.status_code, got.json()["code"]) == (404, "not_found")
    assert "not in this version" in got.json()["detail"]


@pytest.mark.parametrize("name", FILES)
def test_nothing_comes_from_outside_and_nothing_is_set_as_html(name: str):
    text = (STATIC / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"""["'(]\s*(https?:)?//[\w.]""", text)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\sstyle=|\son\w+=", text
    )


def test_the_page_names_only_files_that_are_there():
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="static/([^"]+)"', page)
    assert {"page.css", "page.js", "icon.svg"} == set(named)
    for name in FILES:
        for module in re.findall(r'from "\./([^"]+)"', (STATIC / name).read_text(encoding="utf-8")):
            assert module in FILES


def test_both_languages_say_the_same_things():
    text = (STATIC / "strings.js").read_text(encoding="utf-8")
    chinese, english = text.split("\n  en: {")
    keys = [re.findall(r"^    (\w+): ", part, re.MULTILINE) for part in (chinese, english)]
    assert keys[0] == keys[1]
    named = re.findall(r'data-text="(\w+)"', (STATIC / "index.html").read_text(encoding="utf-8"))
    assert set(named) <= set(keys[0])


# What a page of the server's own says of the modules, written where --dump-dom shows it.
CHECKS = """
import { cut, utf16Offsets } from "/static/spans.js";
const text = "𠮷a𡈽b";
const box = document.getElementById("question");
const key = (options) => {
  const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...options });
  return box.dispatchEvent(event) ? "goes" : "stopped";
};
const pieces = cut(text, [{ start: 2, end: 3, kind: "exact" }, { start: 0, end: 1, kind: "exact" }]);
document.title = JSON.stringify({
  offsets: utf16Offsets(text),
  pieces: pieces.map((piece) => [piece.text, piece.kind]),
  outside: cut(text, [{ start: 3, end: 9, kind: "exact" }]).length,
  plain: key({}),
  composing: key({ isComposing: true }),
  safari: key({ keyCode: 229 }),
});
"""


@pytest.fixture
def address(app_with) -> Iterator[str]:
    app = app_with()
    page = (STATIC / "index.html").read_text(encoding="utf-8").replace("static/", "/static/")
    page = page.replace("</body>", '<script type="module" src="/checks.js"></script></body>')
    app.add_api_route("/checks", lambda: HTMLResponse(page))
    app.add_api_route("/checks.js", lambda: Response(CHECKS, media_type="text/javascript"))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def dom(address: str, profile: Path, *options: str) -> str:
    """Return the page as a browser has it after its requests."""
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", *options, address]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


in_a_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: apt-get install chromium")


@in_a_browser
def test_a_browser_shows_results_with_their_evidence_marked(address: str, tmp_path: Path):
    shown = dom(f"{address}/#q={quote('科技创新券补助发了多少钱')}", tmp_path, "--accept-lang=zh-CN")
    first = shown.split('<li class="result"')[1]
    assert "云科函〔2025〕12号" in first
    assert "一、基本情况" in first
    assert re.search(r"<mark class=\"\w+\">[^<]*创新券", first)
    assert '<html lang="zh-CN">' in shown
    assert re.search(r'id="status" role="status"[^>]*>找到 \d+ 段', shown)


@in_a_browser
def test_marks_count_code_points_and_documents_never_run(address: str, tmp_path: Path):
    shown = dom(f"{address}/#q={quote('𡈽地整理')}", tmp_path, "--accept-lang=en-GB")
    first = shown.split('<li class="result"')[1].split("</li>")[0]
    assert "整理" in "".join(re.findall(r"<mark[^>]*>([^<]*)</mark>", first))
    assert "&lt;img src=x onerror=" in shown
    assert "<img" not in shown
    assert "<title>问政 Wenzheng</title>" in shown
    assert '<html lang="en">' in shown


@in_a_browser
def test_a_browser_offers_examples_and_says_what_is_wrong(address: str, tmp_path: Path):
    start = dom(f"{address}/", tmp_path)
    assert 'href="#q=' in start.split('id="examples"')[1]
    refused = dom(f"{address}/#q={'a' * 1001}", tmp_path)
    assert re.search(r'id="status"[^>]*class="error">[^<]*1,000', refused)


@in_a_browser
def test_the_modules_in_a_browser(address: str, tmp_path: Path):
    title = re.search(r"<title>(.*?)</title>", dom(f"{address}/checks", tmp_path))
    assert title is not None
    assert title[1] == (
        '{"offsets":[0,2,3,5,6],'
        '"pieces":[["𠮷","exact"],["a",null],["𡈽","exact"],["b",null]],'
        '"outside":1,"plain":"goes","composing":"stopped","safari":"stopped"}'
    )
