/* libsodium as Debian ships it: Ed25519 signing, sealed files, HMAC and randomness. Used by Custody
   only, and by benchmarks as a yardstick; the deterministic rooms verify with their own code. */
#pragma once
#include <sodium.h>
