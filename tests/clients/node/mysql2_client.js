'use strict';
// mysql2: the driver that Node applications use today; own code, prepared statements, compression.
const mysql = require('mysql2');
const contract = require('./contract');
const common = require('./common');
const { assert, capability, json } = contract;
const { call, using } = common;

async function connect(options) {
  const { host, port, user, password, schema } = contract;
  const db = mysql.createConnection({
    host, port, user, password, database: schema, charset: 'utf8mb4', supportBigNumbers: true, bigNumberStrings: true,
    dateStrings: true, ssl: contract.tls ? { rejectUnauthorized: false } : undefined, ...options,
  });
  await call(db, 'connect');
  return db;
}

async function prepared(db) {
  const rows = async (sql, values) => (await call(db, 'execute', sql, values)).result;
  const columns = common.TYPES.split(', ');
  const insert = `INSERT INTO t_types (id, ${common.TYPES}) VALUES (?${', ?'.repeat(columns.length)})`;
  await capability('prepared.types', async () => {
    const values = [-128, 255, -32768, 8388607, -2147483648, '-9223372036854775808', '18446744073709551615', 1.5, -2.5e-10,
      '-12345678901234567890.0123456789', new Date(Date.UTC(2024, 1, 29)), '1999-12-31 23:59:59.999999', '-123:45:06.500000', 2155,
      Buffer.from([2, 170]), 'abc', 'Grüße 🐬', Buffer.from([0, 255, 39, 92]), Buffer.from([0, 1, 254, 255]), '漢字', '{"a": [1, null]}', 'large', 'x,z'];
    await rows(insert, [20, ...values]);
    return rows(`SELECT ${common.TYPES} FROM t_types WHERE id IN (1, 2, ?) ORDER BY id`, [20]);
  });
  await capability('prepared.nulls', async () => {
    await rows(insert, [21, ...columns.map(() => null)]);
    const row = (await rows(`SELECT ${common.TYPES}, ? AS p FROM t_types WHERE id = 21`, [null]))[0];
    assert(Object.keys(row).length === columns.length + 1 && Object.values(row).every(v => v === null), json(row));
  });
  await capability('prepared.reexecute', async () => {
    const seen = [];
    for (const value of [1, 'two', 3.5, null, '18446744073709551615', Buffer.from('bytes'), true, 'eight', 9, 10]) {
      seen.push((await rows('SELECT ? AS v, COUNT(*) AS c FROM t_unique WHERE id > ?', [value, 0]))[0]);
    }
    return seen;
  });
}

async function reset() {
  await capability('pool.reset', async () => {
    const { host, port, user, password, schema } = contract;
    const pool = mysql.createPool({
      host, port, user, password, database: schema, connectionLimit: 1, resetOnRelease: true, ssl: contract.tls ? { rejectUnauthorized: false } : undefined,
    });
    const [seen, ids] = [[], []];
    for (let i = 0; i < 3; i++) {
      const db = await call(pool, 'getConnection');
      ids.push(db.threadId);
      seen.push(await common.ask(db, 'SELECT @a AS a, @@sql_mode = @@global.sql_mode AS m'));
      await common.ask(db, "SET @a = 5, sql_mode = ''");
      await common.ask(db, 'CREATE TEMPORARY TABLE tmp_pool (id INT)');
      db.release();
    }
    await call(pool, 'end');
    assert(ids.every(id => id === ids[0]), 'the pool reuses its connection');
    return seen;
  });
}

async function main() {
  console.log(`client mysql2 ${require('mysql2/package.json').version}`);
  await common.logins(connect, ['caching_sha2_password', 'mysql_native_password', 'sha256_password']);
  const db = await connect();
  await common.statements(connect, db);
  await prepared(db);
  await common.transactions(db);
  await common.results(connect, db);
  await common.sessions(connect, db);
  await reset();
  await common.errors(connect, db);
  await common.transfers(connect, db);
  contract.skip('the driver has no server-side cursors', 'cursor');
  await capability('compression', () => using(connect, { compress: true }, async other =>
    common.ask(other, "SELECT SHA2(REPEAT('x', 100000), 256) AS h, LENGTH(REPEAT('y', 100000)) AS l, REPEAT('z', 300) AS z")));
  await common.attributes(connect);
  await call(db, 'end');
}

main();
