# What both benchmark scripts need: messages, processes and their cost. To be sourced.

PATH=$PATH:/usr/sbin
ticks=$(getconf CLK_TCK)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
wanted() { [[ -z $only || ,$only, == *,$1,* ]]; }

require() { # programs, by the names of their Debian packages
    local program missing=()
    for program; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    ((${#missing[@]} == 0)) || die "Missing: ${missing[*]}. On Debian: apt-get install ${missing[*]}"
    command -v dotnet >/dev/null || die 'Missing: the .NET 10 SDK (dotnet).'
    ulimit -n "$(ulimit -Hn)" # two descriptors for each client in most targets
}

# --- processes: each one that is started is ended by its id, whatever happens

declare -A pids=() ports=()

stop() { # names of targets or helpers
    local name waited
    for name; do
        [[ -n ${pids[$name]:-} ]] && kill -TERM "${pids[$name]}" 2>/dev/null || { unset "pids[$name]"; continue; }
        for ((waited = 0; waited < 50; waited++)); do
            kill -0 "${pids[$name]}" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "${pids[$name]}" 2>/dev/null || true
        wait "${pids[$name]}" 2>/dev/null || true
        unset "pids[$name]"
    done
}

# Below the range from which the kernel takes the ports of outgoing connections.
next_port=$((12000 + RANDOM % 15000))
free_port() { # into $port
    while port=$((next_port++)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

# --- what a target costs, its worker processes included

family() { # target
    [[ -n ${pids[$1]:-} ]] && printf '%s\n' "${pids[$1]}" $(cat /proc/"${pids[$1]}"/task/*/children 2>/dev/null)
}

cpu_ticks() { # target; utime and stime of all threads
    local pid total=0
    for pid in $(family "$1"); do
        total=$((total + $(awk '{ print $14 + $15 }' "/proc/$pid/stat")))
    done
    echo "$total"
}

rss_kb() { # target
    local pid total=0
    for pid in $(family "$1"); do
        total=$((total + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")))
    done
    echo "$total"
}
