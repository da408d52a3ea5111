"""Every page, on a desk and on a telephone, by day and by night: it is live, complains of nothing, and fits.
PICTURES=FOLDER keeps what was seen."""

import os
import unittest

import harness

FITS = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
# Texts that only a mistake writes.
WRONG = ("undefined", "NaN", "[object", "Infinity")
SETTLE_MS = 2_500


class PagesTest(unittest.TestCase):
    def look(self, route, size, scheme, name):
        page = harness.go(harness.browser.page(size, scheme, bypass_csp=False), route)
        page.wait_for_timeout(SETTLE_MS)
        self.assertEqual(page.complaints, [])
        self.assertTrue(page.evaluate(FITS), f"{route} is wider than {size['width']}")
        text = page.inner_text("body")
        for wrong in WRONG:
            self.assertNotIn(wrong, text)
        if os.environ.get("PICTURES"):
            page.screenshot(path=os.path.join(os.environ["PICTURES"], f"{route}-{name}.png"),
                            full_page=True)
        page.context.close()

    def test_on_a_desk_by_day(self):
        for route in harness.ROUTES:
            with self.subTest(route):
                self.look(route, harness.DESKTOP, "light", "light")

    def test_on_a_desk_by_night(self):
        for route in harness.ROUTES:
            with self.subTest(route):
                self.look(route, harness.DESKTOP, "dark", "dark")

    def test_on_a_telephone(self):
        for route in harness.ROUTES:
            with self.subTest(route):
                self.look(route, harness.PHONE, "light", "phone")

    def test_a_page_that_is_not_there_says_so(self):
        page = harness.go(harness.browser.page(bypass_csp=False), "nowhere")
        self.assertTrue(page.inner_text("[data-test=page]").strip())
        self.assertEqual(page.complaints, [])
        page.context.close()
