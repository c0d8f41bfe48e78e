<?php
// mysqli over mysqlnd, PHP's own implementation of the protocol.
require __DIR__ . '/contract.php';
require __DIR__ . '/mysqli_sessions.php';
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

function connect(array $change = [], int $flags = 0): mysqli
{
    $to = $change + ['user' => Contract::get('USER'), 'password' => Contract::get('PASSWORD'), 'schema' => Contract::get('SCHEMA')];
    $db = mysqli_init();
    $db->options(MYSQLI_OPT_LOCAL_INFILE, 1);
    $db->options(MYSQLI_OPT_INT_AND_FLOAT_NATIVE, 0);
    $tls = Contract::tls() ? MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT : 0;
    $db->real_connect(Contract::get('HOST'), $to['user'], $to['password'], $to['schema'], (int)Contract::get('PORT'), null, $flags | $tls);
    $db->set_charset('utf8mb4');
    return $db;
}

function ask(mysqli $db, string $sql) { $r = $db->query($sql); return $r === true ? $db->affected_rows : $r->fetch_all(MYSQLI_ASSOC); }

function one(mysqli $db, string $sql) { return $db->query($sql)->fetch_row()[0]; }

function refused(callable $action, int ...$codes): string
{
    try {
        $action();
    } catch (mysqli_sql_exception $error) {
        if (!in_array($error->getCode(), $codes, true)) {
            throw $error;
        }
        return "{$error->getCode()} {$error->getSqlState()} {$error->getMessage()}";
    }
    throw new Exception('no error');
}

function login(array $change = []): string { $db = connect($change); $user = one($db, 'SELECT CURRENT_USER()'); $db->close(); return $user; }

echo 'client mysqli ', PHP_VERSION, "\n";
capability('login.default', fn() => login());
foreach (['caching_sha2_password', 'mysql_native_password', 'sha256_password', 'ed25519'] as $plugin) {
    capability("login.$plugin", function () use ($plugin) {
        $account = Contract::account($plugin) ?? throw new Skip('the server has no such accounts');
        if ($plugin === 'ed25519') {
            throw new Skip('the driver does not know this plugin');
        }
        $change = ['user' => $account[0], 'password' => $account[1]];
        return login($change) . ' ' . login($change);
    });
}
capability('login.wrong_password', fn() => refused(fn() => login(['password' => 'wrong']), 1045));
capability('login.unknown_database', fn() => refused(fn() => login(['schema' => 'test_no_such']), 1049));

$db = connect();
capability('ping', fn() => check(@$db->query('DO 1') === true && one($db, 'SELECT 1') === '1', null));
capability('use_database', function () use ($db) {
    $db->select_db('information_schema');
    $there = one($db, 'SELECT DATABASE()');
    $db->select_db(Contract::get('SCHEMA'));
    return $there . ' ' . one($db, 'SELECT DATABASE()');
});
capability('text.types', fn() => ask($db, 'SELECT ' . TYPES . ' FROM t_types WHERE id < 10 ORDER BY id'));
capability('prepared.types', function () use ($db) {
    $insert = $db->prepare('INSERT INTO t_types (id, ' . TYPES . ') VALUES (20' . str_repeat(', ?', count(VALUES)) . ')');
    $values = VALUES;
    $insert->bind_param('iiiiiisddsssssissssssss', ...$values);
    $insert->execute();
    $select = $db->prepare('SELECT ' . TYPES . ' FROM t_types WHERE id IN (1, 2, ?) ORDER BY id');
    $select->execute([20]);
    return $select->get_result()->fetch_all(MYSQLI_ASSOC);
});
capability('prepared.nulls', function () use ($db) {
    $count = count(VALUES);
    $insert = $db->prepare('INSERT INTO t_types (id, ' . TYPES . ') VALUES (21' . str_repeat(', ?', $count) . ')');
    $insert->execute(array_fill(0, $count, null));
    $select = $db->prepare('SELECT ' . TYPES . ', ? AS p FROM t_types WHERE id = 21');
    $select->execute([null]);
    $row = $select->get_result()->fetch_assoc();
    check(count($row) === $count + 1 && array_filter($row, fn($v) => $v !== null) === [], $row);
});
capability('prepared.reexecute', function () use ($db) {
    $statement = $db->prepare('SELECT ? AS v, COUNT(*) AS c FROM t_unique WHERE id > ?');
    $seen = [];
    foreach ([['i', 1], ['s', 'two'], ['d', 3.5], ['i', null], ['s', '18446744073709551615'], ['s', "\x00\xFF"], ['i', 7], ['s', 'eight'], ['d', 1e300], ['i', 10]] as [$type, $value]) {
        $zero = 0;
        $statement->bind_param($type . 'i', $value, $zero);
        $statement->execute();
        $seen[] = $statement->get_result()->fetch_row();
    }
    return $seen;
});
capability('cursor', function () use ($db) {
    $statement = $db->prepare('SELECT n, v FROM t_numbers WHERE n < 300 ORDER BY n');
    $statement->attr_set(MYSQLI_STMT_ATTR_CURSOR_TYPE, MYSQLI_CURSOR_TYPE_READ_ONLY);
    $statement->execute();
    $statement->bind_result($n, $v);
    $rows = [];
    while ($statement->fetch()) {
        $rows[] = $n;
    }
    $statement->close();
    check($rows === range(0, 299), count($rows));
    return one($db, 'SELECT COUNT(*) FROM t_numbers');
});
capability('charsets', function () use ($db) {
    $statement = $db->prepare('REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)');
    $statement->execute(TEXTS);
    check($db->query('SELECT l, g, s, w, u FROM t_text WHERE id = 1')->fetch_row() === TEXTS, ask($db, 'SELECT * FROM t_text'));
    $db->set_charset('latin1');
    check(one($db, 'SELECT l FROM t_text WHERE id = 1') === "Gr\xFC\xDFe", 'latin1');
    $db->set_charset('gbk');
    check(one($db, "SELECT COUNT(*) FROM t_text WHERE g = '" . $db->real_escape_string("\x9D\x68\xD7\xD6") . "'") === '1', 'gbk');
    $db->set_charset('utf8mb4');
    return ask($db, 'SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1');
});
capability('metadata', fn() => array_map(
    fn($f) => [$f->name, $f->orgname, $f->table, $f->orgtable, $f->length, $f->charsetnr, $f->flags, $f->type, $f->decimals],
    $db->query('SELECT id, ' . TYPES . ', COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1')->fetch_fields()));
sessions($db);
$db->close();
