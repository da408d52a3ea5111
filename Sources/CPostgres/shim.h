/* libpq as Debian ships it: a history that is kept in PostgreSQL. Used by History only. */
#pragma once
#include <libpq-fe.h>
