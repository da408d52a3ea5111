// WebSocket clients that cost as little as a client can: epoll, frames made before the clock starts, and
// answers that are searched, not parsed. The mask is zero, which is a mask like any other, so that frames
// need no second pass over their bytes.
#include "yardstick.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

struct Connection {
    int descriptor = -1;
    std::vector<char> incoming;
    size_t filled = 0;
    // Frames that are to go out, and where writing stands in them.
    std::vector<std::pair<uint64_t, uint64_t>> frames;
    size_t next = 0;
    uint64_t written = 0;
    uint64_t answered = 0;
    // The last change that a book feed told of.
    int64_t change = -1;
};

uint64_t now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return uint64_t(time.tv_sec) * 1000000000 + uint64_t(time.tv_nsec);
}

bool has(const char *text, size_t count, const char *part) {
    return memmem(text, count, part, strlen(part)) != nullptr;
}

// The number behind a field's name; -1 where there is none.
int64_t number(const char *text, size_t count, const char *name) {
    auto found = static_cast<const char *>(memmem(text, count, name, strlen(name)));
    return found ? strtoll(found + strlen(name), nullptr, 10) : -1;
}

std::string frame(const char *text, uint64_t count) {
    std::string frame(1, char(0x81));
    if (count < 126) {
        frame.push_back(char(0x80 | count));
    } else if (count < 65536) {
        frame.push_back(char(0x80 | 126));
        frame.push_back(char(count >> 8));
        frame.push_back(char(count));
    } else {
        frame.push_back(char(0x80 | 127));
        for (int shift = 56; shift >= 0; shift -= 8) frame.push_back(char(count >> shift));
    }
    frame.append(4, 0);
    frame.append(text, count);
    return frame;
}

bool send_all(int descriptor, const std::string &bytes) {
    size_t sent = 0;
    while (sent < bytes.size()) {
        ssize_t count = send(descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return false;
        sent += size_t(count);
    }
    return true;
}

// Connects and upgrades; waits for the answer.
bool open_socket(Connection &connection, uint16_t port) {
    connection.descriptor = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address))
        return false;
    int one = 1;
    setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!send_all(connection.descriptor,
                  "GET /ws/api/v2 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  "Sec-WebSocket-Version: 13\r\n\r\n"))
        return false;
    std::string answer;
    char byte;
    while (answer.size() < 4096 && answer.find("\r\n\r\n") == std::string::npos) {
        if (recv(connection.descriptor, &byte, 1, 0) != 1) return false;
        answer.push_back(byte);
    }
    return answer.compare(0, 12, "HTTP/1.1 101") == 0;
}

// Reads what is there. False at the end.
bool fill(Connection &connection, int flags) {
    if (connection.incoming.size() - connection.filled < 4096)
        connection.incoming.resize(connection.incoming.size() + 65536);
    ssize_t count = recv(connection.descriptor, connection.incoming.data() + connection.filled,
                         connection.incoming.size() - connection.filled, flags);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    connection.filled += size_t(count);
    return count > 0;
}

// Calls `hear` for every whole message; false where the other side closes.
template <typename Hear> bool take(Connection &connection, Hear hear) {
    size_t place = 0;
    bool is_open = true;
    while (connection.filled - place >= 2) {
        auto bytes = reinterpret_cast<const unsigned char *>(connection.incoming.data()) + place;
        size_t head = 2, count = bytes[1] & 127;
        size_t more = count == 126 ? 2 : count == 127 ? 8 : 0;
        if (connection.filled - place < head + more) break;
        if (more) {
            count = 0;
            for (size_t index = 0; index < more; index++) count = count << 8 | bytes[head + index];
        }
        head += more;
        if (connection.filled - place < head + count) break;
        if ((bytes[0] & 15) == 1) hear(connection.incoming.data() + place + head, count);
        if ((bytes[0] & 15) == 8) is_open = false;
        place += head + count;
    }
    memmove(connection.incoming.data(), connection.incoming.data() + place, connection.filled - place);
    connection.filled -= place;
    return is_open;
}

}  // namespace

struct yardstick_sockets {
    std::vector<Connection> connections;
    std::vector<std::string> prepared;
    int poll = -1;
    ~yardstick_sockets() {
        for (auto &connection : connections)
            if (connection.descriptor >= 0) close(connection.descriptor);
        if (poll >= 0) close(poll);
    }
};

