// What an operator can do from the page. Whoever has not shown the password yet is asked for it first.
import * as api from './api.js';
import { ask } from './dialog.js';
import { el } from './dom.js';

let access = { hasActions: false, isLoggedIn: false };
let done = () => {};

/** Takes in what the server says of this visitor. */
export const admit = now => { access = now; };
export const mayAsk = () => access.hasActions;
export const isIn = () => access.isLoggedIn || api.hasPassword();
export const whenDone = callback => { done = callback; };

export async function logIn() {
  if (isIn()) return true;
  const given = await ask(
    { title: 'Log in', text: 'Actions need the password of Admin.Password.', label: 'Password', type: 'password', ok: 'Log in', required: true, attributes: { autocomplete: 'current-password' } },
    api.logIn);
  done();
  return given !== null;
}

/** Runs an action, after the password where it is needed. */
async function act(question, run) {
  if (!await logIn()) return;
  await ask(question, async value => {
    try {
      await run(value);
    } catch (error) {
      if (error.status === 401) api.logOut();
      throw error;
    }
  });
  done();
}

const TEXTS = {
  server: { drain: 'It gets nothing new; what it has goes on.', maint: 'It gets nothing new and is not checked; what it has goes on.', ready: 'It works again as its checks allow.' },
  database: {
    drain: 'It gets no new statements; transactions and pinned sessions go on.', maint: 'As if it were down: what runs there is cut.',
    ready: 'It works again as its state allows.',
  },
};

/** Three buttons: what is wanted of a server. */
export function orders(kind, name, path) {
  const buttons = ['ready', 'drain', 'maint'].map(state => el('button', {
    type: 'button', 'data-state': state, 'aria-label': `${state} ${name}`, title: TEXTS[kind][state],
    onclick: () => act(
      { title: `${state} ${name}`, text: TEXTS[kind][state], label: 'Why (for the log and this page)', ok: state, attributes: { maxlength: 200 } },
      reason => api.patch(path, { state, reason: reason || undefined })),
  }, state));
  const group = el('span', { class: 'orders', role: 'group', 'aria-label': `What is wanted of ${name}` }, ...buttons);
  group.show = order => buttons.forEach(b => {
    b.setAttribute('aria-pressed', String(b.dataset.state === order));
    b.disabled = !access.hasActions;
  });
  return group;
}

/** A weight that can be changed. */
export function weight(name, path, most, least) {
  const button = el('button', {
    type: 'button', class: 'value', 'aria-label': `Weight of ${name}`, title: 'Change its weight',
    onclick: () => act(
      { title: `Weight of ${name}`, text: 'Its share relative to the other servers.', label: `${least} to ${most}`, type: 'number', value: button.textContent, ok: 'Change', required: true, attributes: { min: least, max: most } },
      value => api.patch(path, { weight: Number(value) })),
  });
  return button;
}

export const reset = () => act(
  { title: 'Reset counters', text: 'Counters and maxima of this page begin anew; Prometheus’ go on.', ok: 'Reset' }, () => api.post('counters/reset'));

export const end = (id, who) => act(
  { title: `End session ${id}`, text: `The client ${who} is disconnected and what runs for it is stopped.`, ok: 'End it' },
  () => api.remove('sessions/' + encodeURIComponent(id)));
