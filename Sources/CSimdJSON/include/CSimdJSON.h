/* simdjson behind C functions. Used by JSON only. */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
/* The version of simdjson that was linked. */
const char *csimdjson_version(void);
#ifdef __cplusplus
}
#endif
