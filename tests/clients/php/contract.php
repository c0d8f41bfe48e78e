<?php
// What every client program is told, and how it reports (see ../README.md).
const TYPES = 'ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s';
const SIZE = 17 << 20;
const VALUES = [-128, 255, -32768, 8388607, -2147483648, PHP_INT_MIN, '18446744073709551615', 1.5, -2.5e-10, '-12345678901234567890.0123456789',
    '2024-02-29', '1999-12-31 23:59:59.999999', '-123:45:06.500000', 2155, "\x02\xAA", 'abc', 'Grüße 🐬', "\x00\xFF'\\", "\x00\x01\xFE\xFF", '漢字',
    '{"a": [1, null]}', 'large', 'x,z'];
const TEXTS = ['Grüße', '漢字', '表ソ', 'Ω🐬', 'naïve 🐬漢字'];

final class Skip extends Exception {}

final class Contract
{
    public static function get(string $name): string { return getenv("DBTEST_$name"); }

    public static function tls(): bool { return self::get('TLS') === '1'; }

    /** User and password of the account with a plugin; without one of the first account. */
    public static function account(?string $plugin = null): ?array
    {
        foreach (explode(',', self::get('ACCOUNTS')) as $entry) {
            [$name, $account] = explode('=', $entry, 2);
            if ($plugin === null || $name === $plugin) {
                return explode(':', $account, 2);
            }
        }
        return null;
    }
}

/** Runs one capability and prints its line; what the body returns is the detail. */
function capability(string $name, callable $body): void
{
    try {
        $detail = $body();
        $line = "ok $name " . (is_string($detail) || $detail === null ? $detail : text($detail));
    } catch (Skip $reason) {
        $line = "skip $name " . $reason->getMessage();
    } catch (Throwable $error) {
        $line = "fail $name " . get_class($error) . ': ' . $error->getMessage() . ' line ' . $error->getLine();
    }
    echo rtrim(preg_replace('/\s+/', ' ', $line)), "\n";
}

function skip(string $reason, string ...$names): void
{
    foreach ($names as $name) {
        echo "skip $name $reason\n";
    }
}

/** A value as text with its PHP type, binary strings in hex. */
function text($value): string
{
    if (is_array($value)) {
        $parts = [];
        foreach ($value as $key => $item) {
            $parts[] = is_int($key) ? text($item) : "$key=" . text($item);
        }
        return '[' . implode(', ', $parts) . ']';
    }
    return is_string($value) ? (preg_match('//u', $value) && !preg_match('/[\x00-\x08]/', $value) ? "'$value'" : '0x' . bin2hex($value)) : var_export($value, true);
}

function check(bool $condition, $seen): void
{
    if (!$condition) {
        throw new Exception('assertion: ' . text($seen));
    }
}
