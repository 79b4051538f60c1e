"""A real browser, driven as a person would drive it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
PATIENCE = 20.0  # seconds until what should come must have come

_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
)  # fmt: skip


def missing(what: str) -> None:
    """Skip for want of ``what``, or fail where nothing may be wanting."""
    reason = f"needs {what}; on Debian: apt install chromium chromium-driver"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def started(profile: Path) -> Iterator[WebDriver]:
    """Yield a headless Chromium with an empty ``profile``; skips where there is none."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        missing("a browser (chromium) and its driver (chromedriver)")
    options = webdriver.ChromeOptions()
    options.binary_location = str(browser)
    for argument in (*_QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # The driver's own path: nothing is looked for, or fetched.
    running = webdriver.Chrome(options=options, service=Service(str(driver)))
    try:
        yield running
    finally:
        running.quit()


class Window:
    """A window on one page at a time."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a page as if for the first time, and wait until it is drawn."""
        self.driver.get("about:blank")
        self.logged("performance")
        self.logged("browser")
        self.driver.get(path.as_uri() + fragment)
        self.until("return document.documentElement.dataset.ready === 'true'")

    def logged(self, what: str) -> list[dict[str, Any]]:
        """Return what was logged of ``what`` since the last time."""
        entries: list[dict[str, Any]] = self.driver.get_log(what)  # type: ignore[no-untyped-call]
        return entries

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Give the page this room, in its own pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what ``script`` answers in the page."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str, *arguments: Any) -> Any:
        """Wait until ``script`` answers something true, and return it."""
        end = time.monotonic() + PATIENCE
        while not (answer := self.run(script, *arguments)):
            assert time.monotonic() < end, f"did not come true: {script}"
            time.sleep(0.02)
        return answer

    def press(self, *keys: str) -> None:
        """Press ``keys`` one after the other, wherever the focus is."""
        from selenium.webdriver.common.action_chains import ActionChains

        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def click(self, selector: str) -> None:
        """Click on the first element of ``selector``."""
        from selenium.webdriver.common.by import By

        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def mouse(self, selector: str, button: str) -> None:
        """Press and release a ``button`` of the mouse on the first element of ``selector``."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            event = {"type": kind, "x": x, "y": y, "button": button, "clickCount": 1}
            self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def swipe(self, selector: str, by: int) -> None:
        """Put a finger on the first element of ``selector``, move it ``by`` pixels down, and lift it."""
        x, y = self._middle(selector)
        steps = [y + by * n / 10 for n in range(1, 11)] if by else []
        for kind, at in (("touchStart", y), *(("touchMove", step) for step in steps)):
            event = {"type": kind, "touchPoints": [{"x": x, "y": at}]}
            self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", event)
        if steps:
            time.sleep(0.2)  # the finger rests: else what it moved would slide on
        self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _middle(self, selector: str) -> list[float]:
        found: list[float] = self.run(
            "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
            " return [b.left + b.width / 2, b.top + b.height / 2]",
            selector,
        )
        return found

    def click_node(self, key: str, times: int = 1) -> None:
        """Click on a node of the map."""
        from selenium.webdriver.common.action_chains import ActionChains

        x, y = next(node["screen"] for node in self.nodes() if node["key"] == key)
        left, top = self.run(
            "const b = document.getElementById('canvas').getBoundingClientRect(); return [b.left, b.top]"
        )
        mouse = ActionChains(self.driver, duration=10)
        mouse.w3c_actions.pointer_action.move_to_location(round(left + x), round(top + y))  # type: ignore[no-untyped-call]
        for _ in range(times):
            mouse.w3c_actions.pointer_action.click()
        mouse.perform()

    def text(self, selector: str) -> str:
        """Return the text of the first element of ``selector``, as it stands in the document."""
        return str(self.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def texts(self, selector: str) -> list[str]:
        """Return the text of every element of ``selector``."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector
        )
        return found

    def nodes(self) -> list[dict[str, Any]]:
        """Return what is drawn: key, place, place on the screen, and whether it waits for a closer look."""
        found: list[dict[str, Any]] = self.run("return kgView.nodes()")
        return found

    def drawn(self) -> set[str]:
        """Return the keys of the nodes that are drawn."""
        return {node["key"] for node in self.nodes()}

    def labels(self) -> list[dict[str, Any]]:
        """Return the boxes of the labels on the map."""
        self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found: list[dict[str, Any]] = self.run("return kgView.labels()")
        return found

    def hash(self) -> str:
        """Return the fragment of the address."""
        return str(self.run("return location.hash"))

    def go(self, fragment: str) -> None:
        """Follow a link within the page."""
        self.run("location.hash = arguments[0]", fragment)
        self.until(
            "return location.hash === arguments[0] || location.hash.startsWith(arguments[0])", fragment
        )
        self.settle()

    def settle(self) -> None:
        """Let the page do what it has begun."""
        self.driver.execute_async_script(
            "const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => done()), 30)"
        )

    def complaints(self) -> list[str]:
        """Return what the console said since the page was opened."""
        return [entry["message"] for entry in self.logged("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the page was opened, the page's own first."""
        events = (json.loads(entry["message"])["message"] for entry in self.logged("performance"))
        addresses = (
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        )
        return [address for address in addresses if not address.startswith(("data:", "blob:", "about:"))]

    def picture(self, name: str) -> None:
        """Keep a screenshot for people to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.settle()
        assert self.driver.save_screenshot(str(ARTEFACTS / f"{name}.png"))
