"""Nautilus Trader's Deribit adapter: its HTTP and WebSocket clients as they come from PyPI, given our
addresses, through the cycle that the adapter itself goes through: instruments, account, book, login,
an order that is placed, changed and cancelled, one that is filled, and the reports of all that.

`DeribitExecutionClient` of 1.231.0 drops the `base_url_ws` of its configuration, so a `TradingNode`
cannot be pointed at us; the clients beneath it can, and it is they that speak the protocol."""

import asyncio
import unittest

from nautilus_trader.core import nautilus_pyo3 as nautilus

import venue

INSTRUMENT = nautilus.InstrumentId.from_str("BTC_USDC-PERPETUAL.DERIBIT")
ACCOUNT = nautilus.AccountId("DERIBIT-master")
TRADER = nautilus.TraderId("TRADER-001")
STRATEGY = nautilus.StrategyId("CLIENTS-001")
PATIENCE = 30


class Cycle(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.http = nautilus.DeribitHttpClient(
            api_key=venue.running.client_id, api_secret=venue.running.client_secret,
            base_url=venue.running.url + "/api/v2", environment=nautilus.DeribitEnvironment.TESTNET)
        self.instruments = []
        for kind in [nautilus.DeribitProductType.FUTURE, nautilus.DeribitProductType.OPTION]:
            self.instruments += await self.http.request_instruments(
                nautilus.DeribitCurrency.ANY, kind)
        self.http.cache_instruments(self.instruments)
        self.messages = []
        self.socket = nautilus.DeribitWebSocketClient(
            url=venue.running.websocket_url, api_key=venue.running.client_id,
            api_secret=venue.running.client_secret,
            environment=nautilus.DeribitEnvironment.TESTNET)
        self.socket.set_account_id(ACCOUNT)
        await self.socket.connect(
            asyncio.get_running_loop(), self.instruments, self.messages.append)
        await self.socket.wait_until_active(timeout_secs=PATIENCE)
        await self.socket.authenticate_session("clients")

    async def asyncTearDown(self):
        await self.socket.close()

    async def heard(self, kind, fits=lambda message: True):
        """The first message of a kind that fits, when it has come."""
        async def look():
            while True:
                for message in self.messages:
                    if type(message).__name__ == kind and fits(message):
                        return message
                await asyncio.sleep(0.01)

        try:
            return await asyncio.wait_for(look(), PATIENCE)
        except TimeoutError:
            kinds = sorted({type(message).__name__ for message in self.messages})
            self.fail(f"no {kind} among {len(self.messages)} messages: {kinds}")

    async def test_instruments_book_trades_and_account_are_read(self):
        names = {str(instrument.id) for instrument in self.instruments}
        self.assertIn(str(INSTRUMENT), names)
        self.assertGreater(sum(name.endswith("-C.DERIBIT") for name in names), 1)
        book = await self.http.request_book_snapshot(INSTRUMENT, 10)
        self.assertLess(float(book.best_bid_price()), float(book.best_ask_price()))
        trades = await self.http.request_trades(INSTRUMENT, limit=20)
        self.assertGreater(len(trades), 0)
        state = await self.http.request_account_state(ACCOUNT)
        self.assertIn("USDC", {str(balance.currency.code) for balance in state.balances})

    async def test_an_order_is_placed_changed_cancelled_and_another_filled(self):
        await self.socket.subscribe_user_orders()
        await self.socket.subscribe_user_trades()
        await self.socket.subscribe_book(INSTRUMENT)
        book = await self.http.request_book_snapshot(INSTRUMENT, 10)
        price = round(float(book.best_bid_price()) * 0.97)
        order = nautilus.ClientOrderId("clients-1")
        who = (TRADER, STRATEGY, INSTRUMENT)
        await self.socket.submit_order(
            nautilus.OrderSide.BUY, nautilus.Quantity.from_str("0.0100"),
            nautilus.OrderType.LIMIT, order, *who,
            price=nautilus.Price.from_str(str(price)), post_only=True)
        accepted = await self.heard("OrderAccepted")
        self.assertEqual(str(accepted.client_order_id), str(order))
        await self.socket.modify_order(
            str(accepted.venue_order_id), nautilus.Quantity.from_str("0.0200"),
            nautilus.Price.from_str(str(price - 10)), order, *who)
        updated = await self.heard("OrderUpdated")
        self.assertEqual(float(str(updated.quantity)), 0.02)
        await self.socket.cancel_order(str(accepted.venue_order_id), order, *who)
        await self.heard("OrderCanceled")
        for side in [nautilus.OrderSide.BUY, nautilus.OrderSide.SELL]:
            self.messages.clear()
            await self.socket.submit_order(
                side, nautilus.Quantity.from_str("0.0100"), nautilus.OrderType.MARKET,
                nautilus.ClientOrderId(f"clients-{side.name}"), *who)
            fill = await self.heard("OrderFilled")
            self.assertEqual(float(str(fill.last_qty)), 0.01)
        reports = await self.http.request_fill_reports(ACCOUNT, INSTRUMENT)
        self.assertGreaterEqual(len(reports), 2)
        await self.http.request_order_status_reports(ACCOUNT, INSTRUMENT, open_only=False)
        await self.http.request_position_status_reports(ACCOUNT, INSTRUMENT)


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
