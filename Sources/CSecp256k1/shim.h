/* libsecp256k1 as Debian ships it: verification and recovery of Ethereum signatures, and signing
   with keys of that kind. Used by Custody only. */
#pragma once
#include <secp256k1.h>
#include <secp256k1_recovery.h>

/* Macros that are made of casts and shifts do not reach Swift. */
static const unsigned int rampart_secp256k1_context = SECP256K1_CONTEXT_NONE;
static const unsigned int rampart_secp256k1_uncompressed = SECP256K1_EC_UNCOMPRESSED;

/* A pointer that the header forgets to declare constant. */
static inline const secp256k1_context *_Nonnull rampart_secp256k1_static_context(void) {
  return secp256k1_context_static;
}
