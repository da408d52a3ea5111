// Whether a leaf is under a root: the check of public/get_leaf, with SHA-256 of the browser. The
// leaf is hashed as 00 ‖ SHA-256(key) ‖ SHA-256(value); every step up as 01 ‖ left ‖ right; and
// the way must follow the bits of the hashed key, so that a key has one place only. The rules and
// their order are those of the engine (ExistenceProof.verify). Nothing here trusts the node: it
// says what it claims, and every hash is computed. No DOM.

const leafTag = 0;
const nodeTag = 1;
const mostSteps = 256;
const hashBytes = 32;

/** Hex → bytes; null where it is none. */
export function bytes(hex) {
  if (typeof hex !== 'string' || hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return null;
  const result = new Uint8Array(hex.length / 2);
  for (let place = 0; place < result.length; place += 1) {
    result[place] = Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  }
  return result;
}

export function hex(raw) {
  return Array.from(raw, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether this page may hash: browsers offer it only over https and on the machine itself. */
export function canHash(subtle = globalThis.crypto?.subtle) {
  return typeof subtle?.digest === 'function';
}

async function hash(subtle, ...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(await subtle.digest('SHA-256', all));
}

/** Bit `place` of a hash, the highest of the first byte being 0. */
function bit(path, place) {
  return (path[place >> 3] >> (7 - (place & 7))) & 1;
}

/**
 * Checks what get_leaf answered. `trusted` is the root to compare with, hex: one that the page
 * heard of otherwise, or the answer's own. → {proven, refusal, keyHash, valueHash, leafHash,
 * steps: [{side, sibling, hash}], root}; `refusal` says in words why not.
 */
export async function verifyLeaf(leaf, trusted, subtle = globalThis.crypto?.subtle) {
  const result = { proven: false, refusal: null, steps: [], root: null };
  const refuse = words => ({ ...result, refusal: words });
  if (!canHash(subtle)) {
    return refuse('this browser computes SHA-256 only over https or on the node\'s own machine');
  }
  const key = bytes(leaf?.key);
  const value = bytes(leaf?.value);
  const root = bytes(trusted);
  if (!key?.length) return refuse('the key is empty or not hexadecimal');
  if (!value?.length) return refuse('the value is empty or not hexadecimal');
  if (root?.length !== hashBytes) return refuse('the root is not a hash of 32 bytes');
  const proof = Array.isArray(leaf.proof) ? leaf.proof : null;
  if (!proof) return refuse('there is no proof');
  if (proof.length > mostSteps) return refuse('the proof has more than 256 steps');
  const path = await hash(subtle, key);
  const valueHash = await hash(subtle, value);
  let digest = await hash(subtle, [leafTag], path, valueHash);
  Object.assign(result, {
    keyHash: hex(path), valueHash: hex(valueHash), leafHash: hex(digest),
  });
  for (const [height, step] of proof.entries()) {
    const sibling = bytes(step?.sibling);
    const right = step?.side === 'right';
    if (sibling?.length !== hashBytes || (!right && step?.side !== 'left')) {
      return refuse(`step ${height + 1} is not a step of this tree`);
    }
    if (Number(right) !== bit(path, proof.length - 1 - height)) {
      return refuse(`step ${height + 1} leads to another place than the key's hash says`);
    }
    digest = right
      ? await hash(subtle, [nodeTag], sibling, digest)
      : await hash(subtle, [nodeTag], digest, sibling);
    result.steps.push({ side: step.side, sibling: hex(sibling), hash: hex(digest) });
  }
  result.root = hex(digest);
  if (result.root !== hex(root)) return refuse('the computed root is another than the state root');
  return { ...result, proven: true };
}

/** The same bytes with one bit turned, to see that the check refuses it. */
export function flipped(text, place = 0) {
  const raw = bytes(text);
  if (!raw?.length) return text;
  raw[place % raw.length] ^= 1;
  return hex(raw);
}
