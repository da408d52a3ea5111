// Numbers and times as people read them. Null is '–' everywhere; what is very long is shortened
// with M, B or T and what is very small written with an exponent, so that nothing breaks a column:
// `exact` gives the whole number for a title.

const none = '–';
const formatters = new Map();
const suffixes = [[1e15, null], [1e12, 'T'], [1e9, 'B'], [1e6, 'M']];

const isNumber = value => value !== null && value !== undefined && value !== ''
  && Number.isFinite(Number(value));

function fixed(value, least, most) {
  const key = least * 32 + most;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: least, maximumFractionDigits: most,
    });
    formatters.set(key, formatter);
  }
  const text = formatter.format(value);
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

const power = (value, digits) => {
  const [head, exponent] = value.toExponential(digits).split('e');
  const short = head.includes('.') ? head.replace(/\.?0+$/, '') : head;
  return `${short}e${exponent.replace('+', '')}`.replace(/^-/, '−');
};

/** What would be rounded to nothing: with three digits that say something. */
const tiny = value => Math.abs(value) >= 1e-4
  ? String(Number(value.toPrecision(3))).replace('-', '−') : power(value, 2);

function short(value) {
  const size = Math.abs(value);
  for (const [scale, suffix] of suffixes) {
    if (size >= scale) return suffix ? fixed(value / scale, 0, 2) + suffix : power(value, 3);
  }
  return fixed(value, 0, 0);
}

/** Decimals of a step: 0.5 has one, 1 has none, 1e-9 nine. */
export function decimals(step) {
  if (!isNumber(step) || Number(step) <= 0) return 2;
  const [digits, exponent] = Number(step).toExponential().split('e');
  const after = (digits.split('.')[1] ?? '').length;
  return Math.min(20, Math.max(0, after - Number(exponent)));
}

/** A price on its grid; without a tick with as many decimals as its size wants. */
export function price(value, tick) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size >= 1e10) return short(Number(value));
  const digits = tick ? decimals(tick) : size >= 1000 ? 1 : size >= 1 ? 2 : 6;
  if (size > 0 && size < 0.5 * 10 ** -digits) return tiny(Number(value));
  if (digits > 8) return power(Number(value), 4);
  return fixed(Number(value), digits, digits);
}

/** An amount of something, as exact as its size needs. */
export function amount(value, step) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size >= 1e7) return short(Number(value));
  const most = step ? decimals(step) : size >= 1000 ? 2 : size >= 1 ? 4 : 8;
  if (size > 0 && size < 0.5 * 10 ** -Math.min(most, 8)) return tiny(Number(value));
  return fixed(Number(value), step && size < 1e5 ? Math.min(most, 8) : 0, Math.min(most, 8));
}

/** Money of a quote asset: cents below a million, then shortened. */
export function money(value) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size >= 1e6) return short(Number(value));
  if (size > 0 && size < 0.005) return tiny(Number(value));
  return fixed(Number(value), 2, 2);
}

/** A share of one as percent. */
export function percent(share, digits = 2) {
  if (!isNumber(share)) return none;
  const value = Number(share) * 100;
  if (Math.abs(value) >= 1e6) return `${short(value)} %`;
  return `${fixed(value, digits, digits)} %`;
}

/** Any number; with digits exactly so many decimals. */
export function number(value, digits) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size >= 1e7) return short(Number(value));
  if (digits !== undefined) {
    if (size > 0 && size < 0.5 * 10 ** -digits) return tiny(Number(value));
    return fixed(Number(value), digits, digits);
  }
  if (size > 0 && size < 1e-6) return power(Number(value), 3);
  return fixed(Number(value), 0, size >= 100 ? 2 : size >= 1 ? 4 : 8);
}

/** With so many decimals, whatever is lost below them. */
export const plain = (value, digits) =>
  isNumber(value) ? fixed(Number(value), digits, digits) : none;

/** A whole number in full. */
export const whole = value => isNumber(value) ? fixed(Number(value), 0, 0) : none;

/** With its sign, by any of the functions above. */
export function signed(text, value) {
  return isNumber(value) && Number(value) > 0 ? `+${text}` : text;
}

/** `up`, `down` or nothing, by the sign. */
export const direction = value =>
  !isNumber(value) || Number(value) === 0 ? '' : Number(value) > 0 ? 'up' : 'down';

/** The whole number, for a title. */
export function exact(value) {
  if (!isNumber(value)) return '';
  const text = String(value);
  return text.includes('e') ? fixed(Number(value), 0, 20) : text;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = value => String(value).padStart(2, '0');

/**
 * Of milliseconds since 1970, UTC. Forms: `time` 12:34:56, `minute` 12:34, `day` 2026-11-22, `date`
 * 22 Nov 26, `short` 22 Nov 12:34, `moment` 2026-11-22 12:34:56.
 */
export function time(value, form = 'time') {
  if (!isNumber(value)) return none;
  const date = new Date(Number(value));
  if (Number.isNaN(date.getTime())) return none;
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const minute = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (form === 'day') return day;
  if (form === 'minute') return minute;
  const name = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  if (form === 'date') return `${name} ${day.slice(2, 4)}`;
  if (form === 'short') return `${name} ${minute}`;
  const full = `${minute}:${two(date.getUTCSeconds())}`;
  return form === 'moment' ? `${day} ${full}` : full;
}

/** A span in milliseconds: 45 s, 12:30, 7:05:10, 3 d 4 h. */
export function span(value) {
  if (!isNumber(value)) return none;
  const seconds = Math.max(0, Math.floor(Number(value) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds >= 172800) {
    return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
  }
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds % 3600 / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** How long ago, against the reader's clock or a given one. */
export const ago = (value, now = Date.now()) =>
  isNumber(value) ? `${span(now - Number(value))} ago` : none;

/** The ends of a hash or key. */
export function shortHex(text, length = 6) {
  if (!text) return none;
  return text.length <= 2 * length + 1 ? text : `${text.slice(0, length)}…${text.slice(-length)}`;
}
