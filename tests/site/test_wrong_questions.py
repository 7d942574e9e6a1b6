"""What a visitor asks wrongly is the visitor's fault: a page that says so, and a quiet terminal. No way leads off."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from tests.site.visiting import get

HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        "/gongkai/panel?_sort=nope",
        "/gongkai/panel?_next=x",
        f"/gongkai/panel?year__gt={HUGE}",
    ],
)
def test_a_wrong_question_is_no_fault_of_the_site(
    sample_site: str, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert get(sample_site, path).status == 400
    assert capfd.readouterr().err == ""


def test_a_chart_of_an_agency_that_cannot_be(sample_site: str) -> None:
    assert get(sample_site, f"/chart/requests.svg?agency={HUGE}").status == 400


def test_what_visitors_write_does_not_reach_the_terminal(sample_site: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert get(sample_site, "/gongkai?sql=select+%22%1b]0;owned%07%22.x").status == 400
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example/a"])
def test_no_choice_of_a_language_leads_to_another_site(sample_site: str, path: str) -> None:
    text = raw(sample_site, path)[1]
    assert 'href="//evil' not in text
    assert 'href="/\\evil' not in text
    location = raw(sample_site, f"{path}?lang=en")[0]
    assert location.startswith("/"), location
    assert not location.startswith(("//", "/\\")), location


def raw(site: str, target: str) -> tuple[str, str]:
    """Location and text of an answer, asked for with exactly these characters."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.headers.get("Location", ""), answer.read().decode()
    finally:
        connection.close()
