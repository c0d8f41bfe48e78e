'use strict';
// The capabilities that mysql and mysql2 share: their callback interfaces are the same.
const crypto = require('crypto');
const fs = require('fs');
const { accounts, assert, capability, file, flavor, json, schema, Skip } = require('./contract');

const TYPES = 'ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s';
const SIZE = 17 << 20;
const sha256 = value => crypto.createHash('sha256').update(value).digest('hex');

/** A promise of a method that ends with a callback. */
const call = (target, method, ...values) => new Promise((resolve, reject) =>
  target[method](...values, (error, result, fields) => error ? reject(error) : resolve(method === 'query' || method === 'execute' ? { result, fields } : result)));
const ask = async (db, sql, values) => (await call(db, 'query', sql, values)).result;
const one = async (db, sql, values) => Object.values((await ask(db, sql, values))[0])[0];

async function using(connect, options, body) {
  const db = await connect(options);
  try { return await body(db); } finally { db.destroy(); }
}

async function refused(action, ...codes) {
  try { await action(); } catch (error) {
    if (!codes.includes(error.errno)) throw error;
    return `${error.errno} ${error.sqlState} ${error.sqlMessage}`;
  }
  throw new Error('no error');
}

async function logins(connect, plugins) {
  const login = options => using(connect, options, db => one(db, 'SELECT CURRENT_USER()'));
  await capability('login.default', () => login({}));
  for (const plugin of ['caching_sha2_password', 'mysql_native_password', 'sha256_password', 'ed25519']) {
    await capability(`login.${plugin}`, async () => {
      if (!accounts[plugin]) throw new Skip('the server has no such accounts');
      if (!plugins.includes(plugin)) throw new Skip('the driver does not know this plugin');
      return `${await login(accounts[plugin])} ${await login(accounts[plugin])}`;
    });
  }
  await capability('login.wrong_password', () => refused(() => login({ password: 'wrong' }), 1045));
  await capability('login.unknown_database', () => refused(() => login({ database: 'test_no_such' }), 1049));
}

async function statements(connect, db) {
  await capability('ping', () => call(db, 'ping').then(() => undefined));
  await capability('use_database', async () => {
    await ask(db, 'USE information_schema');
    const there = await one(db, 'SELECT DATABASE()');
    await ask(db, `USE ${schema}`);
    return `${there} ${await one(db, 'SELECT DATABASE()')}`;
  });
  await capability('text.types', async () => {
    const rows = await ask(db, `SELECT ${TYPES} FROM t_types WHERE id < 10 ORDER BY id`);
    const values = Object.values(rows[0]).map(v => v !== null && typeof v === 'object' && v.a ? JSON.stringify(v) : v);
    await ask(db, `INSERT INTO t_types (id, ${TYPES}) VALUES (10, ?)`, [values]);
    return [rows, await ask(db, `SELECT ${TYPES} FROM t_types WHERE id = 10`)];
  });
  await capability('charsets', async () => {
    const texts = ['Grüße', '漢字', '表ソ', 'Ω🐬', 'naïve 🐬漢字'];
    await ask(db, 'REPLACE INTO t_text VALUES (1, ?)', [texts]);
    const back = Object.values((await ask(db, 'SELECT l, g, s, w, u FROM t_text WHERE id = 1'))[0]);
    assert(json(back) === json(texts), json(back));
    return using(connect, { charset: 'LATIN1_SWEDISH_CI' }, async latin => {
      // mysql reads every result as UTF-8, mysql2 by its column's character set.
      assert((await one(latin, 'SELECT l FROM t_text WHERE id = 1')).startsWith('Gr'), 'latin1');
      return ask(db, 'SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1');
    });
  });
  await capability('metadata', async () => {
    const { fields } = await call(db, 'query', `SELECT id, ${TYPES}, COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1`);
    return fields.map(f => [f.name, f.orgName, f.table, f.type ?? f.columnType, f.flags, f.charsetNr ?? f.characterSet, f.columnLength ?? f.length, f.decimals]);
  });
  await capability('insert_id', async () => {
    const first = await ask(db, "INSERT INTO t_auto (v) VALUES ('first')");
    const more = await ask(db, "INSERT INTO t_auto (v) VALUES ('second'), ('third')");
    return [first.insertId, more.insertId, more.affectedRows, await one(db, 'SELECT LAST_INSERT_ID()')];
  });
  await capability('affected_rows', () => using(connect, { flags: '-FOUND_ROWS' }, async other => {
    const changed = await ask(other, 'UPDATE t_unique SET v = v + 1');
    const unchanged = await ask(other, 'UPDATE t_unique SET v = v');
    assert(changed.affectedRows === 2 && unchanged.affectedRows === 0, json([changed, unchanged]));
    return [changed.message || changed.info, unchanged.message || unchanged.info];
  }));
  await capability('found_rows', async () => {
    const found = await ask(db, 'UPDATE t_unique SET v = v');
    assert(found.affectedRows === 2 && found.changedRows === 0, json(found));
  });
}

