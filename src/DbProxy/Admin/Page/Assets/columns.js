// What the tables show, in the order that HAProxy's users know.
import { mayAsk, orders, weight } from './actions.js';
import { el } from './dom.js';
import { bytes, count, duration, milliseconds } from './format.js';
import { spark } from './spark.js';

const STATES = { UP: 'good', DOWN: 'bad', DRAIN: 'calm', MAINT: 'warn', OPEN: 'good', up: 'good', down: 'bad', drain: 'calm', maint: 'warn' };

/** A column of figures. */
const figure = (group, title, about, show) => ({ group, title, about, show });

/** Keeps the elements of a cell from one update to the next. */
function kept(cell, make) {
  cell.kept ??= make();
  return cell.kept;
}

function chip(cell, word, ...more) {
  const element = kept(cell, () => el('span', {}, el('span'), el('small')));
  element.firstChild.textContent = word;
  element.firstChild.className = `chip ${STATES[word] ?? ''}`;
  element.lastChild.textContent = more.filter(Boolean).map(m => ` ${m}`).join('');
  return element;
}

const named = (row, small) => (_, cell) => {
  const element = kept(cell, () => [el('span'), el('small')]);
  element[0].textContent = row(_);
  element[1].textContent = ' ' + small(_);
  return element;
};

const traffic = of => [
  figure('Bytes', 'in', 'From clients', row => bytes(of(row).bytes.in)),
  figure('Bytes', 'out', 'To clients', row => bytes(of(row).bytes.out)),
];

const sessions = (of, ...more) => [
  { ...figure('Rate', 'now', 'New sessions in the last second', row => count(of(row).sessionRate.now)), group: 'Sessions a second' },
  { ...figure('Rate', 'max', 'The most in a second', row => count(of(row).sessionRate.max)), group: 'Sessions a second' },
  ...more,
  figure('Sessions', 'now', 'At present', row => count(of(row).sessions.now)),
  figure('Sessions', 'max', 'The most at a time', row => count(of(row).sessions.max)),
  figure('Sessions', 'limit', 'The most allowed', row => count(of(row).sessions.limit)),
  figure('Sessions', 'total', 'Since the last reset', row => count(of(row).sessions.total)),
];

export const frontends = [
  { title: 'Frontend', kind: 't', show: named(row => row.of.name, row => `${row.of.mode}${row.of.isTls ? ' tls' : ''} ${row.of.addresses.join(', ')}`) },
  { title: 'State', kind: 't', show: (row, cell) => chip(cell, 'OPEN') },
  ...sessions(row => row.of, { group: 'Sessions a second', title: '', about: 'The last minute', show: row => spark('frontend ' + row.of.name, row.of.sessionRate.now) }),
  figure('Requests', 'now', 'HTTP requests in the last second', row => row.of.requests ? count(row.of.requests.rate.now) : ''),
  figure('Requests', 'total', 'HTTP requests', row => row.of.requests ? count(row.of.requests.total) : ''),
  figure('Requests', '4xx', 'Answered with a client error', row => row.of.requests ? count(row.of.requests['4xx']) : ''),
  figure('Requests', '5xx', 'Answered with a server error', row => row.of.requests ? count(row.of.requests['5xx']) : ''),
  ...traffic(row => row.of),
  { ...figure('Denied', 'rules', 'By access rules', row => count(row.of.denied.rules)), text: row => row.of.rules.map(r => `${r.name} (${r.action}): ${r.hits}`).join('\n') },
  figure('Denied', 'rates', 'By rate limits', row => count(row.of.denied.rates)),
  figure('Errors', 'request', 'Clients that did not speak what was expected', row => count(row.of.requestErrors)),
  figure('Errors', 'left', 'HTTP clients that broke off', row => count(row.of.clientAborts)),
];

const checked = check => `${check.isGood ? 'good' : 'bad'} in ${milliseconds(check.milliseconds)}`;
const isServer = row => row.kind === 'server';
const pathOf = row => `backends/${encodeURIComponent(row.of.backend)}/servers/${encodeURIComponent(row.of.name)}`;
const nameOf = row => `${row.of.backend}/${row.of.name}`;

