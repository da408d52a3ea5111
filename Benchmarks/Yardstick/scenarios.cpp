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
