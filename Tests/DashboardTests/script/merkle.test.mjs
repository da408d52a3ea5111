// The Merkle check of the integrity page: an own tree of four leaves, every refusal, and that any
// changed byte of what the node answers is refused.

import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  bytes, canHash, flipped, hex, verifyLeaf,
} from '../../../Sources/Dashboard/Assets/script/model/merkle.js';

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const subtle = webcrypto.subtle;
const bitOf = (path, place) => (path[place >> 3] >> (7 - (place & 7))) & 1;

// A tree of two levels: one key for each of the four places, found by trying numbers.
function fourLeaves() {
  const leaves = [];
  for (let number = 0; leaves.filter(Boolean).length < 4; number += 1) {
    const key = Buffer.from([1, number & 255, number >> 8, 0, 0]);
    const path = sha(key);
    const place = 2 * bitOf(path, 0) + bitOf(path, 1);
    const value = Buffer.from(`value of ${number}`);
    leaves[place] ??= { key, value, hash: sha(Buffer.from([0]), path, sha(value)) };
  }
  const node = (a, b) => sha(Buffer.from([1]), a, b);
  const left = node(leaves[0].hash, leaves[1].hash);
  const right = node(leaves[2].hash, leaves[3].hash);
  const root = node(left, right).toString('hex');
  return leaves.map((leaf, place) => ({
    key: hex(leaf.key), value: hex(leaf.value), root,
    proof: [
      { side: place % 2 ? 'right' : 'left', sibling: hex(leaves[place ^ 1].hash) },
      { side: place >> 1 ? 'right' : 'left', sibling: hex(place >> 1 ? left : right) },
    ],
  }));
}

test('each leaf of a tree is proven, step by step', async () => {
  for (const leaf of fourLeaves()) {
    const result = await verifyLeaf(leaf, leaf.root, subtle);
    assert.equal(result.refusal, null);
    assert.equal(result.proven, true);
    assert.equal(result.steps.length, 2);
    assert.equal(result.steps.at(-1).hash, leaf.root);
  }
});

test('an answer of a running node is proven', async () => {
  const leaf = JSON.parse(readFileSync(new URL('leaf.json', import.meta.url)));
  const result = await verifyLeaf(leaf, leaf.root, subtle);
  assert.equal(result.proven, true, result.refusal);
  assert.equal(result.steps.length, leaf.proof.length);
});

test('any changed byte of key, value, sibling or root is refused', async () => {
  const [leaf] = fourLeaves();
  for (const field of ['key', 'value']) {
    for (let place = 0; place < leaf[field].length / 2; place += 1) {
      const changed = { ...leaf, [field]: flipped(leaf[field], place) };
      assert.equal((await verifyLeaf(changed, leaf.root, subtle)).proven, false, field);
    }
  }
  for (let place = 0; place < 32; place += 1) {
    assert.equal((await verifyLeaf(leaf, flipped(leaf.root, place), subtle)).proven, false);
    const proof = leaf.proof.map((step) => ({ ...step, sibling: flipped(step.sibling, place) }));
    assert.equal((await verifyLeaf({ ...leaf, proof }, leaf.root, subtle)).proven, false);
  }
});

test('a proof of another place, a missing or an added step is refused', async () => {
  const [leaf, other] = fourLeaves();
  const refusal = async (changed, root = leaf.root) =>
    (await verifyLeaf({ ...leaf, ...changed }, root, subtle)).refusal;
  assert.match(await refusal({ proof: other.proof }), /step 1 leads to another place/);
  assert.match(await refusal({ proof: leaf.proof.slice(1) }), /root is another|another place/);
  assert.match(await refusal({ proof: [...leaf.proof, leaf.proof[0]] }), /root is|another place/);
  assert.match(await refusal({ proof: [] }), /root is another/);
  assert.match(await refusal({ proof: Array(257).fill(leaf.proof[0]) }), /more than 256/);
});

test('what has the wrong shape is refused in words', async () => {
  const [leaf] = fourLeaves();
  const rows = [
    [{ key: '' }, /key is empty/], [{ key: 'xyz' }, /key is empty or not/],
    [{ value: '' }, /value is empty/], [{ value: '0' }, /value is empty or not/],
    [{ proof: undefined }, /no proof/], [{ proof: [{}] }, /step 1 is not a step/],
    [{ proof: [{ side: 'up', sibling: leaf.root }] }, /not a step/],
    [{ proof: [{ side: 'left', sibling: 'aa' }] }, /not a step/],
  ];
  for (const [changed, words] of rows) {
    assert.match((await verifyLeaf({ ...leaf, ...changed }, leaf.root, subtle)).refusal, words);
  }
  assert.match((await verifyLeaf(leaf, 'aa', subtle)).refusal, /not a hash of 32 bytes/);
  assert.match((await verifyLeaf(null, leaf.root, subtle)).refusal, /key is empty/);
});

test('without SHA-256 of the browser nothing is called proven', async () => {
  const [leaf] = fourLeaves();
  assert.equal(canHash({}), false);
  const result = await verifyLeaf(leaf, leaf.root, {});
  assert.equal(result.proven, false);
  assert.match(result.refusal, /only over https/);
});

test('hexadecimal both ways', () => {
  assert.deepEqual(Array.from(bytes('00ff1a')), [0, 255, 26]);
  assert.equal(hex(bytes('00ff1a')), '00ff1a');
  for (const wrong of ['0', 'zz', 7, null]) assert.equal(bytes(wrong), null);
});
