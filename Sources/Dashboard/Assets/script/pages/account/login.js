// The form that takes an API key. The key goes to the node over the page's connection and is kept
// in the memory of the page: it is in no address, no storage and no cookie, and gone on reload.

import { h, setText } from '../../core/dom.js';
import { explain } from '../../model/words.js';

const rejected = 13004;

function words(error) {
  if (error?.code === rejected) {
    return 'The node does not know this key, or the secret is another. Both are printed once, when '
      + 'the key is made.';
  }
  return explain(error, 'public/auth');
}

function field(label, test, properties) {
  const input = h('input', {
    id: `login-${test}`, required: true, spellcheck: 'false', autocapitalize: 'off',
    autocomplete: 'off', maxlength: '200', dataset: { test }, ...properties,
  });
  return { input, node: h('p', { class: 'field' }, h('label', { for: input.id }, label), input) };
}

export function loginForm(api) {
  const name = field('Client id', 'client-id', { type: 'text' });
  const secret = field('Client secret', 'client-secret', { type: 'password' });
  const error = h('p', { class: 'form-error', role: 'alert', dataset: { test: 'login-error' } });
  const button = h('button', { type: 'submit', class: 'primary', dataset: { test: 'login-send' } },
    'Log in');

  async function submit(event) {
    event.preventDefault();
    setText(error, '');
    button.disabled = true;
    setText(button, 'Asking…');
    try {
      await api.authenticate(name.input.value.trim(), secret.input.value.trim());
      secret.input.value = '';
    } catch (problem) {
      setText(error, words(problem));
      secret.input.focus();
    }
    button.disabled = false;
    setText(button, 'Log in');
  }

  return h('form', { class: 'login', onsubmit: submit, autocomplete: 'off' },
    h('p', {}, 'Look at an account with one of its API keys. The key stays in the memory of this '
      + 'page: it is stored nowhere and gone when the page is closed.'),
    name.node, secret.node, error, button,
    h('details', {}, h('summary', {}, 'Which key to use'),
      h('p', {}, 'To look, a key of the scope ', h('code', {}, 'read'), ' is enough: it has no '
        + 'signing key behind it and can neither trade, nor cancel, nor move money. A key of the '
        + 'scope ', h('code', {}, 'cancel'), ' can also cancel orders here. No key withdraws: that '
        + 'takes the owner\'s own signature.'),
      h('p', {}, 'Who runs the node makes one with ',
        h('code', {}, 'rampart credentials new --scope read --account N'),
        '; a demonstration prints one when it starts. More: ',
        h('code', {}, 'docs/credentials.md'), ' and the ',
        h('a', { href: '/api/v2/openapi.json' }, 'reference of the API'), '.')));
}
