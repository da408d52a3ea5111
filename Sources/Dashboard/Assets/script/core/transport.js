// One WebSocket to the node and the calls that wait on it. It knows JSON-RPC and how to come back
// after a break; what is said, and to whom, is connection.js. A call that the node puts off (10028,
// 10047) is tried again when the node says so.

const pauses = [200, 400, 800, 1500, 2500]; // ms before each new attempt, the last again and again
const patience = 15000; // ms that a call waits for its answer
const silence = 12000; // ms without a message before the node is asked whether it is there
const tries = 6; // of a call that is put off

/** What a call fails with when the world, not the node, is the reason. */
export function lost(message) {
  return { code: 0, message, data: null };
}

export class Transport {
  #address;
  #listener;
  #socket = null;
  #waiting = new Map();
  #next = 1;
  #failures = 0;
  #heard = 0;
  #timer = null;
  #watch = null;

  /** listener: opened(), closed(), heard({channel, sequence, data}). */
  constructor(address, listener) {
    this.#address = address;
    this.#listener = listener;
  }

  open() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#heard = performance.now();
      this.#watch = setInterval(() => this.#check(), 4000);
      this.#listener.opened();
    };
    socket.onmessage = event => {
      this.#heard = performance.now();
      this.#take(JSON.parse(event.data));
    };
    socket.onclose = () => this.#lose(socket);
  }

  /** After a call was answered: the next break begins with the shortest pause again. */
  settle() {
    this.#failures = 0;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Asks at once, without waiting for a connection; rejects with {code, message, data}. */
  async call(method, params = {}) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(method, params);
      } catch (error) {
        const wait = error.data?.wait;
        const isPutOff = error.code === 10028 || error.code === 10047;
        if (!isPutOff || attempt === tries) throw error;
        await new Promise(done => setTimeout(done, (wait ?? 200) + 20 * attempt));
      }
    }
  }

  /** Gives the connection up; a new one is made. */
  drop() {
    const socket = this.#socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.#lose(socket);
  }

  #once(method, params) {
    if (!this.isOpen) return Promise.reject(lost('the connection to the node is down'));
    const id = this.#next;
    this.#next += 1;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        fail(lost(`the node did not answer ${method}`));
      }, patience);
      this.#waiting.set(id, { done, fail, timer });
    });
  }

  #take(message) {
    if (message.method === 'subscription') {
      this.#listener.heard(message.params);
    } else if (message.method === 'heartbeat') {
      if (message.params.type === 'test_request') this.#once('public/test', {}).catch(() => {});
    } else {
      const waiting = this.#waiting.get(message.id);
      if (!waiting) return;
      this.#waiting.delete(message.id);
      clearTimeout(waiting.timer);
      if (message.error) waiting.fail({ data: null, ...message.error });
      else waiting.done(message.result);
    }
  }

  /** A connection may hang without being closed: then nothing is heard, not even an answer. */
  #check() {
    if (performance.now() - this.#heard < silence) return;
    const asked = performance.now();
    this.#once('public/test', {}).catch(() => {});
    setTimeout(() => {
      if (this.isOpen && this.#heard < asked) this.drop();
    }, 3000);
    this.#heard = asked - silence + 4000;
  }

  #lose(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearInterval(this.#watch);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const call of waiting) {
      clearTimeout(call.timer);
      call.fail(lost('the connection to the node broke'));
    }
    this.#listener.closed();
    const pause = pauses[Math.min(this.#failures, pauses.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.open(), pause);
  }
}