yardstick_sockets *yardstick_sockets_open(uint16_t port, uint32_t count) {
    rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    auto sockets = new yardstick_sockets;
    sockets->poll = epoll_create1(EPOLL_CLOEXEC);
    sockets->connections.resize(count);
    for (uint32_t index = 0; index < count; index++) {
        auto &connection = sockets->connections[index];
        if (!open_socket(connection, port)) {
            delete sockets;
            return nullptr;
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = index;
        epoll_ctl(sockets->poll, EPOLL_CTL_ADD, connection.descriptor, &event);
    }
    return sockets;
}

void yardstick_sockets_close(yardstick_sockets *sockets) { delete sockets; }

void yardstick_sockets_prepare(yardstick_sockets *sockets, uint32_t connection, const uint8_t *text,
                               uint64_t count) {
    auto bytes = frame(reinterpret_cast<const char *>(text), count);
    sockets->connections[connection].frames.emplace_back(sockets->prepared.size(), bytes.size());
    sockets->prepared.push_back(std::move(bytes));
}

namespace {

// Writes frames while fewer than `window` wait for an answer; as many as go in one write.
bool write_some(yardstick_sockets *sockets, Connection &connection, uint64_t window) {
    std::string batch;
    uint64_t offset = connection.written;
    size_t last = connection.next;
    while (last < connection.frames.size() && last - connection.answered < window
           && batch.size() < 65536) {
        const auto &bytes = sockets->prepared[connection.frames[last].first];
        batch.append(bytes, offset, std::string::npos);
        offset = 0;
        last++;
    }
    if (batch.empty()) return true;
    ssize_t count =
        send(connection.descriptor, batch.data(), batch.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN;
    uint64_t left = uint64_t(count);
    while (left > 0) {
        uint64_t rest = connection.frames[connection.next].second - connection.written;
        if (left < rest) {
            connection.written += left;
            break;
        }
        left -= rest;
        connection.written = 0;
        connection.next++;
    }
    return true;
}

void judge(const char *text, size_t count, yardstick_answers *answers) {
    if (has(text, count, "\"error\":")) {
        answers->errors++;
        if (answers->first[0] == 0) {
            size_t kept = count < sizeof answers->first ? count : sizeof answers->first - 1;
            memcpy(answers->first, text, kept);
        }
        return;
    }
    const char *end = text + count;
    static const char name[] = "\"accepted\":";
    while (auto found = static_cast<const char *>(
               memmem(text, size_t(end - text), name, sizeof name - 1))) {
        text = found + sizeof name - 1;
        (*text == 't' ? answers->accepted : answers->refused)++;
    }
}

}  // namespace

int yardstick_sockets_run(yardstick_sockets *sockets, uint64_t window, yardstick_answers *answers) {
    memset(answers, 0, sizeof *answers);
    uint64_t wanted = 0, got = 0;
    for (auto &connection : sockets->connections) {
        connection.next = connection.written = connection.answered = 0;
        wanted += connection.frames.size();
    }
    uint64_t began = now();
    for (auto &connection : sockets->connections)
        if (!write_some(sockets, connection, window)) return -1;
    std::vector<epoll_event> events(512);
    while (got < wanted) {
        int count = epoll_wait(sockets->poll, events.data(), int(events.size()), 1);
        for (int index = 0; index < count; index++) {
            auto &connection = sockets->connections[events[size_t(index)].data.u32];
            if (!fill(connection, MSG_DONTWAIT)) return -1;
            bool is_open = take(connection, [&](const char *text, size_t size) {
                connection.answered++;
                got++;
                judge(text, size, answers);
            });
            if (!is_open) return -1;
        }
        for (auto &connection : sockets->connections)
            if (!write_some(sockets, connection, window)) return -1;
        if (now() - began > 120ull * 1000000000) return -1;
    }
    answers->nanoseconds = now() - began;
    for (auto &connection : sockets->connections) connection.frames.clear();
    sockets->prepared.clear();
    return 0;
}

int yardstick_sockets_tell(yardstick_sockets *sockets, uint32_t connection, const char *text) {
    return send_all(sockets->connections[connection].descriptor, frame(text, strlen(text))) ? 0 : -1;
}

int64_t yardstick_sockets_ask(yardstick_sockets *sockets, uint32_t place, const char *text,
                              const char *mark, const char *last, char *answer, uint64_t room) {
    auto &connection = sockets->connections[place];
    uint64_t began = now();
    if (!send_all(connection.descriptor, frame(text, strlen(text)))) return -1;
    int64_t heard = -1;
    bool is_answered = false;
    while (heard < 0 || !is_answered) {
        if (!fill(connection, 0)) return -1;
        bool is_open = take(connection, [&](const char *message, size_t size) {
            if (heard < 0 && has(message, size, mark)) heard = int64_t(now() - began);
            if (!has(message, size, last)) return;
            is_answered = true;
            size_t kept = size < room ? size : room - 1;
            memcpy(answer, message, kept);
            answer[kept] = 0;
        });
        if (!is_open || now() - began > 10ull * 1000000000) return -1;
    }
    return heard;
}

int yardstick_sockets_follow(yardstick_sockets *sockets, uint64_t messages, yardstick_feed *feed) {
    memset(feed, 0, sizeof *feed);
    for (auto &connection : sockets->connections) connection.change = -1;
    uint64_t began = 0, last = now();
    std::vector<epoll_event> events(512);
    while (feed->messages < messages) {
        int count = epoll_wait(sockets->poll, events.data(), int(events.size()), 100);
        if (count == 0 && now() - last > 10ull * 1000000000) return -1;
        for (int index = 0; index < count; index++) {
            last = now();
            auto &connection = sockets->connections[events[size_t(index)].data.u32];
            if (!fill(connection, MSG_DONTWAIT)) return -1;
            bool is_open = take(connection, [&](const char *text, size_t size) {
                int64_t before = number(text, size, "\"prev_change_id\":");
                if (before < 0) return;
                if (began == 0) began = last;
                if (connection.change >= 0 && connection.change != before) feed->gaps++;
                connection.change = number(text, size, "\"change_id\":");
                feed->messages++;
                feed->bytes += size;
            });
            if (!is_open) return -1;
        }
    }
    feed->nanoseconds = now() - began;
    return 0;
}
