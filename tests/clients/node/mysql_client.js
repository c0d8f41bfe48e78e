'use strict';
// mysql 2.18: no longer maintained, still widely used; knows mysql_native_password only and no prepared statements.
const mysql = require('mysql');
const contract = require('./contract');
const common = require('./common');

async function connect(options) {
  const { host, port, user, password, schema } = contract;
  const db = mysql.createConnection({
    host, port, user, password, database: schema, charset: 'utf8mb4', supportBigNumbers: true, bigNumberStrings: true,
    dateStrings: true, ssl: contract.tls ? { rejectUnauthorized: false } : undefined, ...options,
  });
  await common.call(db, 'connect');
  return db;
}

async function main() {
  console.log(`client mysql ${require('mysql/package.json').version}`);
  await common.logins(connect, ['mysql_native_password']);
  const db = await connect();
  await common.statements(connect, db);
  contract.skip('the driver has no server-side prepared statements', 'prepared.types', 'prepared.nulls', 'prepared.reexecute');
  await common.transactions(db);
  await common.results(connect, db);
  await common.sessions(connect, db);
  await common.errors(connect, db);
  await common.transfers(connect, db);
  contract.skip('the driver has no server-side cursors', 'cursor');
  contract.skip('the driver has no compression', 'compression');
  contract.skip('the driver has no reset', 'pool.reset');
  contract.skip('the driver sends none', 'attributes');
  await common.call(db, 'end');
}

main();
