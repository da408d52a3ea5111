/* libwebsockets as Debian ships it: HTTP, WebSocket and TLS. Used by Transport only. */
#pragma once
#include <libwebsockets.h>
