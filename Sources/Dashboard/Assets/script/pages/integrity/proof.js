// "Check it yourself": a leaf of the state tree with its Merkle proof, hashed in this browser and
// compared with a root that the page heard of by another way, the channel of blocks. The second
// button changes one bit of the answer, to see that the check refuses it.

import { h, replace, scroll, setText } from '../../core/dom.js';
import { shortHex, whole } from '../../core/format.js';
import { leafKey, leafKinds, parseLeafName } from '../../model/leaves.js';
import { flipped, verifyLeaf } from '../../model/merkle.js';
import { explain } from '../../model/words.js';
import { panel } from '../../parts/panel.js';

const method = 'public/get_leaf';
const patience = 3000; // ms that the channel may be later than the answer

/** What `find` gives as soon as it gives something: channel and answer may come in any order. */
async function soon(find) {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const found = find();
    if (found) return found;
    await new Promise(done => setTimeout(done, 50));
  }
  return null;
}

function stepsOf(result) {
  const line = (name, hash, note = '') => h('li', {},
    h('span', { class: 'quiet' }, name), ' ', h('code', { title: hash }, shortHex(hash, 12)),
    note && h('span', { class: 'quiet' }, ` ${note}`));
  return h('ol', { class: 'steps', dataset: { test: 'proof-steps' } },
    line('SHA-256 of the key', result.keyHash),
    line('SHA-256 of the value', result.valueHash),
    line('leaf = SHA-256(00 ‖ key ‖ value)', result.leafHash),
    result.steps.map(({ side, sibling, hash }) => line(
      side === 'left' ? 'SHA-256(01 ‖ this ‖ sibling)' : 'SHA-256(01 ‖ sibling ‖ this)',
      hash, `sibling ${shortHex(sibling, 6)}`)));
}

function verdict(result, leaf, known, isChanged) {
  if (!result.proven) {
    return h('p', { class: 'banner bad', dataset: { test: 'proof-verdict', verdict: 'refused' } },
      isChanged ? 'Refused, as it must be, after one bit was changed: ' : 'Refused: ',
      result.refusal, '.');
  }
  return h('p', { class: 'banner ok', dataset: { test: 'proof-verdict', verdict: 'proven' } },
    `Proven: this leaf is in the state of block ${whole(leaf.height)}. ${result.steps.length + 3} `
    + 'hashes computed here lead to the root ',
    known ? 'that the block channel told.' : 'of the same answer; the block channel did not tell '
      + 'this block\'s, so compare it with another node.');
}

export function proofPanel(api, roots, query) {
  const named = parseLeafName(query.get('leaf'));
  const wanted = named ?? { kind: 'compartment', number: '0' };
  const kind = h('select', { id: 'leaf-kind', dataset: { test: 'leaf-kind' } },
    leafKinds.map(entry => h('option', { value: entry.kind }, entry.label)));
  const number = h('input', {
    id: 'leaf-number', inputmode: 'numeric', value: wanted.number, maxlength: '20',
    size: '8', autocomplete: 'off', dataset: { test: 'leaf-number' },
  });
  kind.value = wanted.kind;
  const about = h('p', { class: 'quiet small' });
  const error = h('p', { class: 'form-error', role: 'alert', dataset: { test: 'leaf-error' } });
  const out = h('div', { aria: { live: 'polite' }, dataset: { test: 'proof' } });
  const spoil = h('button', {
    type: 'button', dataset: { test: 'leaf-spoil' }, onclick: () => check(true),
  }, 'Change one bit and check again');
  spoil.hidden = true;
  let last = null; // {leaf, root, isKnown}

  function describe() {
    const entry = leafKinds.find(known => known.kind === kind.value);
    number.disabled = entry.bytes === 0;
    setText(about, `In it: ${entry.what}. `
      + `Key: ${leafKey(kind.value, number.value.trim()) ?? 'not a number of such a leaf'}`);
  }

  async function check(isChanged) {
    const { leaf, root, isKnown } = last;
    const changed = isChanged ? { ...leaf, value: flipped(leaf.value, leaf.height) } : leaf;
    const result = await verifyLeaf(changed, root);
    replace(out, verdict(result, leaf, isKnown, isChanged),
      result.leafHash && h('details', { open: named !== null && !isChanged },
        h('summary', {}, 'The steps'), stepsOf(result)),
      h('details', {}, h('summary', {}, `The leaf: ${leaf.value.length / 2} bytes`),
        scroll('value', h('code', { class: 'breaking' }, changed.value))));
    spoil.hidden = !leaf.value;
  }

  async function submit(event) {
    event?.preventDefault();
    setText(error, '');
    const key = leafKey(kind.value, number.value.trim());
    if (key === null) {
      setText(error, 'That is not the number of such a leaf.');
      return;
    }
    try {
      await soon(() => roots.latest.length > 0);
      const leaf = await api.call(method, { key });
      const known = await soon(() => roots.of(leaf.height));
      // The key that was asked for, not the one that the answer names.
      last = { leaf: { ...leaf, key }, root: known ?? leaf.root, isKnown: known !== null };
      await check(false);
    } catch (problem) {
      replace(out);
      spoil.hidden = true;
      setText(error, problem?.data?.reason === 'there is no such leaf'
        ? 'There is no such leaf in the state.' : explain(problem, method));
    }
  }

  for (const input of [kind, number]) input.addEventListener('input', describe);
  describe();
  const card = panel('Check it yourself', {
    test: 'check',
    note: 'Any part of the state can be proven against the root. The node sends a leaf and the way '
      + 'to the root; this page computes every hash itself, with the browser\'s own SHA-256.',
  }, h('form', { class: 'spaced', onsubmit: submit, dataset: { test: 'leaf-form' } },
    h('p', { class: 'field' }, h('label', { for: 'leaf-kind' }, 'Leaf'), kind),
    h('p', { class: 'field' }, h('label', { for: 'leaf-number' }, 'Number'), number),
    h('button', { type: 'submit', class: 'primary', dataset: { test: 'leaf-check' } }, 'Check'),
    spoil), about, error, out);
  submit();
  if (named) requestAnimationFrame(() => card.node.scrollIntoView({ block: 'start' }));
  return { node: card.node, stop: () => {} };
}
