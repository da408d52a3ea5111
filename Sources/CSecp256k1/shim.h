/* libsecp256k1 as Debian ships it: verification and recovery of Ethereum signatures, and signing
   with keys of that kind. Used by Custody only. */
#pragma once
#include <secp256k1.h>
#include <secp256k1_recovery.h>
