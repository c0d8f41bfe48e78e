<?php
// PDO: transactions, results, session state, errors, transfers.

function ids(PDO $db): string { return implode(' ', array_column(ask($db, 'SELECT id FROM t_tx ORDER BY id'), 'id')); }

function results_of(PDOStatement $statement): array
{
    $all = [];
    do {
        $all[] = $statement->columnCount() ? $statement->fetchAll(PDO::FETCH_NUM) : $statement->rowCount();
    } while ($statement->nextRowset());
    return $all;
}

function sessions(PDO $db, PDO $real): void
{
    capability('insert_id', function () use ($db) {
        $db->exec("INSERT INTO t_auto (v) VALUES ('first')");
        $first = $db->lastInsertId();
        $db->exec("INSERT INTO t_auto (v) VALUES ('second'), ('third')");
        return [$first, $db->lastInsertId(), one($db, 'SELECT LAST_INSERT_ID()')];
    });
    capability('affected_rows', function () use ($db) {
        $counts = [$db->exec('UPDATE t_unique SET v = v + 1'), $db->exec('UPDATE t_unique SET v = v'), $db->exec('DELETE FROM t_unique WHERE id > 100')];
        check($counts === [2, 0, 0], $counts);
    });
    capability('found_rows', function () {
        $found = connect([], [PDO::MYSQL_ATTR_FOUND_ROWS => true])->exec('UPDATE t_unique SET v = v');
        check($found === 2, $found);
    });
    capability('transaction.commit', function () use ($db) {
        $db->beginTransaction();
        $db->exec("INSERT INTO t_tx VALUES (1, 'one')");
        check($db->inTransaction() && ids($db) === '1', ids($db));
        $db->commit();
        check(ids($db) === '1', ids($db));
    });
    capability('transaction.rollback', function () use ($real) {
        $real->beginTransaction();
        ask($real, 'INSERT INTO t_tx VALUES (?, ?)', [2, 'two']);
        check(ids($real) === '1 2', ids($real));
        $real->rollBack();
        check(ids($real) === '1', ids($real));
    });
    capability('transaction.savepoint', function () use ($db) {
        $db->beginTransaction();
        foreach (["INSERT INTO t_tx VALUES (3, 'three')", 'SAVEPOINT a', "INSERT INTO t_tx VALUES (4, 'four')", 'ROLLBACK TO a'] as $sql) {
            $db->exec($sql);
        }
        $db->commit();
        check(ids($db) === '1 3', ids($db));
    });
    capability('results.multi', fn() => results_of($db->query("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL")));
    capability('results.call', function () use ($db, $real) {
        $call = $real->prepare('CALL p_two(?)');
        $call->execute([5]);
        return [results_of($db->query('CALL p_two(5)')), results_of($call)];
    });
    capability('results.out', function () use ($db) {
        $db->exec("SET @c = 'in'");
        $db->exec('CALL p_out(21, @b, @c)');
        return ask($db, 'SELECT @b, @c');
    });
    capability('warnings', function () use ($db) {
        $db->exec('INSERT IGNORE INTO t_unique VALUES (1, 1)');
        return ask($db, 'SHOW WARNINGS');
    });
    capability('user_variables', function () use ($db) {
        $db->exec("SET @a = 7, @b = 'text'");
        $db->exec("INSERT INTO t_auto (v) VALUES ('between')");
        return ask($db, 'SELECT @a, @b');
    });
    capability('temporary_table', function () use ($db) {
        $db->exec('CREATE TEMPORARY TABLE tmp (id INT)');
        $db->exec('INSERT INTO tmp VALUES (1), (2)');
        check((int)one($db, 'SELECT SUM(id) FROM tmp') === 3, null);
        $db->exec('DROP TEMPORARY TABLE tmp');
    });
    capability('session_settings', function () use ($db) {
        $db->exec("SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
        $db->exec('UPDATE t_unique SET v = v + 1');
        $seen = $db->query("SELECT @@time_zone, @@sql_mode, '\\' AS backslash, \"v\" FROM t_unique WHERE \"id\" = 1")->fetchAll();
        $db->exec('SET time_zone = DEFAULT, sql_mode = DEFAULT');
        return $seen;
    });
    capability('cancel', function () use ($db) {
        // PDO can neither wait for an answer nor be interrupted: the server's own time limit ends the statement.
        $sql = Contract::get('FLAVOR') === 'mysql'
            ? 'SELECT /*+ MAX_EXECUTION_TIME(100) */ COUNT(*) FROM t_numbers a JOIN t_numbers b JOIN t_numbers c WHERE a.n * b.n + c.n < 0'
            : 'SET STATEMENT max_statement_time = 0.1 FOR SELECT COUNT(*) FROM t_numbers a JOIN t_numbers b JOIN t_numbers c WHERE a.n * b.n + c.n < 0';
        return refused(fn() => ask($db, $sql), 3024, 1969) . ' ' . one($db, 'SELECT 5');
    });
    skip('the driver has no reset of its own', 'pool.reset');
    skip('the driver has no change of user', 'change_user');
    capability('error.duplicate', fn() => refused(fn() => $db->exec('INSERT INTO t_unique VALUES (1, 1)'), 1062));
    capability('error.syntax', fn() => refused(fn() => $db->exec('SELEC 1'), 1064));
    capability('error.no_table', fn() => refused(fn() => $real->prepare('SELECT * FROM no_such_table'), 1146));
    capability('error.lock', function () use ($db, $real) {
        $db->beginTransaction();
        ask($db, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE');
        try {
            return refused(fn() => ask($real, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT'), 3572, 1205);
        } finally {
            $db->rollBack();
        }
    });
    transfers($db);
}

function transfers(PDO $db): void
{
    capability('large.in', function () use ($db) {
        $value = str_repeat('0123456789abcdef', SIZE >> 4);
        ask($db, 'INSERT INTO t_large VALUES (1, ?)', [$value]);
        $row = $db->query('SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1')->fetch(PDO::FETCH_NUM);
        check((int)$row[0] === SIZE && $row[1] === hash('sha256', $value), $row);
    });
    capability('large.out', fn() => hash('sha256', one($db, "SELECT REPEAT('0123456789abcdef', " . (SIZE >> 4) . ')')));
    capability('streaming', function () {
        $unbuffered = connect([], [PDO::MYSQL_ATTR_USE_BUFFERED_QUERY => false]);
        $result = $unbuffered->query('SELECT n, v FROM t_numbers ORDER BY n');
        for ($count = 0; $row = $result->fetch(); $count++) {
            $last = $row;
        }
        $half = $unbuffered->query('SELECT n, v FROM t_numbers ORDER BY n');
        $first = $half->fetch();
        $half->closeCursor();
        return [$count, $last, $first, one($unbuffered, 'SELECT COUNT(*) FROM t_numbers')];
    });
    skip('the driver has no server-side cursors', 'cursor');
    capability('load_data_local', function () use ($db) {
        $loaded = $db->exec("LOAD DATA LOCAL INFILE '" . Contract::get('FILE') . "' INTO TABLE t_load CHARACTER SET utf8mb4");
        return [$loaded, ask($db, 'SELECT COUNT(*), MAX(id), MAX(v) FROM t_load')];
    });
    capability('compression', function () {
        // PHP compresses without asking whether the server does: it would wait for ever for one that does not.
        ini_set('mysqlnd.net_read_timeout', '4');
        $other = connect([], [PDO::MYSQL_ATTR_COMPRESS => true]);
        return ask($other, "SELECT SHA2(REPEAT('x', 100000), 256) AS h, LENGTH(REPEAT('y', 100000)) AS l, REPEAT('z', 300) AS z");
    });
    capability('attributes', function () use ($db) {
        if (Contract::get('FLAVOR') === 'mariadb') {
            throw new Skip('the server has its performance schema off');
        }
        return ask($db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs
            WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME = '_client_name'");
    });
}
