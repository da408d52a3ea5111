// A message is read once, in order, with simdjson's On-Demand interface, because only that one
// gives numbers as they were written. It checks lazily, so everything is visited here: every value,
// every number's grammar, and that nothing follows the root.
#include "CSimdJSON.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#include <string_view>
#include <vector>

using namespace simdjson;

struct csimdjson_parser {
    ondemand::parser parser;
    std::vector<uint8_t> room;
    std::vector<csimdjson_token> tokens;
    std::vector<uint8_t> texts;
    uint32_t byteLimit;
    uint32_t depthLimit;
    uint32_t tokenLimit;

    csimdjson_parser(uint32_t bytes, uint32_t depth, uint32_t tokens)
        : parser(bytes), byteLimit(bytes), depthLimit(depth), tokenLimit(tokens) {
        // One level more than is allowed, so that our own limit is met first.
        if (parser.allocate(bytes, depth + 2)) throw std::bad_alloc();
        room.reserve(4096 + SIMDJSON_PADDING);
        this->tokens.reserve(256);
        texts.reserve(4096);
    }
};

namespace {

bool isDigit(char character) { return character >= '0' && character <= '9'; }

// The grammar of RFC 8259, section 6.
bool isNumber(std::string_view text) {
    size_t place = 0;
    if (place < text.size() && text[place] == '-') place++;
    if (place == text.size() || !isDigit(text[place])) return false;
    if (text[place] == '0') {
        place++;
    } else {
        while (place < text.size() && isDigit(text[place])) place++;
    }
    if (place < text.size() && text[place] == '.') {
        place++;
        if (place == text.size() || !isDigit(text[place])) return false;
        while (place < text.size() && isDigit(text[place])) place++;
    }
    if (place < text.size() && (text[place] == 'e' || text[place] == 'E')) {
        place++;
        if (place < text.size() && (text[place] == '+' || text[place] == '-')) place++;
        if (place == text.size() || !isDigit(text[place])) return false;
        while (place < text.size() && isDigit(text[place])) place++;
    }
    return place == text.size();
}

bool isSpace(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

int fault(error_code code) {
    switch (code) {
    case UTF8_ERROR: return CSIMDJSON_NOT_UTF8;
    case CAPACITY: return CSIMDJSON_TOO_LONG;
    case DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case MEMALLOC: return CSIMDJSON_NO_MEMORY;
    default: return CSIMDJSON_MALFORMED;
    }
}

struct Reader {
    csimdjson_parser &parser;
    // Where the last number or word ended, the space behind it included.
    const char *rawEnd = nullptr;

    // The place of a new token, or -1 where there is no more room.
    int64_t add(uint32_t kind) {
        if (parser.tokens.size() >= parser.tokenLimit) return -1;
        parser.tokens.push_back({kind, 0, 0});
        return int64_t(parser.tokens.size()) - 1;
    }

    int text(uint32_t kind, std::string_view text) {
        int64_t place = add(kind);
        if (place < 0) return CSIMDJSON_TOO_MANY;
        parser.tokens[place].offset = uint32_t(parser.texts.size());
        parser.tokens[place].count = uint32_t(text.size());
        parser.texts.insert(parser.texts.end(), text.begin(), text.end());
        return CSIMDJSON_OK;
    }

    int constant(uint32_t kind) {
        return add(kind) < 0 ? CSIMDJSON_TOO_MANY : CSIMDJSON_OK;
    }

    // Numbers and words are taken as they were written: simdjson 3.0 lets "falsey" pass for a root.
    template <typename Value> int scalar(Value &value, ondemand::json_type type) {
        std::string_view raw;
        if (type == ondemand::json_type::string) {
            if (error_code code = value.get_string().get(raw)) return fault(code);
            return text(CSIMDJSON_STRING, raw);
        }
        if (error_code code = rawToken(value).get(raw)) return fault(code);
        rawEnd = raw.data() + raw.size();
        while (!raw.empty() && isSpace(raw.back())) raw.remove_suffix(1);
        if (raw == "true") return constant(CSIMDJSON_TRUE);
        if (raw == "false") return constant(CSIMDJSON_FALSE);
        if (raw == "null") return constant(CSIMDJSON_NULL);
        return isNumber(raw) ? text(CSIMDJSON_NUMBER, raw) : CSIMDJSON_MALFORMED;
    }

    static simdjson_result<std::string_view> rawToken(ondemand::value &value) {
        return value.raw_json_token();
    }
    static simdjson_result<std::string_view> rawToken(ondemand::document &value) {
        return value.raw_json_token();
    }

    int array(ondemand::array array, uint32_t depth) {
        if (depth >= parser.depthLimit) return CSIMDJSON_TOO_DEEP;
        int64_t place = add(CSIMDJSON_ARRAY);
        if (place < 0) return CSIMDJSON_TOO_MANY;
        uint32_t count = 0;
        for (auto element : array) {
            ondemand::value item;
            if (error_code code = std::move(element).get(item)) return fault(code);
            if (int result = value(item, depth + 1)) return result;
            count++;
        }
        parser.tokens[place].count = count;
        return CSIMDJSON_OK;
    }

    int object(ondemand::object object, uint32_t depth) {
        if (depth >= parser.depthLimit) return CSIMDJSON_TOO_DEEP;
        int64_t place = add(CSIMDJSON_OBJECT);
        if (place < 0) return CSIMDJSON_TOO_MANY;
        uint32_t count = 0;
        for (auto member : object) {
            ondemand::field field;
            if (error_code code = std::move(member).get(field)) return fault(code);
            std::string_view name;
            if (error_code code = field.unescaped_key().get(name)) return fault(code);
            if (int result = text(CSIMDJSON_STRING, name)) return result;
            if (int result = value(field.value(), depth + 1)) return result;
            count++;
        }
        parser.tokens[place].count = count;
        return CSIMDJSON_OK;
    }

    template <typename Value> int value(Value &item, uint32_t depth) {
        ondemand::json_type type;
        if (error_code code = item.type().get(type)) return fault(code);
        switch (type) {
        case ondemand::json_type::array: {
            ondemand::array inner;
            if (error_code code = item.get_array().get(inner)) return fault(code);
            return array(inner, depth);
        }
        case ondemand::json_type::object: {
            ondemand::object inner;
            if (error_code code = item.get_object().get(inner)) return fault(code);
            return object(inner, depth);
        }
        default: return scalar(item, type);
        }
    }

    int root(const uint8_t *bytes, size_t count) {
        parser.tokens.clear();
        parser.texts.clear();
        if (count > parser.byteLimit) return CSIMDJSON_TOO_LONG;
        parser.room.resize(count + SIMDJSON_PADDING);
        if (count > 0) std::memcpy(parser.room.data(), bytes, count);
        std::memset(parser.room.data() + count, 0, SIMDJSON_PADDING);
        ondemand::document document;
        padded_string_view view(
            reinterpret_cast<const char *>(parser.room.data()), count, parser.room.size());
        if (error_code code = parser.parser.iterate(view).get(document)) return fault(code);
        ondemand::json_type type;
        if (error_code code = document.type().get(type)) return fault(code);
        if (int result = value(document, 0)) return result;
        // A raw token is looked at and not taken: a root that is one must reach the end.
        bool isTaken = type == ondemand::json_type::string
            || type == ondemand::json_type::array || type == ondemand::json_type::object;
        bool isAtEnd = isTaken
            ? document.current_location().error() == OUT_OF_BOUNDS
            : rawEnd == reinterpret_cast<const char *>(parser.room.data()) + count;
        return isAtEnd ? CSIMDJSON_OK : CSIMDJSON_MALFORMED;
    }
};

}  // namespace

extern "C" const char *csimdjson_version(void) {
    return "simdjson " SIMDJSON_STRINGIFY(SIMDJSON_VERSION);
}

extern "C" csimdjson_parser *csimdjson_create(uint32_t bytes, uint32_t depth, uint32_t tokens) {
    try {
        return new csimdjson_parser(bytes, depth, tokens);
    } catch (...) {
        return nullptr;
    }
}

extern "C" void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

extern "C" int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count) {
    try {
        return Reader{*parser}.root(bytes, count);
    } catch (...) {
        return CSIMDJSON_NO_MEMORY;
    }
}

extern "C" const csimdjson_token *csimdjson_tokens(const csimdjson_parser *parser) {
    return parser->tokens.data();
}

extern "C" size_t csimdjson_token_count(const csimdjson_parser *parser) {
    return parser->tokens.size();
}

extern "C" const uint8_t *csimdjson_texts(const csimdjson_parser *parser) {
    return parser->texts.data();
}

extern "C" size_t csimdjson_text_count(const csimdjson_parser *parser) {
    return parser->texts.size();
}
