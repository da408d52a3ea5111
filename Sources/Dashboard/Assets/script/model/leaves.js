// The names of leaves in the state tree that a person may ask for, and their canonical bytes: a
// tag, then the identifier with its lowest byte first (Sources/Ledger/LeafKey.swift). No DOM.

/** `bytes` is the width of the identifier; 0 where the leaf has none. */
export const leafKinds = [
  { kind: 'account', label: 'account', tag: [1], bytes: 4, what: 'balance, positions, funding' },
  { kind: 'order', label: 'order', tag: [2], bytes: 8, what: 'an open order' },
  { kind: 'instrument', label: 'instrument', tag: [3], bytes: 2, what: 'mark, open interest' },
  { kind: 'underlying', label: 'index', tag: [4], bytes: 2, what: 'index and its observations' },
  { kind: 'compartment', label: 'compartment', tag: [5], bytes: 2, what: 'vault, fund, fees' },
  { kind: 'keys', label: 'keys of an account', tag: [8], bytes: 4, what: 'who may sign for it' },
  { kind: 'price', label: 'price for margin', tag: [18], bytes: 2, what: 'what margin was told' },
  { kind: 'chain', label: 'chain', tag: [0], bytes: 0, what: 'height, counters, last roots' },
];

/** The key of a leaf in hex; null for an unknown kind or a number that does not fit. */
export function leafKey(kind, number = 0) {
  const entry = leafKinds.find(known => known.kind === kind);
  if (!entry) return null;
  const tag = entry.tag.map(byte => byte.toString(16).padStart(2, '0')).join('');
  if (entry.bytes === 0) return tag;
  let rest;
  try {
    rest = BigInt(number);
  } catch {
    return null;
  }
  if (String(number).trim() === '' || rest < 0n || rest >= 1n << BigInt(8 * entry.bytes)) {
    return null;
  }
  let text = tag;
  for (let place = 0; place < entry.bytes; place += 1) {
    text += (rest & 255n).toString(16).padStart(2, '0');
    rest >>= 8n;
  }
  return text;
}

/** 'account:140' → {kind, number}; null where it is no such name. */
export function parseLeafName(text) {
  const match = /^([a-z]+)(?::(\d{1,20}))?$/.exec(String(text ?? ''));
  if (!match || leafKey(match[1], match[2] ?? 0) === null) return null;
  return { kind: match[1], number: match[2] ?? '0' };
}
