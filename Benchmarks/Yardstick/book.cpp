// See yardstick.h. Written the way a careful programmer writes a first order book: ordered maps of
// levels, lists of orders, a hash table from number to place. No margin, no accounts, no proofs.
#include "yardstick.h"

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

namespace {

struct Order {
    uint64_t number;
    uint32_t account;
    int side;
    int64_t price;
    int64_t remaining;
};

struct Event {
    uint64_t kind;
    uint64_t order;
    uint64_t other;
    int64_t price;
    int64_t quantity;
};

using Queue = std::list<Order>;

}  // namespace

struct yardstick_book {
    std::map<int64_t, Queue, std::greater<int64_t>> bids;
    std::map<int64_t, Queue> asks;
    std::unordered_map<uint64_t, Queue::iterator> places;
    std::vector<Event> events;

    template <typename Levels, typename Crosses>
    void match(Order &taker, Levels &levels, Crosses crosses) {
        while (taker.remaining > 0 && !levels.empty()) {
            auto level = levels.begin();
            if (!crosses(level->first)) break;
            Queue &queue = level->second;
            Order &maker = queue.front();
            const int64_t lots = std::min(taker.remaining, maker.remaining);
            taker.remaining -= lots;
            maker.remaining -= lots;
            events.push_back({4, maker.number, taker.number, maker.price, lots});
            if (maker.remaining == 0) {
                events.push_back({3, maker.number, 0, maker.price, 0});
                places.erase(maker.number);
                queue.pop_front();
                if (queue.empty()) levels.erase(level);
            }
        }
    }

    void rest(const Order &order) {
        Queue &queue = order.side == 0 ? bids[order.price] : asks[order.price];
        queue.push_back(order);
        places[order.number] = std::prev(queue.end());
        events.push_back({1, order.number, 0, order.price, order.remaining});
    }

    void take_out(Queue::iterator place) {
        const int64_t price = place->price;
        const int side = place->side;
        places.erase(place->number);
        if (side == 0) {
            auto level = bids.find(price);
            level->second.erase(place);
            if (level->second.empty()) bids.erase(level);
        } else {
            auto level = asks.find(price);
            level->second.erase(place);
            if (level->second.empty()) asks.erase(level);
        }
    }

    void place(Order order, bool rests) {
        const int64_t limit = order.price;
        if (order.side == 0) {
            match(order, asks, [limit](int64_t price) { return price <= limit; });
        } else {
            match(order, bids, [limit](int64_t price) { return price >= limit; });
        }
        if (order.remaining > 0 && rests) {
            rest(order);
        } else {
            events.push_back({3, order.number, 0, order.price, order.remaining});
        }
    }
};

yardstick_book *yardstick_book_make(void) { return new yardstick_book(); }
void yardstick_book_free(yardstick_book *book) { delete book; }

void yardstick_place(yardstick_book *book, uint64_t order, uint32_t account, int side, int64_t price,
                     int64_t quantity, int rests) {
    book->events.push_back({0, order, account, price, quantity});
    book->place({order, account, side, price, quantity}, rests != 0);
}

void yardstick_cancel(yardstick_book *book, uint64_t order) {
    auto found = book->places.find(order);
    if (found == book->places.end()) return;
    book->events.push_back({3, order, 0, found->second->price, found->second->remaining});
    book->take_out(found->second);
}

void yardstick_move(yardstick_book *book, uint64_t order, int64_t price, int64_t quantity) {
    auto found = book->places.find(order);
    if (found == book->places.end()) return;
    Order moved = *found->second;
    book->take_out(found->second);
    moved.price = price;
    moved.remaining = quantity;
    book->events.push_back({2, order, 0, price, quantity});
    book->place(moved, true);
}

uint64_t yardstick_drain(yardstick_book *book) {
    const uint64_t count = book->events.size();
    book->events.clear();
    return count;
}

uint64_t yardstick_resting(const yardstick_book *book) { return book->places.size(); }

int64_t yardstick_scenarios(uint32_t accounts, uint32_t positions, uint32_t scenarios,
                            const int64_t *changes) {
    int64_t total = 0;
    std::vector<int64_t> lanes(scenarios);
    for (uint32_t account = 0; account < accounts; account++) {
        std::fill(lanes.begin(), lanes.end(), 0);
        for (uint32_t position = 0; position < positions; position++) {
            const int64_t quantity = (account & 1) ? 1 + position : -1 - int64_t(position);
            const int64_t *row = changes + size_t(position) * scenarios;
            for (uint32_t lane = 0; lane < scenarios; lane++) lanes[lane] += quantity * row[lane];
        }
        int64_t worst = 0;
        for (int64_t lane : lanes) worst = std::min(worst, lane);
        total += worst;
    }
    return total;
}
