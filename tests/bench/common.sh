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

# --- warming up

# A .NET process compiles hot code a second and a third time while it runs, here beside a load that wants every core: until
# four loads in a row cost no less than the best one before.
warm_up() { # target, scenario; $parser reads what load prints
    local before line cost best=0 same=0 loads
    for ((loads = 0; loads < 20 && same < 4; loads++)); do
        before=$(cpu_ticks "$1")
        load "$1" "$2" 2 >"$work/warm.out" 2>&1 || true
        read -r -a line < <(awk -f "$parser" "$work/warm.out") || continue
        cost=$((($(cpu_ticks "$1") - before) * 1000000000 / ticks / line[0]))
        if ((best == 0 || cost < best * 97 / 100)); then best=$cost same=0; else same=$((same + 1)); fi
    done
}