async function transactions(db) {
  const ids = async () => json((await ask(db, 'SELECT id FROM t_tx ORDER BY id')).map(row => row.id));
  await capability('transaction.commit', async () => {
    await call(db, 'beginTransaction');
    await ask(db, "INSERT INTO t_tx VALUES (1, 'one')");
    assert(await ids() === '[1]', 'inside');
    await call(db, 'commit');
    assert(await ids() === '[1]', 'after');
  });
  await capability('transaction.rollback', async () => {
    await call(db, 'beginTransaction');
    await ask(db, "INSERT INTO t_tx VALUES (2, 'two')");
    assert(await ids() === '[1,2]', 'inside');
    await call(db, 'rollback');
    assert(await ids() === '[1]', 'after');
  });
  await capability('transaction.savepoint', async () => {
    for (const sql of ['BEGIN', "INSERT INTO t_tx VALUES (3, 'three')", 'SAVEPOINT a', "INSERT INTO t_tx VALUES (4, 'four')", 'ROLLBACK TO a', 'COMMIT']) await ask(db, sql);
    assert(await ids() === '[1,3]', await ids());
  });
}

/** Of an OK packet only what two servers of one kind tell alike. */
const plain = result => Array.isArray(result) ? result.map(plain) : result && result.constructor && /OkPacket|ResultSetHeader/.test(result.constructor.name)
  ? { affectedRows: result.affectedRows, insertId: result.insertId, warnings: result.warningCount ?? result.warningStatus } : result;

async function results(connect, db) {
  await capability('results.multi', () => using(connect, { multipleStatements: true }, async other =>
    plain(await ask(other, "SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL"))));
  await capability('results.call', async () => plain(await ask(db, 'CALL p_two(?)', [5])));
  await capability('results.out', async () => {
    await ask(db, "SET @c = 'in'");
    await ask(db, 'CALL p_out(21, @b, @c)');
    return ask(db, 'SELECT @b, @c');
  });
  await capability('warnings', async () => {
    const inserted = await ask(db, "INSERT IGNORE INTO t_unique VALUES (1, 1)");
    const shown = await ask(db, 'SHOW WARNINGS');
    assert(shown.length > 0, 'no warnings');
    return [inserted.warningCount ?? inserted.warningStatus, shown];
  });
}

