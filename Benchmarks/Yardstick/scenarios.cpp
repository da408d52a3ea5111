// The bare arithmetic of margining: see yardstick.h.
#include "yardstick.h"

#include <algorithm>
#include <cstddef>
#include <vector>

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

namespace {

int64_t health(uint32_t positions, uint32_t lanes, uint32_t bits, const int64_t *quantities,
               const int64_t *worths, const int64_t *changes) {
    int64_t sums[64] = {};
    int64_t worth = 0;
    for (uint32_t position = 0; position < positions; position++) {
        const int64_t quantity = quantities[position];
        const int64_t *row = changes + size_t(position) * lanes;
        worth += (quantity * worths[position]) >> bits;
        for (uint32_t lane = 0; lane < lanes; lane++) sums[lane] += quantity * row[lane];
    }
    int64_t worst = 0;
    for (uint32_t lane = 0; lane < lanes; lane++) worst = std::min(worst, sums[lane]);
    return worth + (worst >> bits);
}

}  // namespace

int64_t yardstick_portfolio(uint32_t positions, uint32_t lanes, int64_t cash, uint32_t bits,
                            const int64_t *quantities, const int64_t *initial_worths,
                            const int64_t *maintenance_worths, const int64_t *initial_changes,
                            const int64_t *maintenance_changes) {
    return 2 * cash + health(positions, lanes, bits, quantities, initial_worths, initial_changes) +
           health(positions, lanes, bits, quantities, maintenance_worths, maintenance_changes);
}
