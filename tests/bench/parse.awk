# One run of sysbench with --histogram=on  ->  "queries qps p50 p95 p99 errors", latencies in milliseconds.
/^ *[0-9.]+ \|/ { value[++n] = $1; count[n] = $NF; total += $NF }
/^ *queries:/ { queries = $2; rate = $3; sub(/\(/, "", rate) }
/^ *ignored errors:/ { errors = $3 }
function percentile(part,   i, sum) {
    for (i = 1; i <= n; i++) {
        sum += count[i]
        if (sum >= part * total) return value[i]
    }
    return 0
}
END {
    if (queries == 0) exit 1
    print queries, rate, percentile(0.50), percentile(0.95), percentile(0.99), errors + 0
}
