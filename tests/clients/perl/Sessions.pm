package Sessions;
# Transactions, results, session state, errors, transfers.
use strict;
use warnings;
use utf8;
use Exporter 'import';
use Contract;
our @EXPORT = qw(refused);
use constant SIZE => 17 << 20;

sub refused {
    my ($action, @codes) = @_;
    return "$DBI::err $DBI::state $DBI::errstr" if !eval { $action->(); 1 } && grep { $_ == $DBI::err } @codes;
    die $@ || "no error\n";
}

sub one { my ($db, $sql) = @_; return ($db->selectrow_array($sql))[0] }

sub ids { return join ' ', @{ $_[0]->selectcol_arrayref('SELECT id FROM t_tx ORDER BY id') } }

sub results_of {
    my ($statement) = @_;
    my @all;
    do { push @all, $statement->{NUM_OF_FIELDS} ? $statement->fetchall_arrayref : $statement->rows } while $statement->more_results;
    return \@all;
}

sub run {
    my ($p, $db, $real, $connection) = @_;
    results($p, $db, $connection);
    transactions($db, $real);
    sessions($p, $db, $connection);
    errors($db, $real);
    transfers($p, $db, $connection);
    return;
}

sub results {
    my ($p, $db, $connection) = @_;
    capability('insert_id', sub {
        $db->do("INSERT INTO t_auto (v) VALUES ('first')");
        my $first = $db->{"${p}_insertid"};
        $db->do("INSERT INTO t_auto (v) VALUES ('second'), ('third')");
        return [$first, $db->{"${p}_insertid"}, $db->{"${p}_info"}, one($db, 'SELECT LAST_INSERT_ID()')];
    });
    capability('affected_rows', sub {
        my $other = $connection->(options => ["${p}_client_found_rows=0"]);
        my @seen = map { 0 + $other->do($_) } 'UPDATE t_unique SET v = v + 1', 'UPDATE t_unique SET v = v', 'DELETE FROM t_unique WHERE id > 100';
        check("@seen" eq '2 0 0', \@seen);
        return;
    });
    capability('found_rows', sub { check($db->do('UPDATE t_unique SET v = v') == 2); return });
    capability('results.multi', sub {
        my $other = $connection->(options => ["${p}_multi_statements=1"]);
        my $statement = $other->prepare("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL");
        $statement->execute;
        return results_of($statement);
    });
    capability('results.call', sub {
        my $statement = $db->prepare('CALL p_two(5)');
        $statement->execute;
        return results_of($statement);
    });
    capability('results.out', sub {
        $db->do("SET \@c = 'in'");
        $db->do('CALL p_out(21, @b, @c)');
        return $db->selectall_arrayref('SELECT @b, @c');
    });
    capability('warnings', sub {
        my $statement = $db->prepare('INSERT IGNORE INTO t_unique VALUES (1, 1)');
        $statement->execute;
        return [$statement->{"${p}_warning_count"}, $db->selectall_arrayref('SHOW WARNINGS')];
    });
    return;
}

sub transactions {
    my ($db, $real) = @_;
    capability('transaction.commit', sub {
        $db->begin_work;
        $db->do("INSERT INTO t_tx VALUES (1, 'one')");
        check(ids($db) eq '1', ids($db));
        $db->commit;
        check(ids($db) eq '1', ids($db));
        return;
    });
    capability('transaction.rollback', sub {
        $real->{AutoCommit} = 0;
        $real->do('INSERT INTO t_tx VALUES (?, ?)', undef, 2, 'two');
        check(ids($real) eq '1 2', ids($real));
        $real->rollback;
        $real->{AutoCommit} = 1;
        check(ids($real) eq '1', ids($real));
        return;
    });
    capability('transaction.savepoint', sub {
        $db->begin_work;
        $db->do($_) for "INSERT INTO t_tx VALUES (3, 'three')", 'SAVEPOINT a', "INSERT INTO t_tx VALUES (4, 'four')", 'ROLLBACK TO a';
        $db->commit;
        check(ids($db) eq '1 3', ids($db));
        return;
    });
    return;
}

