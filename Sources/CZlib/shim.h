/* zlib as Debian ships it: price files may be gzip. Used by Simulation/Prices/Inflater.swift only. */
#pragma once
#include <zlib.h>
