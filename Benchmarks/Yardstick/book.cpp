// The yardstick book: see yardstick.h. Written the way a careful programmer writes a first order book:
// ordered maps of levels, lists of orders, a hash table from number to place; a moved order keeps its
// list node and its entry in the table. It matches as the engine does: price-time priority, an order
// that only shrinks keeps its place, and the resting order of an account that meets itself is closed.
// No margin, no decoding, no owners, no state tree.
#include "yardstick.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

namespace {

struct Order {
    uint64_t number;
    uint64_t client;
    uint64_t priority;
    int64_t price;
    int64_t remaining;
    uint32_t account;
    uint16_t instrument;
    uint8_t side;
};

enum class Kind : uint8_t { accepted, rested, amended, closed, traded };
enum class Reason : uint8_t { filled, cancelled, not_filled, self_trade };

// The fields of the engine's events, one by one.
struct Accepted {
    uint64_t order, client;
    int64_t limit, quantity;
    uint32_t account;
    uint16_t instrument;
    uint8_t side, reduce_only, origin;
};
struct Rest {
    uint64_t order;
    int64_t price, remaining;
    uint64_t priority;
};
struct Closed {
    uint64_t order;
    int64_t remaining;
    Reason reason;
};
struct Traded {
    uint64_t maker_order, taker_order;
    int64_t price, quantity, notional, maker_fee, taker_fee;
    uint32_t maker, taker;
    uint16_t instrument;
    uint8_t taker_side;
};
struct Event {
    union {
        Accepted accepted;
        Rest rest;
        Closed closed;
        Traded traded;
    };
    Kind kind;
};

struct Receipt {
    uint32_t place;
    bool refused;
    uint64_t order;
};

using Queue = std::list<Order>;

}  // namespace

struct yardstick_book {
    std::map<int64_t, Queue, std::greater<int64_t>> bids;
    std::map<int64_t, Queue> asks;
    std::unordered_map<uint64_t, Queue::iterator> places;
    std::vector<Event> events;
    std::vector<Receipt> receipts;
    uint64_t next_priority = 1;
    uint64_t refused = 0;

    void write_rest(Kind kind, const Order &order, uint64_t priority) {
        Event event;
        event.kind = kind;
        event.rest = {order.number, order.price, order.remaining, priority};
        events.push_back(event);
    }

    void write_closed(const Order &order, int64_t remaining, Reason reason) {
        Event event;
        event.kind = Kind::closed;
        event.closed = {order.number, remaining, reason};
        events.push_back(event);
    }

    void write_trade(const Order &maker, const Order &taker, int64_t lots) {
        const int64_t notional = maker.price * lots;
        Event event;
        event.kind = Kind::traded;
        event.traded = {maker.number, taker.number,   maker.price,      lots,
                        notional,     notional / 10'000, notional / 2'000, maker.account,
                        taker.account, maker.instrument, taker.side};
        events.push_back(event);
    }

    template <typename Levels, typename Crosses>
    void match(Order &taker, Levels &levels, Crosses crosses) {
        while (taker.remaining > 0 && !levels.empty()) {
            auto level = levels.begin();
            if (!crosses(level->first)) break;
            Queue &queue = level->second;
            Order &maker = queue.front();
            if (maker.account == taker.account) {
                write_closed(maker, maker.remaining, Reason::self_trade);
            } else {
                const int64_t lots = std::min(taker.remaining, maker.remaining);
                taker.remaining -= lots;
                maker.remaining -= lots;
                write_trade(maker, taker, lots);
                if (maker.remaining > 0) continue;
                write_closed(maker, 0, Reason::filled);
            }
            places.erase(maker.number);
            queue.pop_front();
            if (queue.empty()) levels.erase(level);
        }
    }

    void match(Order &taker) {
        const int64_t limit = taker.price;
        if (taker.side == 0) {
            match(taker, asks, [limit](int64_t price) { return price <= limit; });
        } else {
            match(taker, bids, [limit](int64_t price) { return price >= limit; });
        }
    }

    // Calls `body` with the levels of a side.
    template <typename Body>
    void with_levels(uint8_t side, Body body) {
        if (side == 0) {
            body(bids);
        } else {
            body(asks);
        }
    }

