# results.tsv -> how dbproxy's median ratios to HAProxy and nginx stand against the goals.
function ratio(scenario, other,   ratios, r) {
    for (r = 1; r <= rounds; r++)
        if (((r, scenario, "dbproxy") in rate) && ((r, scenario, other) in rate))
            ratios = ratios " " rate[r, scenario, "dbproxy"] / rate[r, scenario, other]
    return median(ratios)
}
function text(value, goal) { return value == "-" || goal == 0 ? "" : sprintf("%.2f, %s", value, value < goal ? "MISSED" : "reached") }
function line(scenario, ofHaproxy, ofNginx,   haproxy, nginx) {
    haproxy = ratio(scenario, "haproxy")
    nginx = ratio(scenario, "nginx")
    if (haproxy == "-" && nginx == "-") return
    if (!lines++) {
        print "| Scenario | Goal, of HAProxy | Here | Goal, of nginx | Here |"
        print "|---|--:|--:|--:|--:|"
    }
    printf "| %s | %.1f | %s | %s | %s |\n", scenario, ofHaproxy, text(haproxy, ofHaproxy), ofNginx ? sprintf("%.1f", ofNginx) : "-", text(nginx, ofNginx)
}
BEGIN { FS = "\t" }
{ rate[$1, $2, $3] = $4; if ($1 > rounds) rounds = $1 }
END {
    line("http-small", 0.5, 0.7)
    line("http-large", 0.5, 0.7)
    line("https-small", 0.5, 0.7)
    line("https-new", 0.5, 0.7)
    line("http-new", 0.5, 0.7)
    line("tcp-small", 0.8, 0)
    line("tcp-large", 0.8, 0)
    line("tcp-new", 0.8, 0)
}
