"""A trader by hand that makes a book move: one order that is edited, each time in a block of its own."""

import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Clients"))
import wire  # noqa: E402

INSTRUMENT = "BTC_USDC-PERPETUAL"


class Trader:
    """One connection that speaks for the venue's visitor."""

    def __init__(self, venue):
        self.socket = wire.WebSocket(venue)
        answer = self.call("public/auth", {"grant_type": "client_credentials",
                                           "client_id": venue.client_id,
                                           "client_secret": venue.client_secret})
        assert answer["access_token"]
        self.instrument = self.call("public/get_instrument", {"instrument_name": INSTRUMENT})

    def call(self, method, parameters):
        answer = self.socket.call(method, parameters)
        assert answer and "result" in answer, f"{method}: {answer}"
        return answer["result"]

    def best_bid(self):
        return self.call("public/ticker", {"instrument_name": INSTRUMENT})["best_bid_price"]

    def rest(self, lots=3, below=0):
        """A post-only bid at the best one, or so many ticks below; the order's description."""
        price = self.best_bid() - below * self.instrument["tick_size"]
        return self.call("private/buy", {
            "instrument_name": INSTRUMENT, "type": "limit", "price": round(price, 8),
            "amount": round(lots * self.instrument["contract_size"], 8),
            "post_only": True, "reject_post_only": False})["order"]

    def cancel_all(self):
        self.call("private/cancel_all", {})

    def close(self):
        self.socket.close()


class BookMover(threading.Thread):
    """Edits an order `rate` times a second until told to stop; counts what was taken."""

    def __init__(self, venue, rate):
        super().__init__(daemon=True)
        self.trader = Trader(venue)
        self.period = 1 / rate
        self.edits = 0
        self.ending = threading.Event()

    def run(self):
        lot = self.trader.instrument["contract_size"]
        order = self.trader.rest(below=2)
        due = time.monotonic()
        while not self.ending.is_set():
            lots = 3 + self.edits % 40
            answer = self.trader.socket.call("private/edit", {
                "order_id": order["order_id"], "amount": round(lots * lot, 8),
                "price": order["price"]})
            if answer and "result" in answer:
                self.edits += 1
            else:
                # It was traded with, or the market moved past it.
                order = self.trader.rest(below=2)
            due += self.period
            time.sleep(max(0, due - time.monotonic()))

    def end(self):
        self.ending.set()
        self.join(30)
        self.trader.cancel_all()
        self.trader.close()