async function sessions(connect, db) {
  await capability('user_variables', async () => {
    await ask(db, "SET @a = 7, @b = 'text'");
    await ask(db, "INSERT INTO t_auto (v) VALUES ('between')");
    return ask(db, 'SELECT @a, @b');
  });
  await capability('temporary_table', async () => {
    await ask(db, 'CREATE TEMPORARY TABLE tmp (id INT)');
    await ask(db, 'INSERT INTO tmp VALUES (1), (2)');
    assert(Number(await one(db, 'SELECT SUM(id) FROM tmp')) === 3, 'sum');
    await ask(db, 'DROP TEMPORARY TABLE tmp');
  });
  await capability('session_settings', async () => {
    await ask(db, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    await ask(db, 'UPDATE t_unique SET v = v + 1');
    const seen = await ask(db, `SELECT @@time_zone, @@sql_mode, '\\' AS backslash, "v" FROM t_unique WHERE "id" = 1`);
    await ask(db, 'SET time_zone = DEFAULT, sql_mode = DEFAULT');
    return seen;
  });
  await capability('cancel', () => using(connect, {}, async victim => {
    let ended = false;
    const outcome = ask(victim, 'SELECT SLEEP(30) AS slept').then(rows => rows[0].slept, error => error.errno).finally(() => { ended = true; });
    for (let i = 0; i < 100 && !ended; i++) {
      await ask(db, `KILL QUERY ${victim.threadId}`);
      await Promise.race([outcome, new Promise(resolve => setTimeout(resolve, 100))]);
    }
    // Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
    const how = await outcome;
    assert(Number(how) === 1 || how === 1317, how);
    return one(victim, 'SELECT 5');
  }));
  await capability('change_user', () => using(connect, {}, async other => {
    await ask(other, 'SET @a = 1');
    await call(other, 'changeUser', { ...Object.values(accounts)[0], database: schema });
    return ask(other, 'SELECT CURRENT_USER(), @a, DATABASE()');
  }));
}

async function errors(connect, db) {
  await capability('error.duplicate', () => refused(() => ask(db, 'INSERT INTO t_unique VALUES (1, 1)'), 1062));
  await capability('error.syntax', () => refused(() => ask(db, 'SELEC 1'), 1064));
  await capability('error.no_table', () => refused(() => ask(db, 'SELECT * FROM no_such_table'), 1146));
  await capability('error.lock', () => using(connect, {}, async other => {
    await ask(db, 'BEGIN');
    await ask(db, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE');
    try { return await refused(() => ask(other, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT'), 3572, 1205); } finally { await ask(db, 'ROLLBACK'); }
  }));
}

async function transfers(connect, db) {
  await capability('large.in', async () => {
    const value = Buffer.from('0123456789abcdef'.repeat(SIZE >> 4));
    await ask(db, 'INSERT INTO t_large VALUES (1, ?)', [value]);
    const row = (await ask(db, 'SELECT LENGTH(v) AS length, SHA2(v, 256) AS sum FROM t_large WHERE id = 1'))[0];
    assert(Number(row.length) === SIZE && row.sum === sha256(value), json(row));
  });
  await capability('large.out', async () => {
    const value = await one(db, `SELECT REPEAT('0123456789abcdef', ${SIZE >> 4})`);
    return `${value.length} ${sha256(value)}`;
  });
  await capability('streaming', async () => {
    let [count, last] = [0, null];
    await new Promise((resolve, reject) => db.query('SELECT n, v FROM t_numbers ORDER BY n').on('result', row => { count++; last = row; }).on('error', reject).on('end', resolve));
    return [count, last, await one(db, 'SELECT COUNT(*) FROM t_numbers')];
  });
  await capability('load_data_local', async () => {
    const options = { sql: `LOAD DATA LOCAL INFILE '${file}' INTO TABLE t_load CHARACTER SET utf8mb4`, infileStreamFactory: () => fs.createReadStream(file) };
    const loaded = await ask(db, options);
    return [loaded.affectedRows, await ask(db, 'SELECT COUNT(*), MAX(id), MAX(v) FROM t_load')];
  });
}

/** What the server knows of the connection; MariaDB has its performance schema off here. */
const attributes = (connect, options = {}) => capability('attributes', () => using(connect, options, db => {
  if (flavor === 'mariadb') throw new Skip('the server has its performance schema off');
  return ask(db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME = '_client_name'");
}));

module.exports = { TYPES, ask, attributes, call, errors, logins, one, refused, results, sessions, statements, transactions, transfers, using };
