# The median of numbers separated by blanks; "-" for none.
function median(text,   list, n, i, j, swap) {
    n = split(text, list, " ")
    for (i = 1; i < n; i++)
        for (j = i + 1; j <= n; j++)
            if (list[j] + 0 < list[i] + 0) { swap = list[i]; list[i] = list[j]; list[j] = swap }
    return n == 0 ? "-" : n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
