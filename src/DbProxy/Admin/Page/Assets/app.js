// Asks for everything once a second and shows it. Figures that are old are shown as such, and it goes on asking.
import { admit, isIn, logIn, mayAsk, reset, whenDone } from './actions.js';
import * as api from './api.js';
import * as columns from './columns.js';
import { arrange, byId, el, say } from './dom.js';
import { bytes, count, duration, words } from './format.js';
import { refresh as refreshSessions } from './sessions.js';
import { forget, spark } from './spark.js';
import { Table } from './table.js';

const EVERY = 1000;
const HIDDEN_EVERY = 10000;
const tables = {
  frontends: new Table(document.querySelector('#frontends table'), columns.frontends),
  backends: new Table(document.querySelector('#backends table'), columns.servers),
  mysql: new Table(document.querySelector('#mysql table'), columns.databases),
};
const tiles = new Map();
let answered = 0;
let started = null;
let timer = 0;

async function look() {
  clearTimeout(timer);
  try {
    const stats = await api.get('stats');
    if (started !== null && started !== stats.process.started) forget();
    [started, answered] = [stats.process.started, Date.now()];
    show(stats);
    link('live', 'good');
    notice('');
    await refreshSessions();
  } catch (error) {
    if (error.status === 401) api.logOut();
    link(answered ? `no answer for ${duration((Date.now() - answered) / 1000)}` : 'no answer', 'bad');
    notice(`${error.status ? error.message : 'The proxy does not answer.'} ${answered ? 'The figures are old; ' : ''}trying again.`, true);
  }
  timer = setTimeout(look, document.hidden ? HIDDEN_EVERY : EVERY);
}

function link(text, kind) {
  say(byId('link'), text);
  byId('link').className = `chip ${kind}`;
  document.body.classList.toggle('stale', kind === 'bad' && answered > 0);
}

function notice(text, isBad = false) {
  const element = byId('notice');
  say(element, text);
  element.hidden = !text;
  element.className = isBad ? 'bad' : '';
}

function show(stats) {
  const { process, mysql } = stats;
  admit(stats.access);
  say(byId('host'), process.host);
  document.title = `DbProxy ${process.host}`;
  say(byId('facts'), `${process.isReady ? 'serving' : 'not serving'} · up ${duration(process.uptimeSeconds)} · CPU ${process.cpuPercent} % · ${bytes(process.memoryBytes)} · pid ${process.pid} · ${process.version.split('+')[0]}`);
  byId('login').hidden = isIn();
  byId('login').disabled = !mayAsk();
  say(byId('login'), mayAsk() ? 'Log in' : 'Actions are switched off');
  byId('login').title = mayAsk() ? '' : 'Set Admin.PasswordFile or DBPROXY_ADMIN_PASSWORD to switch them on.';
  byId('reset').hidden = !isIn() || !mayAsk();
  showTiles(stats);
  showAttention(stats);
  showTables(stats, Date.parse(stats.time));
  showLists(mysql);
}

function showTiles({ frontends, mysql, process }) {
  const sum = pick => frontends.reduce((all, f) => all + pick(f), 0);
  const now = [];
  if (frontends.length) {
    now.push(['sessions of frontends', sum(f => f.sessions.now)], ['new sessions a second', sum(f => f.sessionRate.now)]);
    if (frontends.some(f => f.requests)) now.push(['requests a second', sum(f => f.requests?.rate.now ?? 0)]);
  }
  if (mysql) now.push(['MySQL sessions', mysql.sessions.now], ['statements a second', mysql.statementRate.now], ['pinned sessions', mysql.pins.reduce((all, p) => all + p.now, 0)]);
  now.push(['CPU, % of a core', process.cpuPercent]);
  arrange(byId('tiles'), now.map(([title, value]) => {
    if (!tiles.has(title)) tiles.set(title, el('div', { class: 'tile' }, el('b'), spark('tile ' + title, value), el('small', {}, title)));
    else spark('tile ' + title, value);
    say(tiles.get(title).firstElementChild, count(value));
    return tiles.get(title);
  }));
}

