// Which channels the page hears, and how they come back after a break: with what was missed where
// the node still has it, from the start where not. Changes of one moment go in one request.

const steady =
  /^(ticker|quote|perpetual|deribit_price_index|markprice|block|platform_state|estimated)/;
const changing = /^book\.[^.]+\.(raw|100ms|agg2)$/;
const grouped = /^book\.[^.]+\.[^.]+\.\d+\./;

/** Whether a channel begins by telling how things are. */
const tellsState = channel =>
  steady.test(channel) || changing.test(channel) || grouped.test(channel)
  || channel.startsWith('incremental_ticker');

const isPrivate = channel => channel.startsWith('user.');

export class Subscriptions {
  #entries = new Map(); // channel → {handlers, sequence, last, isFresh}
  #added = new Set();
  #removed = new Set();
  #isPlanned = false;
  #call;

  /** call(method, params): asks the node at once. */
  constructor(call) {
    this.#call = call;
  }

  /** Begins to hear; the result ends it. Options: onFail(error), onGap() when messages are lost. */
  add(channel, handler, options = {}) {
    let entry = this.#entries.get(channel);
    const listener = { handler, ...options };
    if (!entry) {
      entry = { handlers: new Set(), sequence: null, last: undefined, isFresh: true };
      this.#entries.set(channel, entry);
      this.#added.add(channel);
      this.#plan();
    } else if (changing.test(channel)) {
      this.renew(channel);
    } else if (entry.last !== undefined) {
      queueMicrotask(() => entry.handlers.has(listener) && handler(entry.last, true));
    }
    entry.handlers.add(listener);
    return () => this.#drop(channel, entry, listener);
  }

  /** Asks for a channel anew, so that it tells its state again. */
  renew(channel) {
    const entry = this.#entries.get(channel);
    if (!entry || this.#added.has(channel)) return;
    entry.isFresh = true;
    entry.sequence = null;
    this.#removed.add(channel);
    this.#added.add(channel);
    this.#plan();
  }

  heard({ channel, sequence, data }) {
    const entry = this.#entries.get(channel);
    if (!entry) return;
    const isStateful = tellsState(channel);
    const isSnapshot = data?.type === 'snapshot' || entry.isFresh && isStateful;
    entry.sequence = sequence;
    entry.isFresh = false;
    if (isStateful && !changing.test(channel)) entry.last = data;
    for (const listener of entry.handlers) listener.handler(data, isSnapshot);
  }

  /** After a new connection: everything again. */
  async restore() {
    this.#removed.clear();
    this.#added.clear();
    const all = [...this.#entries.keys()];
    const publics = all.filter(name => !isPrivate(name));
    await this.#ask('public/subscribe', publics, this.#held(publics));
    const privates = all.filter(isPrivate);
    await this.#ask('private/subscribe', privates, this.#held(privates));
  }

  /** After the session ended: the node has forgotten the channels of the account. */
  forgetPrivate() {
    for (const [channel, entry] of this.#entries) {
      if (isPrivate(channel)) {
        entry.sequence = null;
        entry.last = undefined;
      }
    }
  }

  #held(channels) {
    const resume = {};
    for (const name of channels) {
      const { sequence } = this.#entries.get(name);
      if (sequence !== null) resume[name] = sequence;
    }
    return resume;
  }

  #drop(channel, entry, listener) {
    if (!entry.handlers.delete(listener) || entry.handlers.size > 0) return;
    if (this.#entries.get(channel) !== entry) return;
    this.#entries.delete(channel);
    if (this.#added.has(channel) && !this.#removed.has(channel)) this.#added.delete(channel);
    else this.#removed.add(channel);
    this.#plan();
  }

  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.#flush();
    });
  }

  #flush() {
    const removed = [...this.#removed];
    const added = [...this.#added].filter(name => this.#entries.has(name));
    this.#removed.clear();
    this.#added.clear();
    for (const [group, scope] of [[name => !isPrivate(name), 'public'], [isPrivate, 'private']]) {
      const gone = removed.filter(group);
      if (gone.length > 0) {
        this.#call(`${scope}/unsubscribe`, { channels: gone }).catch(() => {});
      }
      this.#ask(`${scope}/subscribe`, added.filter(group), {});
    }
  }

  /** Subscribes, leaving out what the node does not know, which is told to who wanted it. */
  async #ask(method, channels, resume) {
    if (channels.length === 0) return;
    const params = { channels };
    if (Object.keys(resume).length > 0) params.resume = resume;
    try {
      await this.#call(method, params);
      for (const name of channels) if (!(name in resume)) this.#begin(name);
    } catch (error) {
      if (error.data?.reason === 'messages_lost') {
        const rest = { ...resume };
        delete rest[error.data.channel];
        return this.#ask(method, channels, rest);
      }
      if (error.code === 0) return undefined; // a break: restore() comes
      const culprit = error.data?.channel;
      const failed = culprit && channels.includes(culprit) ? [culprit] : channels;
      for (const name of failed) this.#fail(name, error);
      return this.#ask(method, channels.filter(name => !failed.includes(name)), resume);
    }
    return undefined;
  }

  #begin(channel) {
    const entry = this.#entries.get(channel);
    if (!entry || entry.sequence === null) return;
    if (!tellsState(channel)) for (const { onGap } of entry.handlers) onGap?.();
    entry.isFresh = true;
  }

  #fail(channel, error) {
    const entry = this.#entries.get(channel);
    if (!entry) return;
    this.#entries.delete(channel);
    for (const { onFail } of entry.handlers) onFail?.(error);
  }
}