export const servers = [
  { title: 'Server', kind: 't', show: named(row => row.of.name, row => isServer(row) ? `${row.of.isBackup ? 'backup ' : ''}${row.of.address}` : `backend, ${row.of.balance}`) },
  {
    title: 'State', kind: 't', text: row => isServer(row) ? `since ${row.of.since}\n${row.of.reason}` : '',
    show: (row, cell) => isServer(row)
      ? chip(cell, row.of.state, duration((row.now - Date.parse(row.of.since)) / 1000))
      : chip(cell, row.of.state, `${row.of.activeServers} active${row.of.backupServers ? `, ${row.of.backupServers} backup` : ''}`),
  },
  {
    title: 'Wanted', kind: 'act', about: 'What an operator wants of it',
    show: (row, cell) => {
      if (!isServer(row)) return '';
      const group = kept(cell, () => orders('server', nameOf(row), pathOf(row)));
      group.show(row.of.order);
      return group;
    },
  },
  {
    title: 'Check', kind: 't', text: row => [row.of.check, row.of.agent].filter(Boolean).map(c => c.detail).join('\n'),
    show: row => !isServer(row) ? '' : [row.of.check && checked(row.of.check), row.of.agent?.detail].filter(Boolean).join(', ') || 'none',
  },
  // Nobody waits for one server: who waits gets the first one that has room.
  figure('Queue', 'now', 'Sessions that wait for any server of the backend', row => isServer(row) ? '–' : count(row.of.queue.now)),
  figure('Queue', 'max', 'The most at a time', row => isServer(row) ? '–' : count(row.of.queue.max)),
  ...sessions(row => row.of),
  ...traffic(row => row.of),
  figure('Errors', 'conn', 'Connections that failed', row => count(row.of.errors.connect)),
  figure('Errors', 'resp', 'Responses broken off', row => count(row.of.errors.response)),
  figure('Errors', '5xx', 'Answers with a server error', row => row.of.requests ? count(row.of.requests['5xx']) : ''),
  figure('Again', 'retr', 'Tried again on the same server', row => count(row.of.retries)),
  figure('Again', 'redis', 'Tried again on another server', row => count(row.of.redispatches)),
  figure('Down', 'times', 'How often it went down', row => isServer(row) ? count(row.of.wentDown) : ''),
  figure('Down', 'for', 'How long it was down or in maintenance', row => isServer(row) && row.of.downSeconds > 0 ? duration(row.of.downSeconds) : ''),
  {
    title: 'Weight', about: 'Share of the traffic', text: row => isServer(row) && row.of.effectiveWeight !== row.of.weight ? `at present ${row.of.effectiveWeight}` : '',
    show: (row, cell) => {
      if (!isServer(row) || !mayAsk()) return String(row.of.weight);
      const button = kept(cell, () => weight(nameOf(row), pathOf(row), 256, 0));
      button.textContent = row.of.weight;
      return button;
    },
  },
];

const databasePath = row => `mysql/servers/${encodeURIComponent(row.of.name)}`;

export const databases = [
  { title: 'Server', kind: 't', show: named(row => row.of.name, row => row.of.address) },
  { title: 'Role', kind: 't', show: row => row.of.role },
  { title: 'State', kind: 't', text: row => `since ${row.of.since}`, show: (row, cell) => chip(cell, row.of.order !== 'ready' ? row.of.order : row.of.health, duration((row.now - Date.parse(row.of.since)) / 1000)) },
  {
    title: 'Wanted', kind: 'act', about: 'What an operator wants of it',
    show: (row, cell) => {
      const group = kept(cell, () => orders('database', row.of.name, databasePath(row)));
      group.show(row.of.order);
      return group;
    },
  },
  { title: 'Why', kind: 'wide', show: row => row.of.reason },
  { title: 'Lag', text: row => row.of.lagMilliseconds === null ? '' : `${row.of.lagMilliseconds} ms`, about: 'How far it is behind the primary', show: row => row.of.role === 'replica' ? milliseconds(row.of.lagMilliseconds) : '' },
  figure('Connections', 'in use', 'That sessions have', row => count(row.of.connections.inUse)),
  figure('Connections', 'idle', 'That wait for a session', row => count(row.of.connections.idle)),
  figure('Connections', 'waiting', 'Sessions that wait for one', row => count(row.of.connections.waiting)),
  figure('Statements', 'a second', 'In the last second', row => count(row.of.statementRate.now)),
  { group: 'Statements', title: '', about: 'The last minute', show: row => spark('db' + row.of.name, row.of.statementRate.now) },
  figure('Statements', 'reads', 'Since the last reset', row => count(row.of.statements.read)),
  figure('Statements', 'writes', 'Since the last reset', row => count(row.of.statements.write)),
  figure('Statements', 'other', 'Transactions, prepares and the like', row => count(row.of.statements.transaction + row.of.statements.prepare + row.of.statements.other)),
  figure('Time', 'mean', 'From routing to the last byte, in the last second', row => milliseconds(row.of.latency.meanMilliseconds)),
  figure('Time', '95 %', 'Not longer for 95 in 100, within a factor of two', row => milliseconds(row.of.latency.p95Milliseconds)),
  ...traffic(row => row.of),
  figure('Errors', 'sent', 'Statements answered with an error', row => count(row.of.errors)),
  figure('Errors', 'conn', 'Connections that failed', row => count(row.of.connectFailures)),
  {
    title: 'Position', kind: 't', about: 'Transactions applied (GTIDs)', text: row => row.of.gtids,
    show: row => row.of.gtids.length > 10 ? '…' + row.of.gtids.slice(-9) : row.of.gtids,
  },
  {
    title: 'Weight', about: 'Share of the reads',
    show: (row, cell) => {
      if (!mayAsk()) return String(row.of.weight);
      const button = kept(cell, () => weight(row.of.name, databasePath(row), 1000, 1));
      button.textContent = row.of.weight;
      return button;
    },
  },
];