/** What is not as it should be, in a sentence each. */
function showAttention({ backends, mysql }) {
  const lines = [];
  for (const backend of backends) {
    if (backend.state !== 'UP') lines.push(['bad', 'DOWN', `backend ${backend.name} has no server left`]);
    if (backend.queue.now) lines.push(['warn', 'QUEUE', `${backend.queue.now} sessions wait for a server of ${backend.name}`]);
    for (const s of backend.servers.filter(s => s.state !== 'UP')) lines.push([{ DOWN: 'bad', DRAIN: 'calm' }[s.state] ?? 'warn', s.state, `${backend.name}/${s.name}: ${s.reason}`]);
  }
  if (mysql && !mysql.primary) lines.push(['bad', 'NO PRIMARY', 'writes wait for one, and then fail']);
  if (mysql?.warning) lines.push(['warn', 'ROLES', mysql.warning]);
  for (const s of mysql?.servers ?? []) {
    if (s.order !== 'ready') lines.push([s.order === 'drain' ? 'calm' : 'warn', s.order.toUpperCase(), `${s.name}: ${s.reason}`]);
    else if (s.health !== 'up') lines.push(['bad', s.health.toUpperCase(), `${s.name}: ${s.reason}`]);
    else if (s.role !== 'primary' && !s.inRotation) lines.push(['warn', 'NO READS', `${s.name}: ${s.reason}`]);
  }
  byId('attention').hidden = lines.length === 0;
  byId('attention').querySelector('ul').replaceChildren(...lines.map(([kind, word, text]) => el('li', {}, el('span', { class: `chip ${kind}` }, word), ' ' + text)));
}

function showTables({ frontends, backends, mysql }, now) {
  for (const [id, there] of [['frontends', frontends.length], ['backends', backends.length], ['mysql', mysql]]) byId(id).hidden = !there;
  tables.frontends.update([{ key: 'all', rows: frontends.map(f => ({ key: f.name, class: 'up', of: f, now })) }]);
  tables.backends.update(backends.map(b => ({
    key: b.name,
    rows: [
      ...b.servers.map(s => ({ key: 'server ' + s.name, class: s.state.toLowerCase() + (s.isBackup ? ' backup' : ''), kind: 'server', of: s, now })),
      { key: 'backend', class: 'total ' + b.state.toLowerCase(), kind: 'backend', of: b, now },
    ],
  })));
  if (!mysql) return;
  say(byId('primary'), mysql.primary ? `primary ${mysql.primary} · ${mysql.sessions.now} of ${count(mysql.sessions.limit)} sessions` : 'no primary');
  tables.mysql.update([{ key: 'all', rows: mysql.servers.map(s => ({ key: `${s.name} ${s.address}`, class: s.order !== 'ready' ? s.order : s.health, of: s, now })) }]);
}

function showLists(mysql) {
  bars('pins', mysql?.pins.map(p => [words(p.reason), p.total, p.now ? `${count(p.total)}, now ${p.now}` : count(p.total)]));
  bars('routes', mysql?.routes.map(r => [words(r.reason), r.total, count(r.total)]));
  bars('errors', mysql?.errors.map(e => [`${e.code} from the ${e.origin}`, e.total, count(e.total)]));
}

function bars(id, lines = []) {
  const most = Math.max(1, ...lines.map(l => l[1]));
  byId(id).replaceChildren(...(lines.length ? lines.map(([title, value, text]) => {
    const bar = el('i');
    bar.style.width = `${value / most * 100}%`;
    return el('div', { class: 'bar' }, bar, el('span', {}, title), el('span', {}, text));
  }) : [el('span', { class: 'none' }, 'none')]));
}

byId('login').addEventListener('click', logIn);
byId('reset').addEventListener('click', reset);
document.addEventListener('visibilitychange', () => document.hidden || look());
whenDone(look);
look();
