'use strict';
// What every client program is told, and how it reports (see ../README.md).
const env = process.env;
const accounts = {};
for (const entry of env.DBTEST_ACCOUNTS.split(',').filter(Boolean)) {
  const [plugin, account] = [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)];
  accounts[plugin] = { user: account.slice(0, account.indexOf(':')), password: account.slice(account.indexOf(':') + 1) };
}

class Skip extends Error {}

async function capability(name, body) {
  let line;
  try {
    const detail = await body();
    line = `ok ${name} ${detail === undefined ? '' : typeof detail === 'string' ? detail : json(detail)}`;
  } catch (error) {
    line = error instanceof Skip ? `skip ${name} ${error.message}` : `fail ${name} ${error.stack || error.message}`;
  }
  console.log(line.replace(/\s*\n\s*/g, ' ').trimEnd());
}

const json = value => JSON.stringify(value, (_, v) => typeof v === 'bigint' ? `${v}n` : v && v.type === 'Buffer' ? Buffer.from(v.data).toString('hex') : v);

module.exports = {
  host: env.DBTEST_HOST, port: Number(env.DBTEST_PORT), user: env.DBTEST_USER, password: env.DBTEST_PASSWORD, schema: env.DBTEST_SCHEMA,
  tls: env.DBTEST_TLS === '1', flavor: env.DBTEST_FLAVOR, file: env.DBTEST_FILE, accounts, capability, Skip, json,
  skip(reason, ...names) { for (const name of names) console.log(`skip ${name} ${reason}`); },
  assert(condition, message) { if (!condition) throw new Error(`assertion: ${message}`); },
};
