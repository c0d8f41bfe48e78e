package Contract;
# What every client program is told, and how it reports (see ../README.md).
use strict;
use warnings;
use utf8;
use Exporter 'import';
use Digest::SHA qw(sha256_hex);
our @EXPORT = qw(setting account capability skip_all no_such check text sha256_hex);

binmode STDOUT, ':encoding(UTF-8)';
$| = 1;

sub setting { return $ENV{"DBTEST_$_[0]"} }

# User and password of the account with a plugin; without one of the first account.
sub account {
    my ($plugin) = @_;
    for my $entry (split /,/, setting('ACCOUNTS')) {
        my ($name, $account) = split /=/, $entry, 2;
        return split /:/, $account, 2 if !defined $plugin || $name eq $plugin;
    }
    return;
}

# Dies in a way that means: this client or server has no such thing.
sub no_such { die "SKIP $_[0]\n" }

# Runs one capability and prints its line; what the body returns is the detail.
sub capability {
    my ($name, $body) = @_;
    my $detail = eval { $body->() };
    my $line = $@ eq '' ? "ok $name " . (defined $detail ? (ref $detail ? text($detail) : $detail) : '')
        : $@ =~ /^SKIP (.*)/ ? "skip $name $1" : "fail $name $@";
    $line =~ s/\s+/ /g;
    $line =~ s/\s+$//;
    print "$line\n";
    return;
}

sub skip_all { my ($reason, @names) = @_; print "skip $_ $reason\n" for @names; return }

sub check { my ($condition, $seen) = @_; die 'assertion: ' . text($seen) . "\n" unless $condition; return }

# A value as text, bytes that do not print in hex.
sub text {
    my ($value) = @_;
    return 'NULL' unless defined $value;
    return '[' . join(', ', map { text($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return $value =~ /[\x00-\x1f\x80-\x9f]/ ? '0x' . join('', map { sprintf '%02x', ord } split //, $value) : $value;
}

1;
