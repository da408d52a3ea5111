// Medians and median deviations by sorting: see yardstick.h.
#include "yardstick.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

int64_t yardstick_medians(const int64_t *values, uint32_t columns, uint32_t count) {
    std::vector<int64_t> room(count);
    int64_t sum = 0;
    for (uint32_t column = 0; column < columns; column++) {
        // The numbers of one column stand `columns` apart.
        for (uint32_t place = 0; place < count; place++) {
            room[place] = values[static_cast<uint64_t>(place) * columns + column];
        }
        std::sort(room.begin(), room.end());
        const int64_t median = (room[(count - 1) / 2] + room[count / 2]) >> 1;
        for (int64_t &value : room) value = std::llabs(value - median);
        std::sort(room.begin(), room.end());
        sum += median + room[count / 2];
    }
    return sum;
}
