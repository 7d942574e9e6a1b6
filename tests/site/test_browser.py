"""The site in a real headless Chromium: what a researcher clicks, what the browser complains about, what never runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.site.visiting import PAGES, SCRIPT

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-dev-shm-usage
--disable-background-networking --disable-component-update --disable-sync --lang=en"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if not CHROMIUM or not DRIVER:
        if os.environ.get("CI"):
            pytest.fail("no chromium: .ci/run installs it")
        pytest.skip("no chromium and chromedriver on this machine (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "ignore")
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    browser.set_page_load_timeout(30)
    yield browser
    browser.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser that has complained about nothing when the test is over."""
    chromium.delete_all_cookies() if chromium.current_url.startswith("http") else None
    chromium.get_log("browser")
    yield chromium
    assert chromium.get_log("browser") == []


def settled(browser: webdriver.Chrome) -> None:
    """Waits until the page and its pictures have come."""
    WebDriverWait(browser, 30).until(
        lambda b: b.execute_script(
            "return document.readyState === 'complete' && [...document.images].every((image) => image.complete)"
        )
    )


def text_of(browser: webdriver.Chrome, selector: str) -> str:
    return browser.find_element(By.CSS_SELECTOR, selector).text


def test_the_first_page_with_its_charts(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(sample_site)
    settled(browser)
    assert "China's government information disclosure reports" in text_of(browser, "h1")
    drawn = browser.execute_script("return [...document.images].map((image) => image.naturalWidth)")
    assert len(drawn) == 3
    assert min(drawn) > 100
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_a_chart_by_itself(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}chart/requests.svg?in=zh")
    assert "自然人" in browser.find_element(By.TAG_NAME, "svg").text
    assert len(browser.find_elements(By.CSS_SELECTOR, ".mark-rect path")) >= 4


def test_a_facet_is_clicked(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}gongkai/panel")
    facet = browser.find_element(By.CSS_SELECTOR, ".facet-info[data-column=form]")
    facet.find_element(By.PARTIAL_LINK_TEXT, "f2019").click()
    settled(browser)
    assert "form=f2019" in browser.current_url
    assert text_of(browser, "h2.count").startswith("4 rows")
    assert {cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "td.col-form")} == {"f2019"}


def test_the_menu_of_a_column_sorts(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}gongkai/panel")
    browser.find_element(By.CSS_SELECTOR, "th.col-received .dropdown-menu-icon").click()
    browser.find_element(By.CSS_SELECTOR, "a.dropdown-sort-desc").click()
    settled(browser)
    assert text_of(browser, "tbody tr:first-child td.col-received") == "1832"


def test_a_question_is_asked_and_answered(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(sample_site)
    browser.find_element(By.LINK_TEXT, "Who received more than 100 requests from firms in a year?").click()
    assert [row.text.split()[0] for row in browser.find_elements(By.CSS_SELECTOR, "tbody tr")] == ["云泽市公安局"] * 2


def test_a_question_takes_a_word_of_ones_own(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(sample_site)
    browser.find_element(By.LINK_TEXT, "One agency over the years").click()
    browser.find_element(By.NAME, "agency").send_keys("柳湾", Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda b: "agency=" in b.current_url)
    settled(browser)
    names = {cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "tbody td.col-agency")}
    assert names == {"青禾县柳湾乡人民政府"}


def test_a_query_of_ones_own(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}gongkai")
    assert browser.find_elements(By.CSS_SELECTOR, ".CodeMirror")
    browser.find_element(By.CSS_SELECTOR, "form.sql button[type=submit]").click()
    settled(browser)
    years = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "tbody td.col-year")]
    assert years == ["2020", "2022", "2023", "2024"]


def test_a_search_for_two_characters_leads_to_a_report(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(sample_site)
    browser.find_element(By.CSS_SELECTOR, "main input[name=q]").send_keys("登记", Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda b: "/search" in b.current_url)
    marks = browser.find_elements(By.CSS_SELECTOR, "ol.hits mark")
    assert {mark.text for mark in marks} == {"登记"}
    browser.find_element(By.CSS_SELECTOR, "ol.hits a").click()
    settled(browser)
    assert "/report/" in browser.current_url
    assert "登记" in text_of(browser, ".sections")


def test_a_report_page_is_laid_out(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}gongkai/one_agency?agency=云泽市公安局")
    browser.find_element(By.CSS_SELECTOR, "tbody tr:last-child td.col-report_id a").click()
    settled(browser)
    assert text_of(browser, "h1") == "云泽市公安局 2024"
    assert browser.find_element(By.ID, "applications.new_received.total").text == "1,832"
    numbers = browser.find_elements(By.CSS_SELECTOR, ".printed.matrix td.cell")
    assert {number.value_of_css_property("text-align") for number in numbers} == {"right"}
    browser.find_element(By.CSS_SELECTOR, "a[rel=prev]").click()
    settled(browser)
    assert text_of(browser, "h1") == "云泽市公安局 2023"


def test_the_language_is_switched(browser: webdriver.Chrome, sample_site: str) -> None:
    browser.get(f"{sample_site}gongkai/panel?form=f2021")
    browser.find_element(By.LINK_TEXT, "中文").click()
    settled(browser)
    assert "form=f2021" in browser.current_url
    assert "lang" not in browser.current_url
    browser.get(sample_site)
    assert text_of(browser, "h1") == "政府信息公开工作年度报告数据库"
    browser.find_element(By.LINK_TEXT, "English").click()
    assert "China's" in text_of(browser, "h1")


@pytest.mark.parametrize("path", ["", "report/1", "agency/1", "gongkai", "gongkai/panel", "search?q=复议"])
def test_no_page_is_wider_than_a_telephone(browser: webdriver.Chrome, sample_site: str, path: str) -> None:
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(sample_site + path)
        settled(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_hostile_text_never_runs(chromium: webdriver.Chrome, hostile_site: str) -> None:
    for path in (*PAGES[:7], *PAGES[-5:], "/gongkai/figures", "/gongkai/agencies/1", "/chart/coverage.svg"):
        chromium.get(hostile_site + path.lstrip("/"))
        settled(chromium)
        with pytest.raises(NoAlertPresentException):
            _ = chromium.switch_to.alert.text
        assert not [entry for entry in chromium.get_log("browser") if "Content Security" in entry["message"]], path
    chromium.get(f"{hostile_site}report/1")
    assert SCRIPT in text_of(chromium, "h1")
    assert SCRIPT in text_of(chromium, "p.title")
    assert chromium.find_element(By.ID, "applications.new_received.total").text == SCRIPT
