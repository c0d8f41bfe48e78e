<?php
// PDO over mysqlnd: emulated and real prepared statements.
require __DIR__ . '/contract.php';
require __DIR__ . '/pdo_sessions.php';

function connect(array $change = [], array $options = []): PDO
{
    $to = $change + ['user' => Contract::get('USER'), 'password' => Contract::get('PASSWORD'), 'schema' => Contract::get('SCHEMA'), 'charset' => 'utf8mb4'];
    $options += [PDO::ATTR_EMULATE_PREPARES => true, PDO::MYSQL_ATTR_LOCAL_INFILE => true, PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC];
    if (Contract::tls()) {
        // PDO asks for TLS when any of its settings is there.
        $options += [PDO::MYSQL_ATTR_SSL_CIPHER => 'DEFAULT', PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false];
    }
    $source = sprintf('mysql:host=%s;port=%s;dbname=%s;charset=%s', Contract::get('HOST'), Contract::get('PORT'), $to['schema'], $to['charset']);
    return new PDO($source, $to['user'], $to['password'], $options);
}

function ask(PDO $db, string $sql, array $values = []) { $s = $db->prepare($sql); $s->execute($values); return $s->columnCount() ? $s->fetchAll() : $s->rowCount(); }

function one(PDO $db, string $sql) { return $db->query($sql)->fetchColumn(); }

function refused(callable $action, int ...$codes): string
{
    try {
        $action();
    } catch (PDOException $error) {
        $code = $error->errorInfo[1] ?? $error->getCode();
        if (!in_array($code, $codes, true)) {
            throw $error;
        }
        return implode(' ', $error->errorInfo ?? [$error->getMessage()]);
    }
    throw new Exception('no error');
}

function login(array $change = []): string { return one(connect($change), 'SELECT CURRENT_USER()'); }

echo 'client PDO ', PHP_VERSION, "\n";
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
$real = connect([], [PDO::ATTR_EMULATE_PREPARES => false]);
capability('ping', fn() => $db->getAttribute(PDO::ATTR_SERVER_VERSION));
capability('use_database', function () use ($db) {
    $db->exec('USE information_schema');
    $there = one($db, 'SELECT DATABASE()');
    $db->exec('USE ' . Contract::get('SCHEMA'));
    return $there . ' ' . one($db, 'SELECT DATABASE()');
});
capability('text.types', function () use ($db) {
    ask($db, 'INSERT INTO t_types (id, ' . TYPES . ') VALUES (10' . str_repeat(', ?', count(VALUES)) . ')', VALUES);
    return ask($db, 'SELECT ' . TYPES . ' FROM t_types WHERE id <= 10 ORDER BY id');
});
capability('prepared.types', function () use ($real) {
    ask($real, 'INSERT INTO t_types (id, ' . TYPES . ') VALUES (20' . str_repeat(', ?', count(VALUES)) . ')', VALUES);
    return ask($real, 'SELECT ' . TYPES . ' FROM t_types WHERE id IN (1, 2, ?) ORDER BY id', [20]);
});
capability('prepared.nulls', function () use ($real) {
    $count = count(VALUES);
    ask($real, 'INSERT INTO t_types (id, ' . TYPES . ') VALUES (21' . str_repeat(', ?', $count) . ')', array_fill(0, $count, null));
    $row = ask($real, 'SELECT ' . TYPES . ', ? AS p FROM t_types WHERE id = 21', [null])[0];
    check(count($row) === $count + 1 && array_filter($row, fn($v) => $v !== null) === [], $row);
});
capability('prepared.reexecute', function () use ($real) {
    $statement = $real->prepare('SELECT ? AS v, COUNT(*) AS c FROM t_unique WHERE id > ?');
    $seen = [];
    foreach ([[1, PDO::PARAM_INT], ['two', PDO::PARAM_STR], [true, PDO::PARAM_BOOL], [null, PDO::PARAM_NULL], ["\x00\xFF", PDO::PARAM_LOB], [10, PDO::PARAM_INT]] as [$value, $type]) {
        $statement->bindValue(1, $value, $type);
        $statement->bindValue(2, 0, PDO::PARAM_INT);
        $statement->execute();
        $seen[] = $statement->fetchAll(PDO::FETCH_NUM);
    }
    return $seen;
});
capability('charsets', function () use ($db) {
    ask($db, 'REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)', TEXTS);
    check($db->query('SELECT l, g, s, w, u FROM t_text WHERE id = 1')->fetch(PDO::FETCH_NUM) === TEXTS, ask($db, 'SELECT * FROM t_text'));
    check(one(connect(['charset' => 'latin1']), 'SELECT l FROM t_text WHERE id = 1') === "Gr\xFC\xDFe", 'latin1');
    return ask($db, 'SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1');
});
capability('metadata', function () use ($db) {
    $statement = $db->query('SELECT id, ' . TYPES . ', COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1');
    return array_map(fn($i) => $statement->getColumnMeta($i), range(0, $statement->columnCount() - 1));
});
sessions($db, $real);
