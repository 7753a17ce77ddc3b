# SPDX-License-Identifier: Apache-2.0
"""A browser for tests of pages: Debian's chromium, driven over the WebDriver protocol by the standard library alone.

    with browser.open_page(path, width=360, dark=True) as page:
        page.script("return document.title")
"""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

DRIVER = shutil.which("chromedriver")
CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]
PATIENCE_S = 60


def missing():
    """Why there is no browser; nothing where there is one."""
    if DRIVER and CHROMIUM:
        return None
    return "chromium and chromedriver are not installed (Debian: chromium chromium-driver)"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Page:
    def __init__(self, address):
        self.address = address

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:2000]}") from None

    def command(self, name, **parameters):
        """Of the browser's own debugging protocol."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def script(self, text, *arguments):
        return self.ask("POST", "/execute/sync", {"script": text, "args": arguments})

    def keys(self, *keys):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def console(self):
        """What was told since the last time, warnings and errors alone."""
        return [entry["message"] for entry in self.ask("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("WARNING", "SEVERE")]

    def wait_for(self, script, what):
        end = time.monotonic() + PATIENCE_S
        while not self.script(f"return {script}"):
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come about")
            time.sleep(0.02)

    def screenshot(self, path):
        import base64
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))


def start_driver(folder):
    port = free_port()
    environment = dict(os.environ, HOME=folder, TMPDIR=folder)
    driver = subprocess.Popen([DRIVER, f"--port={port}", "--silent"], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=5) as answer:
                if json.load(answer)["value"]["ready"]:
                    return driver, f"http://127.0.0.1:{port}"
        except OSError:
            if time.monotonic() > end or driver.poll() is not None:
                driver.kill()
                raise
        time.sleep(0.02)


@contextlib.contextmanager
def session():
    """A browser with one page, closed at the end whatever happens."""
    folder = tempfile.mkdtemp(prefix="plimsoll-browser-")
    driver, address = start_driver(folder)
    try:
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={folder}/profile"]}
        wanted = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
        made = Page(address).ask("POST", "/session", {"capabilities": wanted})
        page = Page(f"{address}/session/{made['sessionId']}")
        yield page
        page.ask("DELETE", "")
    finally:
        driver.terminate()
        driver.wait()
        shutil.rmtree(folder, ignore_errors=True)


def show(page, path, width=1280, height=900, dark=False):
    """The file at that size, in the light or the dark, everything on it drawn."""
    page.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
    page.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
    page.ask("POST", "/url", {"url": "file://" + os.path.abspath(path)})
    # What is drawn only when it comes into sight.
    page.script("document.querySelectorAll('main > section').forEach(section => section.scrollIntoView({behavior: 'instant'}))")
    for section in page.script("return [...document.querySelectorAll('main > section')].filter(s => !s.hidden).map(s => s.id)"):
        page.script("document.getElementById(arguments[0]).scrollIntoView({behavior: 'instant'})", section)
        page.wait_for(f"document.querySelector('#{section} .body').textContent.length > 0", f"section {section}")
    page.script("scrollTo({top: 0, behavior: 'instant'})")
