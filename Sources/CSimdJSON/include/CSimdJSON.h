/* simdjson behind C functions: a message in, a flat list of tokens out. Used by JSON only. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* What a token is. */
enum {
    CSIMDJSON_NULL = 0,
    CSIMDJSON_FALSE = 1,
    CSIMDJSON_TRUE = 2,
    CSIMDJSON_NUMBER = 3,
    CSIMDJSON_STRING = 4,
    CSIMDJSON_ARRAY = 5,
    CSIMDJSON_OBJECT = 6
};

/* How a message ended. */
enum {
    CSIMDJSON_OK = 0,
    CSIMDJSON_TOO_LONG = 1,
    CSIMDJSON_NOT_UTF8 = 2,
    CSIMDJSON_MALFORMED = 3,
    CSIMDJSON_TOO_DEEP = 4,
    CSIMDJSON_TOO_MANY = 5,
    CSIMDJSON_NO_MEMORY = 6
};

/* One value. Values follow each other as they are written; of an object, name and value take turns.
   A text lies at `offset`, `count` bytes long, in the texts; of an array `count` values follow, of
   an object `count` names and values. */
typedef struct {
    uint32_t kind;
    uint32_t offset;
    uint32_t count;
} csimdjson_token;

typedef struct csimdjson_parser csimdjson_parser;

/* The version of simdjson that was linked. */
const char *csimdjson_version(void);
/* A parser of messages of at most so many bytes, levels and tokens; NULL without memory. */
csimdjson_parser *csimdjson_create(uint32_t bytes, uint32_t depth, uint32_t tokens);
void csimdjson_destroy(csimdjson_parser *parser);
/* Reads a message. What it found stays until the next. */
int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count);
const csimdjson_token *csimdjson_tokens(const csimdjson_parser *parser);
size_t csimdjson_token_count(const csimdjson_parser *parser);
/* The texts of strings, decoded, and of numbers, as written. */
const uint8_t *csimdjson_texts(const csimdjson_parser *parser);
size_t csimdjson_text_count(const csimdjson_parser *parser);

#ifdef __cplusplus
}
#endif
