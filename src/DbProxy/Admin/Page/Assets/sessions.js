// Clients' sessions: looked at only while the list is open.
import { end, mayAsk } from './actions.js';
import * as api from './api.js';
import { byId, el } from './dom.js';
import { duration, words } from './format.js';
import { Table } from './table.js';

const MOST = 200;
const COLUMNS = [
  { title: 'Session', kind: 't', show: row => row.of.id },
  { title: 'Client', kind: 't', show: row => row.of.client },
  { title: 'User', kind: 't', show: row => row.of.user ?? '' },
  { title: 'Schema', kind: 't', show: row => row.of.schema ?? '' },
  { title: 'Backend', kind: 't', show: row => row.of.backend ?? '' },
  { title: 'Server', kind: 't', show: row => row.of.server ?? '' },
  { title: 'State', kind: 't', show: row => row.of.state },
  { title: 'Age', show: row => duration(row.of.ageSeconds) },
  { title: 'Silent', show: row => duration(row.of.idleSeconds) },
  { title: 'Pinned by', kind: 'wide', show: row => row.of.pins.map(words).join(', ') },
  {
    title: '', kind: 'act', about: 'End it',
    show: (row, cell) => cell.kept ??= el('button', { type: 'button', 'aria-label': `End session ${row.of.id}`, disabled: !mayAsk(), onclick: () => end(row.of.id, row.of.client) }, 'End'),
  },
];

const details = document.querySelector('#sessions details');
const table = new Table(document.querySelector('#sessions table'), COLUMNS);

export async function refresh() {
  if (!details.open) return;
  const list = await api.get(`sessions?limit=${MOST}&search=${encodeURIComponent(byId('find').value)}`);
  byId('found').textContent = list.total > list.sessions.length ? `${list.total}; the oldest ${list.sessions.length} are shown` : `${list.total}`;
  table.update([{ key: 'all', rows: list.sessions.map(s => ({ key: s.id, of: s })) }]);
}

const soon = () => refresh().catch(() => {});
details.addEventListener('toggle', soon);
byId('find').addEventListener('input', soon);
