"""The rules of axe-core on every page, and what it cannot see: that keys reach everything and focus shows."""

import unittest

from axe_playwright_python.sync_playwright import Axe

import harness

SERIOUS = ("serious", "critical")


class AccessTest(unittest.TestCase):
    def check(self, page, name):
        found = Axe().run(page).response["violations"]
        serious = [f"{name}: {rule['id']}: {node['html'][:160]}" for rule in found
                   if rule["impact"] in SERIOUS for node in rule["nodes"][:3]]
        self.assertEqual(serious, [])

    def test_no_serious_finding_on_any_page(self):
        for scheme in ("light", "dark"):
            for route in harness.ROUTES:
                with self.subTest(f"{route}, {scheme}"):
                    page = harness.go(harness.browser.page(scheme=scheme), route)
                    page.wait_for_timeout(1_500)
                    self.check(page, route)
                    page.context.close()

    def test_none_on_the_account_page_of_one_who_is_logged_in(self):
        venue = harness.venue
        page = harness.browser.page()
        page.goto(f"{venue.url}/#/account?client_id={venue.client_id}"
                  f"&client_secret={venue.client_secret}")
        page.wait_for_selector("[data-test=margin]")
        page.wait_for_timeout(1_500)
        self.check(page, "account, logged in")
        page.context.close()

    def test_a_rule_that_is_broken_is_found(self):
        page = harness.go(harness.browser.page(), "markets")
        page.evaluate("document.querySelector('#page').append(document.createElement('button'))")
        with self.assertRaises(AssertionError):
            self.check(page, "a button without a name")
        page.context.close()

    def test_keys_reach_every_control_and_focus_shows(self):
        for route in harness.ROUTES:
            with self.subTest(route):
                page = harness.go(harness.browser.page(), route)
                page.wait_for_timeout(800)
                page.keyboard.press("Tab")
                self.assertEqual(page.evaluate("document.activeElement.id"), "skip")
                for _ in range(12):
                    page.keyboard.press("Tab")
                    shown = page.evaluate("""() => {
                      const style = getComputedStyle(document.activeElement);
                      return document.activeElement === document.body
                        || style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }""")
                    self.assertTrue(shown, page.evaluate("document.activeElement.outerHTML")[:200])
                page.context.close()
