// A table that is drawn again and again: rows live as long as their key, and only cells whose text,
// class or title is another are touched.

import { h, replace, setAttribute, setText } from './dom.js';

function show(cell, value, align) {
  const isPlain = value === null || typeof value !== 'object';
  if (value instanceof Node) {
    if (cell.firstChild !== value) replace(cell, value);
    if (align && cell.className !== align) cell.className = align;
    return;
  }
  const { text, class: name = '', title = '' } = isPlain ? { text: value ?? '–' } : value;
  setText(cell, String(text));
  const wanted = align ? `${align} ${name}`.trim() : name;
  if (cell.className !== wanted) cell.className = wanted;
  setAttribute(cell, 'title', title);
}

/**
 * columns: [{key, label, align: 'left' | 'center', title, render(row) → text, node or
 * {text, class, title}}]; rowKey(row) names a row; rowClass(row) is optional; caption is for screen
 * readers; empty is what stands there without rows; onChoose(row) makes rows clickable.
 */
export function table({ columns, rowKey, rowClass, caption, empty = 'nothing', onChoose, test }) {
  const heads = columns.map(({ label, align, title }) =>
    h('th', { scope: 'col', class: align ?? null, title: title ?? null }, label));
  const body = h('tbody');
  const note = h('td', { class: 'empty', colspan: String(columns.length) }, empty);
  const emptyRow = h('tr', {}, note);
  const node = h('table', { dataset: test ? { test } : {} },
    caption && h('caption', { class: 'hidden' }, caption),
    h('thead', {}, h('tr', {}, heads)), body);
  const known = new Map(); // key → {node, cells, row}

  function make(key) {
    const cells = columns.map(() => h('td'));
    const entry = { node: h('tr', { dataset: { key } }, cells), cells, row: null };
    if (onChoose) {
      entry.node.classList.add('choice');
      entry.node.addEventListener('click', event => onChoose(entry.row, event));
    }
    known.set(key, entry);
    return entry;
  }

  function update(rows) {
    const keys = new Set();
    let place = body.firstChild;
    for (const row of rows) {
      const key = String(rowKey(row));
      if (keys.has(key)) continue;
      keys.add(key);
      const entry = known.get(key) ?? make(key);
      entry.row = row;
      columns.forEach((column, i) => {
        const value = column.render ? column.render(row) : row[column.key];
        show(entry.cells[i], value, column.align);
      });
      if (rowClass) {
        const name = `${onChoose ? 'choice ' : ''}${rowClass(row) ?? ''}`.trim();
        if (entry.node.className !== name) entry.node.className = name;
      }
      if (entry.node === place) place = place.nextSibling;
      else body.insertBefore(entry.node, place);
    }
    for (const [key, entry] of known) {
      if (keys.has(key)) continue;
      entry.node.remove();
      known.delete(key);
    }
    if (keys.size === 0) body.append(emptyRow);
    else emptyRow.remove();
  }

  update([]);
  return {
    node,
    update,
    row: key => known.get(String(key))?.node ?? null,
    setEmpty: text => setText(note, text),
  };
}
