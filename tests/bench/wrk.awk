# One run of wrk with --latency  ->  "requests rps p50 p90 p99 errors", latencies in milliseconds.
function ms(text) { return text + 0 == 0 ? 0 : text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text ~ /m$/ ? text * 60000 : text * 1000 }
/^ +50%/ { p50 = ms($2) }
/^ +90%/ { p90 = ms($2) }
/^ +99%/ { p99 = ms($2) }
/requests in/ { requests = $1 }
/^Requests\/sec:/ { rate = $2 }
/Socket errors:/ { gsub(",", ""); errors += $4 + $6 + $8 + $10 }
/Non-2xx or 3xx responses:/ { errors += $NF }
END {
    if (requests == 0) exit 1
    print requests, rate, p50, p90, p99, errors + 0
}
