// A table that is kept up to date cell by cell, so that focus, selection and scrolling survive.
import { arrange, el, say } from './dom.js';

/**
 * @param table The table element.
 * @param columns What to show: { title, about, group, text, kind } where kind is t (text), wide, act or nothing (a figure);
 *   show(row) gives a string, a number or elements; zero(row): nothing worth a look on a phone.
 */
export class Table {
  #body = new Map();
  #rows = new Map();

  constructor(table, columns) {
    this.table = table;
    this.columns = columns;
    table.replaceChildren(this.#head());
  }

  /** Shows the groups: [{ key, rows: [{ key, class, … }] }]. */
  update(groups) {
    const bodies = groups.map(group => {
      if (!this.#body.has(group.key)) this.#body.set(group.key, el('tbody'));
      const body = this.#body.get(group.key);
      arrange(body, group.rows.map(row => this.#row(`${group.key}\n${row.key}`, row)));
      return body;
    });
    arrange(this.table, [this.table.tHead, ...bodies]);
    const keys = new Set(groups.flatMap(g => g.rows.map(r => `${g.key}\n${r.key}`)));
    for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
  }

  #head() {
    const groups = [];
    for (const column of this.columns) {
      const last = groups.at(-1);
      if (last && column.group && last.name === column.group) last.span++;
      else groups.push({ name: column.group, span: 1 });
    }
    return el('thead', {},
      el('tr', {}, ...groups.map(g => el('th', { colspan: g.span, scope: g.name ? 'colgroup' : null }, g.name ?? ''))),
      el('tr', {}, ...this.columns.map(c => el('th', { scope: 'col', title: c.about, class: this.#classes(c) }, c.title))));
  }

  #classes(column) {
    const first = column.group && this.columns.find(c => c.group === column.group) === column;
    return [column.kind === undefined ? '' : 't', column.kind ?? '', first ? 'g' : ''].filter(Boolean).join(' ') || null;
  }

  #row(key, row) {
    let element = this.#rows.get(key);
    if (!element) {
      element = el('tr', {}, ...this.columns.map(c => el('td', { class: this.#classes(c), 'data-title': c.group ? `${c.group} ${c.title}` : c.title })));
      this.#rows.set(key, element);
    }
    element.className = row.class ?? '';
    this.columns.forEach((column, i) => this.#fill(element.cells[i], column, row));
    return element;
  }

  #fill(cell, column, row) {
    const value = column.show(row, cell) ?? '';
    if (typeof value === 'string') say(cell, value);
    else arrange(cell, [value].flat());
    const title = column.text?.(row) ?? '';
    if (cell.title !== title) cell.title = title;
    cell.classList.toggle('z', cell.textContent === '' || /^(0|0 B|–)$/.test(cell.textContent));
  }
}
