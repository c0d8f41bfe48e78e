<?php
// mysqli: transactions, results, session state, errors, transfers.

function ids(mysqli $db): string { return implode(' ', array_column(ask($db, 'SELECT id FROM t_tx ORDER BY id'), 'id')); }

function results_of(mysqli $db): array
{
    $all = [];
    do {
        $result = $db->store_result();
        $all[] = $result ? $result->fetch_all() : $db->affected_rows;
    } while ($db->more_results() && $db->next_result());
    return $all;
}

function sessions(mysqli $db): void
{
    capability('insert_id', function () use ($db) {
        $db->query("INSERT INTO t_auto (v) VALUES ('first')");
        $first = $db->insert_id;
        $db->query("INSERT INTO t_auto (v) VALUES ('second'), ('third')");
        return [$first, $db->insert_id, $db->info, one($db, 'SELECT LAST_INSERT_ID()')];
    });
    capability('affected_rows', function () use ($db) {
        $counts = [ask($db, 'UPDATE t_unique SET v = v + 1'), ask($db, 'UPDATE t_unique SET v = v'), ask($db, 'DELETE FROM t_unique WHERE id > 100')];
        check($counts === [2, 0, 0], $counts);
        return $db->info;
    });
    capability('found_rows', function () {
        $other = connect([], MYSQLI_CLIENT_FOUND_ROWS);
        $found = ask($other, 'UPDATE t_unique SET v = v');
        $other->close();
        check($found === 2, $found);
    });
    capability('transaction.commit', function () use ($db) {
        $db->begin_transaction();
        ask($db, "INSERT INTO t_tx VALUES (1, 'one')");
        $inside = ids($db);
        $db->commit();
        check($inside === '1' && ids($db) === '1', $inside);
    });
    capability('transaction.rollback', function () use ($db) {
        $db->autocommit(false);
        ask($db, "INSERT INTO t_tx VALUES (2, 'two')");
        $inside = ids($db);
        $db->rollback();
        $db->autocommit(true);
        check($inside === '1 2' && ids($db) === '1', $inside);
    });
    capability('transaction.savepoint', function () use ($db) {
        $db->begin_transaction();
        ask($db, "INSERT INTO t_tx VALUES (3, 'three')");
        $db->savepoint('a');
        foreach (["INSERT INTO t_tx VALUES (4, 'four')", 'ROLLBACK TO a'] as $sql) {
            ask($db, $sql);
        }
        $db->commit();
        check(ids($db) === '1 3', ids($db));
    });
    capability('results.multi', function () use ($db) {
        $db->multi_query("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL");
        return results_of($db);
    });
    capability('results.call', function () use ($db) {
        $db->real_query('CALL p_two(5)');
        return results_of($db);
    });
    capability('results.out', function () use ($db) {
        ask($db, "SET @c = 'in'");
        $call = $db->prepare('CALL p_out(?, @b, @c)');
        $call->execute([21]);
        $call->close();
        return ask($db, 'SELECT @b, @c');
    });
    capability('warnings', function () use ($db) {
        $db->query('INSERT IGNORE INTO t_unique VALUES (1, 1)');
        $count = $db->warning_count;
        $warning = $db->get_warnings();
        return [$count, $warning->errno, $warning->message, $warning->sqlstate, ask($db, 'SHOW WARNINGS')];
    });
    capability('user_variables', function () use ($db) {
        ask($db, "SET @a = 7, @b = 'text'");
        ask($db, "INSERT INTO t_auto (v) VALUES ('between')");
        return ask($db, 'SELECT @a, @b');
    });
    capability('temporary_table', function () use ($db) {
        ask($db, 'CREATE TEMPORARY TABLE tmp (id INT)');
        ask($db, 'INSERT INTO tmp VALUES (1), (2)');
        check(one($db, 'SELECT SUM(id) FROM tmp') === '3', null);
        ask($db, 'DROP TEMPORARY TABLE tmp');
    });
    capability('session_settings', function () use ($db) {
        ask($db, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
        ask($db, 'UPDATE t_unique SET v = v + 1');
        $seen = ask($db, "SELECT @@time_zone, @@sql_mode, '\\' AS backslash, \"v\" FROM t_unique WHERE \"id\" = 1");
        ask($db, 'SET time_zone = DEFAULT, sql_mode = DEFAULT');
        return $seen;
    });
    capability('cancel', function () use ($db) {
        $victim = connect();
        $victim->query('SELECT SLEEP(30)', MYSQLI_ASYNC);
        for ($i = 0; $i < 100; $i++) {
            $db->query('KILL QUERY ' . $victim->thread_id);
            $ready = $error = $reject = [$victim];
            if (mysqli_poll($ready, $error, $reject, 0, 100_000) > 0) {
                break;
            }
        }
        try {
            $how = (int)$victim->reap_async_query()->fetch_row()[0];
        } catch (mysqli_sql_exception $e) {
            $how = $e->getCode();
        }
        // Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
        check($i < 100 && ($how === 1 || $how === 1317), $how);
        return one($victim, 'SELECT 5');
    });
    capability('pool.reset', function () {
        $seen = [];
        $id = null;
        for ($i = 0; $i < 2; $i++) {
            // A persistent connection is reset by COM_CHANGE_USER when it is taken again.
            $pooled = mysqli_init();
            $flags = Contract::tls() ? MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT : 0;
            $pooled->real_connect('p:' . Contract::get('HOST'), Contract::get('USER'), Contract::get('PASSWORD'), Contract::get('SCHEMA'), (int)Contract::get('PORT'), null, $flags);
            $seen[] = ask($pooled, 'SELECT @a AS a, @@sql_mode = @@global.sql_mode AS m, DATABASE() AS d');
            ask($pooled, "SET @a = 5, sql_mode = ''");
            ask($pooled, 'CREATE TEMPORARY TABLE tmp_pool (id INT)');
            check($id === null || $id === $pooled->thread_id, 'the connection is used again');
            $id = $pooled->thread_id;
            $pooled->close();
        }
        return $seen;
    });
    capability('change_user', function () {
        $other = connect();
        ask($other, 'SET @a = 1');
        [$user, $password] = Contract::account();
        $other->change_user($user, $password, Contract::get('SCHEMA'));
        $seen = ask($other, 'SELECT CURRENT_USER(), @a, DATABASE()');
        return [$seen, refused(fn() => $other->change_user($user, 'wrong', null), 1045)];
    });
    errors($db);
    transfers();
}

function errors(mysqli $db): void
{
    capability('error.duplicate', fn() => refused(fn() => ask($db, 'INSERT INTO t_unique VALUES (1, 1)'), 1062));
    capability('error.syntax', fn() => refused(fn() => ask($db, 'SELEC 1'), 1064));
    capability('error.no_table', fn() => refused(fn() => $db->prepare('SELECT * FROM no_such_table'), 1146));
    capability('error.lock', function () use ($db) {
        $other = connect();
        $db->begin_transaction();
        ask($db, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE');
        try {
            return refused(fn() => ask($other, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT'), 3572, 1205);
        } finally {
            $db->rollback();
        }
    });
}

function transfers(): void
{
    $db = connect();
    capability('large.in', function () use ($db) {
        $value = str_repeat('0123456789abcdef', SIZE >> 4);
        $statement = $db->prepare('INSERT INTO t_large VALUES (1, ?)');
        $blob = null;
        $statement->bind_param('b', $blob);
        foreach (str_split($value, 4 << 20) as $part) {
            $statement->send_long_data(0, $part);
        }
        $statement->execute();
        $row = $db->query('SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1')->fetch_row();
        check($row === [(string)SIZE, hash('sha256', $value)], $row);
    });
    capability('large.out', fn() => hash('sha256', one($db, "SELECT REPEAT('0123456789abcdef', " . (SIZE >> 4) . ')')));
    capability('streaming', function () use ($db) {
        $result = $db->query('SELECT n, v FROM t_numbers ORDER BY n', MYSQLI_USE_RESULT);
        for ($count = 0; $row = $result->fetch_row(); $count++) {
            $last = $row;
        }
        $half = $db->query('SELECT n, v FROM t_numbers ORDER BY n', MYSQLI_USE_RESULT);
        $first = $half->fetch_row();
        $half->free();
        return [$count, $last, $first, one($db, 'SELECT COUNT(*) FROM t_numbers')];
    });
    capability('load_data_local', function () use ($db) {
        $loaded = ask($db, "LOAD DATA LOCAL INFILE '" . Contract::get('FILE') . "' INTO TABLE t_load CHARACTER SET utf8mb4");
        return [$loaded, $db->info, ask($db, 'SELECT COUNT(*), MAX(id), MAX(v) FROM t_load')];
    });
    capability('compression', function () {
        // PHP compresses without asking whether the server does: it would wait for ever for one that does not.
        ini_set('mysqlnd.net_read_timeout', '4');
        $other = connect([], MYSQLI_CLIENT_COMPRESS);
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
