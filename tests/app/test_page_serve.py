"""What the server lets in and out: its own page's requests, headers that keep it to itself, nothing of the machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from page_server import SMALL

from planner.app.cases import Cases, from_path
from planner.app.serve import LARGEST_REQUEST, flask
from planner.app.workers import Workers

pytestmark = pytest.mark.slow
HERE = {"Host": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    workers = Workers(0)
    yield flask(Cases(from_path(SMALL)), workers).test_client()
    workers.close()


def test_headers_keep_the_page_to_itself(client: Any) -> None:
    headers = client.get("/", headers=HERE).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8050"},
        {"Host": "127.0.0.1.evil.example:8050"},
        {**HERE, "Sec-Fetch-Site": "cross-site"},
        {**HERE, "Origin": "http://evil.example"},
    ],
)
def test_pages_of_others_get_nothing(client: Any, headers: dict[str, str]) -> None:
    assert client.get("/", headers=headers).status_code == 403
    assert client.post("/job/x/cancel", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../serve.py",
        "/assets/..%2fserve.py",
        "/../../etc/passwd",
        "/assets//etc/passwd",
        "/job/x/file",
        "/job/x/numbers/y",
    ],
)
def test_no_file_of_the_machine_is_read(client: Any, path: str) -> None:
    answer = client.get(path, headers=HERE)
    assert answer.status_code == 404 or b"react-entry-point" in answer.data
    assert b"import" not in answer.data
    assert b"root:" not in answer.data


def test_a_request_is_bounded(client: Any) -> None:
    answer = client.post(
        "/_dash-update-component", headers=HERE, data=b"x" * (LARGEST_REQUEST + 1), content_type="application/json"
    )
    assert answer.status_code in (400, 413)


def test_a_job_that_is_not_known_is_told(client: Any) -> None:
    news = client.get("/job/nobody?seen=-1&lang=en", headers=HERE).get_json()
    assert news["ended"]
    assert "not known" in news["words"]


def called(*arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "planner", "app", *arguments, "--no-browser"], capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    return done.returncode, done.stderr


def test_wrong_calls_are_told(tmp_path: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, words = called(str(SMALL), "--port", str(taken.getsockname()[1]))
    assert (code, "cannot be had" in words) == (2, True)
    (tmp_path / "case.yaml").write_text("title: [", encoding="utf-8")
    code, words = called(str(tmp_path / "case.yaml"))
    assert code == 3
    assert "case.yaml:2:1: a value is missing" in words
    assert called(str(tmp_path / "none.yaml"))[0] == 3