    void place(const yardstick_operation &operation) {
        Order order = {operation.order,    operation.client,  0,
                       operation.price,    operation.quantity, operation.account,
                       operation.instrument, operation.side};
        Event event;
        event.kind = Kind::accepted;
        event.accepted = {order.number,  order.client,     order.price, order.remaining,
                          order.account, order.instrument, order.side,  0, 0};
        events.push_back(event);
        match(order);
        if (order.remaining == 0) return write_closed(order, 0, Reason::filled);
        if (!operation.rests) return write_closed(order, order.remaining, Reason::not_filled);
        order.priority = next_priority++;
        with_levels(order.side, [&](auto &levels) {
            Queue &queue = levels[order.price];
            queue.push_back(order);
            places.emplace(order.number, std::prev(queue.end()));
        });
        write_rest(Kind::rested, order, order.priority);
    }

    void take_out(Queue::iterator place) {
        with_levels(place->side, [&](auto &levels) {
            auto level = levels.find(place->price);
            level->second.erase(place);
            if (level->second.empty()) levels.erase(level);
        });
    }

    bool cancel(uint64_t number) {
        auto found = places.find(number);
        if (found == places.end()) return false;
        auto place = found->second;
        write_closed(*place, place->remaining, Reason::cancelled);
        places.erase(found);
        take_out(place);
        return true;
    }

    // Puts a resting order behind all others at a price.
    void requeue(Queue::iterator place, int64_t price) {
        with_levels(place->side, [&](auto &levels) {
            auto old = levels.find(place->price);
            Queue &queue = levels[price];
            queue.splice(queue.end(), old->second, place);
            if (old->second.empty()) levels.erase(old);
        });
        place->price = price;
        place->priority = next_priority++;
    }

    bool move(const yardstick_operation &operation) {
        auto found = places.find(operation.order);
        if (found == places.end()) return false;
        auto place = found->second;
        const bool away = place->side == 0 ? operation.price <= place->price
                                           : operation.price >= place->price;
        if (away && operation.quantity <= place->remaining) {
            if (operation.price != place->price) requeue(place, operation.price);
            place->remaining = operation.quantity;
            write_rest(Kind::amended, *place, place->priority);
            return true;
        }
        Order moved = *place;
        moved.price = operation.price;
        moved.remaining = operation.quantity;
        write_rest(Kind::amended, moved, 0);
        match(moved);
        if (moved.remaining == 0) {
            places.erase(found);
            take_out(place);
            write_closed(moved, 0, Reason::filled);
            return true;
        }
        place->remaining = moved.remaining;
        if (operation.price != place->price) {
            requeue(place, operation.price);
        } else {
            with_levels(place->side, [&](auto &levels) {
                Queue &queue = levels.find(place->price)->second;
                queue.splice(queue.end(), queue, place);
            });
            place->priority = next_priority++;
        }
        write_rest(Kind::rested, *place, place->priority);
        return true;
    }

    void run(const yardstick_operation &operation) {
        bool done = true;
        switch (operation.kind) {
            case 0: place(operation); break;
            case 1: done = cancel(operation.order); break;
            default: done = move(operation); break;
        }
        refused += done ? 0 : 1;
        receipts[operation.place] = {operation.place, !done,
                                     operation.kind == 0 ? operation.order : 0};
    }
};

yardstick_book *yardstick_book_make(void) { return new yardstick_book(); }
void yardstick_book_free(yardstick_book *book) { delete book; }

void yardstick_run(yardstick_book *book, const yardstick_operation *operations, uint64_t count,
                   yardstick_stamps *stamps) {
    book->events.clear();
    book->receipts.resize(count);
    book->refused = 0;
    if (stamps != nullptr) yardstick_stamp(stamps);
    for (uint64_t place = 0; place < count; place++) {
        book->run(operations[place]);
        if (stamps != nullptr) yardstick_stamp(stamps);
    }
}

uint64_t yardstick_events(const yardstick_book *book) { return book->events.size(); }
uint64_t yardstick_refused(const yardstick_book *book) { return book->refused; }
uint64_t yardstick_resting(const yardstick_book *book) { return book->places.size(); }
