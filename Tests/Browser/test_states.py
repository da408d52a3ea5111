"""What a page says when all is not well: a node that is down, comes back, stands still, or has nothing to
show; numbers that are too long or too small for their place."""

import json
import unittest

import harness

STATE = "[data-test=state]"
FITS = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
LONG, SMALL = 123456789012345.123456, 0.000000000012345


class StatesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = harness.Node(harness.program).start()

    @classmethod
    def tearDownClass(cls):
        cls.node.clean()

    def open(self, route="markets"):
        page = harness.browser.page()
        self.addCleanup(page.context.close)
        return harness.go(page, route, self.node.url)

    def expect(self, page, state):
        page.wait_for_selector(f"{STATE}[data-state={state}]")

    def test_1_a_market_without_prices_says_so(self):
        page = self.open()
        page.wait_for_timeout(1_000)
        self.assertNotIn("NaN", page.inner_text("body"))
        self.assertTrue(page.inner_text("[data-test=market-state]").strip()
                        or page.inner_text("[data-test=banner]").strip())
        self.assertEqual(page.complaints, [])

    def test_2_a_node_that_is_killed_and_comes_back(self):
        self.node.publish("BTC=97000", "ETH=3400")
        pages = [self.open(route) for route in harness.ROUTES]
        self.node.kill()
        for page in pages:
            self.expect(page, "down")
        self.assertTrue(pages[0].inner_text("[data-test=notice]").strip())
        self.node.start()
        for page in pages:
            self.expect(page, "live")
        height = "Number(document.querySelector('#state-block').innerText.replace(/\\D/g, ''))"
        before = pages[0].evaluate(height)
        pages[0].wait_for_function(f"before => {height} > before", arg=before)

    def test_3_a_node_that_makes_no_blocks(self):
        page = self.open()
        self.node.freeze()
        try:
            self.expect(page, "behind")
        finally:
            self.node.thaw()
        self.expect(page, "live")

    def test_4_a_market_whose_prices_end_is_held_and_says_why(self):
        self.node.publish("BTC=97000", "ETH=3400")
        page = self.open()
        page.wait_for_function(
            "/9[67],\\d{3}/.test(document.querySelector('[data-test=mark]')?.innerText ?? '')")
        self.node.silence()
        # Prices of the default genesis are stale for reducing after fifteen seconds.
        page.wait_for_function(
            "document.querySelector('[data-test=banner]')?.innerText.trim().length > 10",
            timeout=90_000)

    def test_5_numbers_of_any_length_fit(self):
        for value in (LONG, SMALL, -LONG):
            for size in (harness.DESKTOP, harness.PHONE):
                with self.subTest(f"{value} on {size['width']}"):
                    self.stretch(value, size)

    def stretch(self, value, size):
        """Opens the markets with every price and amount of the node replaced."""
        page = harness.browser.page(size)
        self.addCleanup(page.context.close)

        def changed(node):
            if isinstance(node, dict):
                return {key: value if isinstance(item, (int, float)) and not isinstance(item, bool)
                        and any(word in key for word in ("price", "amount", "interest", "volume"))
                        and key != "price_index" else changed(item) for key, item in node.items()}
            return [changed(item) for item in node] if isinstance(node, list) else node

        def route(socket):
            server = socket.connect_to_server()
            socket.on_message(server.send)
            server.on_message(lambda text: socket.send(json.dumps(changed(json.loads(text)))))

        page.route_web_socket("**/ws/api/v2", route)
        harness.go(page, "markets")
        page.wait_for_timeout(1_500)
        self.assertTrue(page.evaluate(FITS), f"wider than {size['width']}")
        self.assertEqual(page.complaints, [])
