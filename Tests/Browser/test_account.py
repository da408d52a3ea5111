"""The account page: who may look, what is shown, and that a secret stays where it was typed."""

import json
import unittest

import harness
import load

KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"


class AccountTest(unittest.TestCase):
    def setUp(self):
        self.page = harness.browser.page()

    def tearDown(self):
        self.page.context.close()

    def log_in(self):
        venue = harness.venue
        self.page.goto(f"{venue.url}/#/account?client_id={venue.client_id}"
                       f"&client_secret={venue.client_secret}")
        self.page.wait_for_selector("[data-test=session]:not([hidden])")

    def test_a_link_logs_in_and_leaves_no_secret_behind(self):
        self.log_in()
        self.page.wait_for_selector("[data-test=margin]")
        secret = harness.venue.client_secret
        self.assertNotIn(secret, self.page.evaluate(KEPT))
        self.assertNotIn(secret, self.page.content())
        self.page.reload()
        self.page.wait_for_selector("[data-test=login]")
        self.assertEqual(self.page.complaints, [])

    def test_a_wrong_secret_is_refused_in_words(self):
        harness.go(self.page, "account")
        inputs = self.page.locator("[data-test=login] input")
        inputs.nth(0).fill(harness.venue.client_id)
        inputs.nth(1).fill("not the secret")
        self.page.click("[data-test=login-send]")
        self.page.wait_for_function(
            "document.querySelector('[data-test=login-error]')?.innerText.length > 10")
        self.assertTrue(self.page.locator("[data-test=login]").is_visible())

    def test_an_order_appears_and_goes(self):
        self.log_in()
        trader = load.Trader(harness.venue)
        order = trader.rest(lots=2, below=40)
        self.page.wait_for_function(
            """price => [...document.querySelectorAll('[data-test=orders-table] tbody td')]
                .some(cell => Number(cell.textContent.replaceAll(',', '')) === price)""",
            arg=order["price"])
        trader.cancel_all()
        self.page.wait_for_function(
            """price => ![...document.querySelectorAll('[data-test=orders-table] tbody td')]
                .some(cell => Number(cell.textContent.replaceAll(',', '')) === price)""",
            arg=order["price"])
        trader.close()

    def test_a_trade_becomes_a_position(self):
        self.log_in()
        trader = load.Trader(harness.venue)
        lot = trader.instrument["contract_size"]
        taken = trader.call("private/buy", {"instrument_name": load.INSTRUMENT, "type": "market",
                                            "amount": round(5 * lot, 8)})
        self.assertEqual(taken["order"]["order_state"], "filled", json.dumps(taken))
        self.page.wait_for_function(
            """name => document.querySelector('[data-test=positions-table]')
                ?.innerText.includes(name)""", arg=load.INSTRUMENT)
        trader.call("private/sell", {"instrument_name": load.INSTRUMENT, "type": "market",
                                     "amount": round(5 * lot, 8), "reduce_only": True})
        trader.close()

    def test_logging_out_forgets(self):
        self.log_in()
        self.page.click("[data-test=logout]")
        self.page.wait_for_selector("[data-test=login]")
        self.assertTrue(self.page.locator("[data-test=session]").is_hidden())
