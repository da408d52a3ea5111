"""The page of markets in the hands of a trader: found by keys, live, and drawn."""

import unittest

import harness
import load

# Whether a canvas shows anything but one colour.
DRAWN = """selector => [...document.querySelectorAll(selector)].some(canvas => {
  if (!canvas.width || !canvas.offsetParent) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] !== data[3]) return true;
  return false; })"""


class MarketsTest(unittest.TestCase):
    def setUp(self):
        self.page = harness.go(harness.browser.page(), "markets")
        harness.wait_for_book(self.page)

    def tearDown(self):
        self.assertEqual(self.page.complaints, [])
        self.page.context.close()

    def text(self, test):
        return self.page.inner_text(f"[data-test={test}]")

    def test_a_market_is_found_by_keys_alone(self):
        before = self.text("market-name")
        self.page.keyboard.press("/")
        self.page.keyboard.type("ETH")
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            "name => document.querySelector('[data-test=market-name]').innerText !== name",
            arg=before)
        self.assertIn("ETH", self.text("market-name"))

    def test_pages_are_reached_by_digits(self):
        for digit, route in enumerate(harness.ROUTES, 1):
            self.page.keyboard.press(str(digit))
            self.page.wait_for_function(
                "route => location.hash.startsWith('#/' + route)", arg=route)

    def test_the_list_of_keys_opens_and_closes(self):
        self.page.keyboard.press("?")
        self.page.wait_for_selector("[data-test=keys][open]")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector("[data-test=keys][open]", state="detached")

    def test_candles_are_drawn_and_trades_arrive(self):
        self.page.wait_for_function(DRAWN, arg="[data-test=chart] canvas")
        first = self.text("trades")
        self.page.wait_for_function(
            "first => document.querySelector('[data-test=trades]').innerText !== first", arg=first)

    def test_the_book_is_the_one_of_the_api(self):
        trader = load.Trader(harness.venue)
        order = trader.rest(lots=7, below=1)
        # Grouped by one tick the order's price is a row of its own, as long as it is near the best.
        self.page.wait_for_function(
            """price => [...document.querySelectorAll('[data-test=book-bids] tr')]
                .some(row => Number(row.cells[0].textContent.replaceAll(',', '')) === price)""",
            arg=order["price"])
        trader.cancel_all()
        trader.close()

    def test_the_chain_and_its_smile_are_drawn(self):
        self.page.wait_for_function(
            "document.querySelectorAll('[data-test=chain] tbody tr').length > 3")
        self.page.wait_for_function(DRAWN, arg="[data-test=smile] canvas")

    def test_the_theme_is_changed_and_kept(self):
        look = "getComputedStyle(document.body).backgroundColor"
        before = self.page.evaluate(look)
        self.page.click("[data-test=theme]")
        changed = self.page.evaluate(look)
        self.assertNotEqual(changed, before)
        self.page.reload()
        self.page.wait_for_selector(harness.LIVE)
        self.assertEqual(self.page.evaluate(look), changed)
