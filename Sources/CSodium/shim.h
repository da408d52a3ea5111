/* libsodium as Debian ships it: Ed25519 signing for simulated traders. Used by
   Simulation/SigningKey.swift only; the deterministic rooms verify with their own code. */
#pragma once
#include <sodium.h>
