# SPDX-License-Identifier: Apache-2.0
"""`plimsoll report`: the page says what `show --json` says, in a real browser, wide and narrow, light and dark."""
import json
import os
import re
import sqlite3

import browser
import desk

SECRET = "s3cr3t-of-the-report"
# One that fails with a log that would like to be markup, one that it takes along, one that waits for cores.
WORKFLOW = """
name: flow
steps:
  make: {scatter: {i: [1, 2, 3]}, outputs: "{i}.txt", command: "sleep 0.2; echo {i} > {output}", request: {cpu: 0.2, memory: 64MiB}}
  whole: {inputs: [1.txt, 2.txt, 3.txt], outputs: all.txt, command: "cat {input} > {output}; sleep 0.2", request: {cpu: 0.2, memory: 96MiB}}
  bad:
    secrets: [API_TOKEN]
    outputs: never.txt
    request: {cpu: 0.1, memory: 32MiB}
    command: "echo \\"token $API_TOKEN\\"; echo '</script><script>document.title=1</script>'; printf '\\\\033[31mred\\\\033[0m\\\\n'; exit 3"
  after: {inputs: never.txt, command: "true", request: {cpu: 0.1, memory: 32MiB}}
"""
CONTRAST = """
const channels = (text) => text.match(/[\\d.]+/g).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
const behind = (node) => { for (; node; node = node.parentElement) {
  const c = channels(getComputedStyle(node).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
const low = [];
const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement;
  if (!walk.currentNode.textContent.trim() || !node.checkVisibility() || node.disabled) continue;
  const style = getComputedStyle(node);
  const [a, b] = [luminance(channels(node instanceof SVGElement ? style.fill : style.color)), luminance(behind(node))].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) low.push(`${((a + .05) / (b + .05)).toFixed(2)} ${node.tagName}: ${walk.currentNode.textContent.slice(0, 40)}`);
}
return low;
"""
NAMELESS = """
const name = (node) => node.getAttribute("aria-label") || node.textContent.trim() || (node.labels && [...node.labels].map(l => l.textContent).join(""));
return [...document.querySelectorAll("button, input, select, canvas, svg[role=img], a")].filter(node => !name(node)).map(node => node.outerHTML.slice(0, 80));
"""


class Pages(desk.Case):
    def setUp(self):
        super().setUp()
        self.environment["API_TOKEN"] = SECRET
        self.write("w.yaml", WORKFLOW)
        self.ended = self.run_workflow("--keep-going", "--max-cpu", "0.4")
        self.shown = self.json("show", "last")

    def report(self, *words):
        ended = self.call("report", "last", "--html", self.path("page.html"), *words)
        self.assertEqual(ended.code, 0, ended.err)
        return self.read("page.html")

    def data(self, page):
        return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])


class Files(Pages):
    def test_the_page_stands_beside_the_run_and_its_path_is_told(self):
        ended = self.call("report")
        path = self.path(f"history/runs/{self.shown['run']}/report.html")
        self.assertEqual((ended.code, ended.out), (0, f"report of run {self.shown['run']}: {path}\n"))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_a_dash_is_standard_output(self):
        ended = self.call("report", "last", "--html", "-")
        self.assertTrue(ended.out.startswith("<!doctype html>"))
        self.assertTrue(ended.out.endswith("</html>\n"))

    def test_its_data_are_what_show_tells(self):
        self.assertEqual(self.data(self.report())["runs"][0]["show"], self.shown)

    def test_no_secret_is_on_it(self):
        page = self.report()
        self.assertIn("token ***", page)
        self.assertNotIn(SECRET, page)

    def test_waits_and_what_they_were_for_are_there(self):
        attempts = self.data(self.report())["runs"][0]["attempts"]
        longest = max(range(len(attempts["task"])), key=lambda at: attempts["start"][at] - attempts["ready"][at])
        self.assertGreater(attempts["start"][longest] - attempts["ready"][longest], 150)
        self.assertEqual(attempts["lacks"][attempts["lack"][longest]], "cpu")

    def test_who_waited_the_longest_comes_first_with_who_held_the_cores_meanwhile(self):
        told = self.data(self.report())["runs"][0]
        first, *others = told["waits_by_step"]
        self.assertTrue(all(other["total"] <= first["total"] for other in others))
        self.assertGreater(first["longest"], 150)
        self.assertEqual(first["lacks"][0]["lack"], "cpu")
        self.assertEqual(first["holders"][0]["group"], "make")
        self.assertEqual(told["waits_by_queue"], [])

    def test_where_there_are_several_queues_their_waits_are_told_too(self):
        self.write("c.yaml", "queues: {big: {max_running: 1}, small: {}}")
        self.write("w.yaml", """
steps:
  a: {scatter: {i: [1, 2]}, command: "sleep 0.3; echo {i}", queue: big, request: {cpu: 0.1, memory: 32MiB}}
  b: {command: sleep 0.1, queue: small, request: {cpu: 0.1, memory: 32MiB}}
""")
        self.run_workflow("--config", "c.yaml")
        told = self.data(self.report())["runs"][0]["waits_by_queue"]
        self.assertEqual((told[0]["group"], told[0]["lacks"][0]["lack"]), ("big", "queue"))

    def test_a_history_of_an_older_plimsoll_is_brought_up_to_date_and_shown(self):
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "history_of_version_2.sql")) as file:
            old = file.read()
        self.history = self.path("old.db")
        database = sqlite3.connect(self.history)
        database.executescript(old)
        database.close()
        told = self.data(self.report())["runs"][0]
        self.assertEqual(told["show"], self.json("show", "last"))
        self.assertEqual(told["show"]["tasks"], {"finished": 1, "failed": 1, "up_to_date": 0, "cancelled": 0})
        self.assertEqual(told["attempts"]["ready"], [None, None])
        self.assertEqual(told["capacity"], {"memory_bytes": 0, "cpu_cores": 0.0})

    def test_wrong_words_are_told_with_their_remedy(self):
        unknown = self.call("report", "1999")
        self.assertEqual(unknown.code, 2)
        self.assertIn("plimsoll history list", unknown.err)
        folder = self.call("report", "--html", self.folder)
        self.assertEqual(folder.code, 2)
        self.assertIn("is a folder", folder.err)
        self.assertEqual(self.call("report", "--html", self.path("no/such/page.html")).code, 2)


