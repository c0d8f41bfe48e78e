# results.tsv -> how dbproxy's median ratio to HAProxy stands against the goals, and against the ratios that are reported
# for ProxySQL 2.7.2 (two cores, MySQL 9.7, one interleaved run). It is not run here: Debian has no package of it.
function line(scenario, goal, proxysql,   ratios, r, ours) {
    for (r = 1; r <= rounds; r++)
        if (((r, scenario, "dbproxy") in rate) && ((r, scenario, "haproxy") in rate))
            ratios = ratios " " rate[r, scenario, "dbproxy"] / rate[r, scenario, "haproxy"]
    ours = median(ratios)
    if (ours == "-") return
    if (!lines++) {
        print "| Scenario | dbproxy, of HAProxy | Goal | ProxySQL 2.7.2, of HAProxy (reported, not run here) | |"
        print "|---|--:|--:|--:|---|"
    }
    printf "| %s | %.2f | %.2f | %.2f | %s |\n", scenario, ours, goal, proxysql,
        ours < goal ? "below the goal" : ours <= proxysql ? "behind ProxySQL" : "reached"
}
BEGIN { FS = "\t" }
{ rate[$1, $2, $3] = $4; if ($1 > rounds) rounds = $1 }
END {
    line("point-text-32", 0.90, 0.87)
    line("point-text-1", 0.80, 0.35)
    line("point-prep-32", 0.90, 0.79)
    line("large-4", 0.85, 0.80)
}
