# DBD::mysql and DBD::MariaDB, both over libmariadb; their attributes have the same names behind different prefixes.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use DBI qw(:sql_types);
use Contract;
use Sessions;

my $maria = $ARGV[0] eq 'dbd-mariadb';
my $p = $maria ? 'mariadb' : 'mysql';
my $types = 'ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s';
my $columns = () = $types =~ /,/g;
$columns++;

sub connection {
    my (%change) = @_;
    my $source = sprintf 'dbi:%s:host=%s;port=%s;database=%s', $maria ? 'MariaDB' : 'mysql', setting('HOST'), setting('PORT'), $change{schema} // setting('SCHEMA');
    $source .= ";$_" for @{ $change{options} // [] };
    $source .= ";${p}_local_infile=1";
    # Over libmariadb neither can ask for TLS without checking the certificate's host name; optional means: where it is offered.
    my %tls = setting('TLS') ? ("${p}_ssl" => 1, "${p}_ssl_optional" => 1) : ();
    return DBI->connect($source, $change{user} // setting('USER'), $change{password} // setting('PASSWORD'),
        { RaiseError => 1, PrintError => 0, AutoCommit => 1, ($maria ? () : (mysql_enable_utf8mb4 => 1)), %tls });
}

sub login { my $db = connection(@_); my ($user) = $db->selectrow_array('SELECT CURRENT_USER()'); $db->disconnect; return $user }

require DBD::MariaDB if $maria;
print "client ", $maria ? "DBD::MariaDB $DBD::MariaDB::VERSION" : do { require DBD::mysql; "DBD::mysql $DBD::mysql::VERSION" }, "\n";
capability('login.default', sub { login() });
for my $plugin (qw(caching_sha2_password mysql_native_password sha256_password ed25519)) {
    capability("login.$plugin", sub {
        my ($user, $password) = account($plugin) or no_such('the server has no such accounts');
        return join ' ', map { login(user => $user, password => $password) } 1, 2;
    });
}
capability('login.wrong_password', sub { refused(sub { login(password => 'wrong') }, 1045) });
capability('login.unknown_database', sub { refused(sub { login(schema => 'test_no_such') }, 1049) });

my $db = connection();
my $real = connection();
$real->{"${p}_server_prepare"} = 1;
capability('ping', sub { check($db->ping); return });
capability('use_database', sub {
    $db->do('USE information_schema');
    my ($there) = $db->selectrow_array('SELECT DATABASE()');
    $db->do('USE ' . setting('SCHEMA'));
    return $there . ' ' . ($db->selectrow_array('SELECT DATABASE()'))[0];
});
capability('text.types', sub { $db->selectall_arrayref("SELECT $types FROM t_types WHERE id < 10 ORDER BY id") });
capability('prepared.types', sub {
    my @values = (-128, 255, -32768, 8388607, -2147483648, '-9223372036854775808', '18446744073709551615', 1.5, -2.5e-10, '-12345678901234567890.0123456789',
        '2024-02-29', '1999-12-31 23:59:59.999999', '-123:45:06.500000', 2155, "\x02\xAA", 'abc', 'Grüße 🐬', "\x00\xFF'\\", "\x00\x01\xFE\xFF", '漢字',
        '{"a": [1, null]}', 'large', 'x,z');
    my %binary = map { $_ => 1 } 15, 18, 19;
    my $insert = $real->prepare("INSERT INTO t_types (id, $types) VALUES (20" . ', ?' x 20 . ', CONVERT(? USING utf8mb4), ?, ?)');
    for my $i (1 .. $columns) {
        $binary{$i} ? $insert->bind_param($i, $values[$i - 1], SQL_BLOB) : $insert->bind_param($i, $values[$i - 1], SQL_VARCHAR);
    }
    $insert->execute;
    my $select = $real->prepare("SELECT $types FROM t_types WHERE id IN (1, 2, ?) ORDER BY id");
    $select->execute(20);
    return $select->fetchall_arrayref;
});
capability('prepared.nulls', sub {
    $real->do("INSERT INTO t_types (id, $types) VALUES (21" . ', ?' x $columns . ')', undef, (undef) x $columns);
    my $select = $real->prepare("SELECT $types, ? AS p FROM t_types WHERE id = 21");
    $select->execute(undef);
    my @row = $select->fetchrow_array;
    check(@row == $columns + 1 && !grep({ defined } @row), \@row);
    return;
});
capability('prepared.reexecute', sub {
    my $statement = $real->prepare('SELECT v + ? AS v, CONCAT(?, id) AS c FROM t_unique WHERE id > 0 ORDER BY id');
    my @seen;
    for my $value (1, 2, undef, 4, 5, 6, 7, 8, 9, 10) {
        $statement->execute($value, "text $columns");
        push @seen, $statement->fetchall_arrayref;
    }
    return \@seen;
});
capability('charsets', sub {
    my @texts = ('Grüße', '漢字', '表ソ', 'Ω🐬', 'naïve 🐬漢字');
    $db->do('REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)', undef, @texts);
    my @back = $db->selectrow_array('SELECT l, g, s, w, u FROM t_text WHERE id = 1');
    check("@back" eq "@texts", \@back);
    return $db->selectall_arrayref('SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1');
});
capability('metadata', sub {
    my $statement = $db->prepare("SELECT id, $types, COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1");
    $statement->execute;
    my @seen = map { [@$_] } $statement->{NAME}, $statement->{TYPE}, $statement->{NULLABLE}, $statement->{PRECISION}, $statement->{"${p}_type_name"},
        $statement->{"${p}_is_num"}, $statement->{"${p}_is_pri_key"}, $statement->{"${p}_length"};
    $statement->finish;
    return \@seen;
});
Sessions::run($p, $db, $real, \&connection);