class Shown(Pages):
    def setUp(self):
        if reason := browser.missing():
            self.skipTest(reason)
        super().setUp()

    def figures(self, page):
        return dict(page.script("return [...document.querySelectorAll('data[data-key]')].map(d => [d.dataset.key, [d.value, d.textContent]])"))

    def assert_figures_are_those_of_show(self, figures, shown):
        for group in ("tasks", "attempts", "memory_gbh", "cpu_ch"):
            for key, value in shown[group].items():
                if f"{group}.{key}" not in figures:
                    self.assertIn((group, key, value), [("tasks", "failed", 0), ("tasks", "up_to_date", 0), ("tasks", "cancelled", 0),
                                                        ("memory_gbh", "wasted_by_1_5_x_peak", value)])
                    continue
                exact, text = figures[f"{group}.{key}"]
                self.assertEqual(float(exact), value, f"{group}.{key}")
                scales = (1, 3600, 3600e3) if group in ("memory_gbh", "cpu_ch") else (1,)
                shown_as = [value * scale for scale in scales]
                half_a_digit = 0.501 * 10 ** -len(text.partition(".")[2])
                self.assertTrue(any(abs(float(text) - one) <= half_a_digit for one in shown_as), f"{group}.{key}: {text} for {value}")
        self.assertEqual(float(figures["makespan_s"][0]), shown["makespan_s"])

    def test_figures_names_and_keys_in_the_light_and_in_the_dark_wide_and_narrow(self):
        self.report()
        with browser.session() as page:
            for width, dark in ((1280, False), (360, False), (1280, True), (360, True)):
                with self.subTest(width=width, dark=dark):
                    browser.show(page, self.path("page.html"), width=width, dark=dark)
                    self.assertEqual(page.console(), [])
                    self.assert_figures_are_those_of_show(self.figures(page), self.shown)
                    self.assertEqual(page.script("return document.documentElement.scrollWidth"), width)
                    self.assertEqual(page.script("return performance.getEntriesByType('resource').length"), 0)
                    self.assertEqual(page.script(CONTRAST), [])
                    self.assertEqual(page.script(NAMELESS), [])
                    background = page.script("return getComputedStyle(document.body).backgroundColor")
                    self.assertEqual(sum(map(int, re.findall(r"\d+", background)[:3])) < 200, dark, background)
            self.keys_reach_everything(page)

    def keys_reach_everything(self, page):
        browser.show(page, self.path("page.html"))
        page.script("document.querySelector('canvas').focus()")
        page.keys("\ue014")  # right arrow
        page.wait_for("document.querySelector('.details strong')", "the first bar in words")
        self.assertIn("make", page.script("return document.querySelector('.details').textContent"))
        page.script("document.querySelector('#steps button.plain:not([aria-expanded=true])').focus()")
        page.keys("\ue007")  # enter
        page.wait_for("document.activeElement.getAttribute('aria-expanded') === 'true'", "an open step")
        page.script("document.querySelector('#attempts [data-column=Peak]').focus()")
        page.keys("\ue007")
        self.assertEqual(page.script("return document.activeElement.dataset.column"), "Peak")
        self.assertEqual(page.console(), [])

    def test_a_failure_shows_its_last_lines_as_text(self):
        self.report()
        with browser.session() as page:
            browser.show(page, self.path("page.html"))
            told = page.script("return document.querySelector('#failures').textContent")
            waited = page.script("return document.querySelector('#waits').textContent")
        self.assertIn("make", waited)
        self.assertIn("cores", waited)
        for words in ("bad: exit code 3", "</script><script>document.title=1</script>", "token ***", "did not run: after"):
            self.assertIn(words, told)
        self.assertNotIn(SECRET, told)

    def test_two_runs_stand_side_by_side(self):
        first = self.shown
        self.run_workflow("--keep-going", "--force")
        second = self.json("show", "last")
        self.report("--compare", first["run"])
        with browser.session() as page:
            browser.show(page, self.path("page.html"))
            figures = self.figures(page)
            for key in ("requested", "reserved", "used", "wasted"):
                self.assertEqual(float(figures[f"compare.before.memory_gbh.{key}"][0]), first["memory_gbh"][key])
                self.assertEqual(float(figures[f"compare.after.memory_gbh.{key}"][0]), second["memory_gbh"][key])
            self.assert_figures_are_those_of_show(figures, second)
            page.script("document.querySelector('input[value=\"1\"]').click()")
            self.assert_figures_are_those_of_show(self.figures(page), first)
            self.assertEqual(page.console(), [])

    def test_a_run_under_way_and_one_of_which_nothing_ran(self):
        self.write("w.yaml", "steps: {a: {command: 'touch started; sleep 300'}}")
        with self.running():
            self.wait_for_file("started")
            self.wait_for(lambda: self.json("show", "last")["state"] == "running", "the run")
            self.report()
            with browser.session() as page:
                browser.show(page, self.path("page.html"))
                self.assertEqual(page.console(), [])
                self.assertIn("running", page.script("return document.querySelector('h1').textContent"))


desk.main()