sub sessions {
    my ($p, $db, $connection) = @_;
    capability('user_variables', sub {
        $db->do("SET \@a = 7, \@b = 'text'");
        $db->do("INSERT INTO t_auto (v) VALUES ('between')");
        return $db->selectall_arrayref('SELECT @a, @b');
    });
    capability('temporary_table', sub {
        $db->do($_) for 'CREATE TEMPORARY TABLE tmp (id INT)', 'INSERT INTO tmp VALUES (1), (2)';
        check(one($db, 'SELECT SUM(id) FROM tmp') == 3);
        $db->do('DROP TEMPORARY TABLE tmp');
        return;
    });
    capability('session_settings', sub {
        $db->do("SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
        $db->do('UPDATE t_unique SET v = v + 1');
        my $seen = $db->selectall_arrayref(q{SELECT @@time_zone, @@sql_mode, '\\' AS backslash, "v" FROM t_unique WHERE "id" = 1});
        $db->do('SET time_zone = DEFAULT, sql_mode = DEFAULT');
        return $seen;
    });
    capability('cancel', sub {
        my $victim = $connection->();
        my $statement = $victim->prepare('SELECT SLEEP(30)', { ($p eq 'mysql' ? 'async' : 'mariadb_async') => 1 });
        $statement->execute;
        my ($id, $ready, $tries) = ($victim->{"${p}_thread_id"}, "${p}_async_ready", 0);
        while (!$statement->$ready && $tries++ < 100) {
            $db->do("KILL QUERY $id");
            select undef, undef, undef, 0.1;
        }
        my $how = eval { my $result = "${p}_async_result"; $statement->$result; ($statement->fetchrow_array)[0] } // $statement->err;
        # Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
        check($tries < 100 && ($how == 1 || $how == 1317), $how);
        return one($victim, 'SELECT 5');
    });
    skip_all('the driver has no reset', 'pool.reset');
    skip_all('the driver has no change of user', 'change_user');
    return;
}

sub errors {
    my ($db, $real) = @_;
    capability('error.duplicate', sub { refused(sub { $db->do('INSERT INTO t_unique VALUES (1, 1)') }, 1062) });
    capability('error.syntax', sub { refused(sub { $db->do('SELEC 1') }, 1064) });
    capability('error.no_table', sub { refused(sub { $real->prepare('SELECT * FROM no_such_table')->execute }, 1146) });
    capability('error.lock', sub {
        $db->begin_work;
        $db->do('SELECT * FROM t_unique WHERE id = 1 FOR UPDATE');
        my $seen = eval { refused(sub { $real->do('SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT') }, 3572, 1205) };
        my $error = $@;
        $db->rollback;
        die $error if $error;
        return $seen;
    });
    return;
}

sub transfers {
    my ($p, $db, $connection) = @_;
    capability('large.in', sub {
        my $value = '0123456789abcdef' x (SIZE >> 4);
        $db->do('INSERT INTO t_large VALUES (1, ?)', undef, $value);
        my @row = $db->selectrow_array('SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1');
        check("@row" eq SIZE . ' ' . sha256_hex($value), \@row);
        return;
    });
    capability('large.out', sub { sha256_hex(one($db, "SELECT REPEAT('0123456789abcdef', " . (SIZE >> 4) . ')')) });
    capability('streaming', sub {
        my $statement = $db->prepare('SELECT n, v FROM t_numbers ORDER BY n', { "${p}_use_result" => 1 });
        $statement->execute;
        my ($count, $last) = (0);
        while (my @row = $statement->fetchrow_array) {
            ($count, $last) = ($count + 1, "@row");
        }
        $statement->finish;
        undef $statement;
        return [$count, $last, one($db, 'SELECT COUNT(*) FROM t_numbers')];
    });
    skip_all('the driver has no server-side cursors', 'cursor');
    capability('load_data_local', sub {
        my $loaded = $db->do(q{LOAD DATA LOCAL INFILE '} . setting('FILE') . q{' INTO TABLE t_load CHARACTER SET utf8mb4});
        return [$loaded, $db->selectall_arrayref('SELECT COUNT(*), MAX(id), MAX(v) FROM t_load')];
    });
    capability('compression', sub {
        my $other = $connection->(options => ["${p}_compression=1"]);
        return $other->selectall_arrayref("SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000))");
    });
    capability('attributes', sub {
        no_such('the server has its performance schema off') if setting('FLAVOR') eq 'mariadb';
        return $db->selectall_arrayref("SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs
            WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME = '_client_name'");
    });
    return;
}

1;
