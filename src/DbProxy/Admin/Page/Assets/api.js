// The runtime API. The password stays in this page's memory: a reload forgets it.

// A busy machine may take its time; an action should rather be late than given up.
const FIGURES = 20000;
const ACTION = 30000;
// Without the name and password that the page's own address may hold: fetch takes none.
const BASE = location.origin + location.pathname.replace(/[^/]*$/, '') + 'api/v1/';
let password = null;

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const hasPassword = () => password !== null;

async function send(method, path, body, patience = ACTION, withPassword = password) {
  const headers = { 'X-DbProxy': '1', Accept: 'application/json' };
  if (withPassword !== null) headers.Authorization = 'Bearer ' + withPassword;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(BASE + path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(patience),
  });
  if (response.ok) return response.status === 204 ? null : await response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.detail ?? `${response.status} ${response.statusText}`);
}

export const get = path => send('GET', path, undefined, FIGURES);
export const patch = (path, body) => send('PATCH', path, body);
export const post = path => send('POST', path);
export const remove = path => send('DELETE', path);

/** Keeps a password if it is right. */
export async function logIn(given) {
  // A header holds no other characters; the password may.
  if (/[^\x20-\x7e]/.test(given)) throw new Refused(400, 'Passwords with characters other than ASCII can be used with HTTP Basic only.');
  await send('GET', 'process', undefined, ACTION, given);
  password = given;
}

export function logOut() {
  password = null;
}
