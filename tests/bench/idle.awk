# idle.tsv (target, RSS in KB before, with the clients, the difference, after) -> medians as a Markdown table.
BEGIN {
    FS = "\t"
    printf "| Target | RSS MB | with %d idle clients | more | KB a client | after they left |\n|---|--:|--:|--:|--:|--:|\n", clients
}
{
    if (!($1 in before)) order[++targets] = $1
    before[$1] = before[$1] " " $2; with[$1] = with[$1] " " $3; more[$1] = more[$1] " " $4; after[$1] = after[$1] " " $5
}
END {
    for (i = 1; i <= targets; i++) {
        name = order[i]
        printf "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", name, median(before[name]) / 1024, median(with[name]) / 1024,
            median(more[name]) / 1024, median(more[name]) / clients, median(after[name]) / 1024
    }
}
