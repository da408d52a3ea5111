/* SQLite as Debian ships it: where the history of a venue is kept unless its operator names a
   PostgreSQL. Used by History only. */
#pragma once
#include <sqlite3.h>
