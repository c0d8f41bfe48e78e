# results.tsv (round scenario target qps p50 p95 p99 cpu rss errors) -> medians over the rounds as a Markdown table.
# The ratio is the median of the rounds' own ratios to HAProxy: what slows a whole round down cancels out.
function number(value, format) { return value == "-" ? "-" : sprintf(format, value) }
BEGIN {
    FS = "\t"
    if (unit == "") unit = "query"
    if (second == "") second = "p95"
    plural = unit == "query" ? "queries" : unit "s"
}
{
    key = $2 FS $3
    if (!(key in qps)) { order[++keys] = key }
    qps[key] = qps[key] " " $4; p50[key] = p50[key] " " $5; p95[key] = p95[key] " " $6; p99[key] = p99[key] " " $7
    if ($8 != "-") { work[$1, key] = $8; cpu[key] = cpu[key] " " $8; rss[key] = rss[key] " " $9 }
    errors[key] += $10
    rate[$1, key] = $4
    if ($1 > rounds) rounds = $1
}
END {
    print "| Scenario | Target | " plural "/s | of HAProxy | p50 ms | " second " ms | p99 ms | CPU µs/" unit " | of HAProxy's | RSS MB | errors |"
    print "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for (k = 1; k <= keys; k++) {
        key = order[k]
        split(key, name, FS)
        ratios = works = ""
        for (r = 1; r <= rounds; r++) {
            other = name[1] FS "haproxy"
            if (((r, key) in rate) && ((r, other) in rate)) ratios = ratios " " rate[r, key] / rate[r, other]
            if (((r, key) in work) && ((r, other) in work)) works = works " " work[r, key] / work[r, other]
        }
        printf "| %s | %s | %.0f | %s | %.2f | %.2f | %.2f | %s | %s | %s | %d |\n", name[1], name[2], median(qps[key]),
            number(median(ratios), "%.2f"), median(p50[key]), median(p95[key]), median(p99[key]),
            number(median(cpu[key]), "%.1f"), number(median(works), "%.2f"), number(median(rss[key]), "%.0f"), errors[key]
    }
}
