#!/bin/sh
set -eu

usage() {
  cat <<'END'
Many servers under one ECS, each a process of its own: all join, keys are written, the ring is the same everywhere, half of
the servers are removed one after the other, every key is read again. What that takes: time, CPU, memory, and what the
servers cost with nothing to do.

  bench/many.sh [--servers 50] [--keys 100000] [--rest 20] [--quick]

  --servers  how many (50): 200 MB of memory each
  --keys     that are written and read again (100000)
  --rest     seconds of doing nothing that are measured (20)
  --quick    6 servers, 1000 keys: to see that all works

All servers run with small heaps and with the quick compiler only (C1), as in p1.sh.
END
}

. "$(dirname "$0")/lib.sh"

servers=50
keys=100000
rest=20
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --quick) servers=6; keys=1000; rest=3; shift; continue ;;
    --servers) servers=${2:?"--servers wants a number"} ;;
    --keys) keys=${2:?"--keys wants a number"} ;;
    --rest) rest=${2:?"--rest wants seconds"} ;;
    *) echo "many: unknown option $1; see bench/many.sh --help" >&2; exit 2 ;;
  esac
  shift 2
done
ecs=20000
first=20001
server_java_opts="-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=64m"

admin() { "$home/bin/dss" admin --quiet --ecs 127.0.0.1:$ecs "$@"; }
seconds_since() { awk -v a="$1" -v b="$(date +%s%3N)" 'BEGIN { printf "%.1f", (b - a) / 1000 }'; }
cpu_seconds() { awk -v t="$(($(cpu_ticks dss) - $1))" 'BEGIN { printf "%.1f", t / 100 }'; }

# The ring as the ECS prints it, in the words of KEYRANGE.
ring() {
  admin ring | awk 'NR > 1 { split($1, arc, "-")
    if ($2 != at) { if (at) printf "%s,%s,%s;", from, to, at; from = arc[1]; at = $2 }
    to = arc[2] } END { printf "%s,%s,%s;\n", from, to, at }'
}

# The ring is the same at every server that is asked.
agree() { # ports
  local port want
  want=$(ring)
  for port in "$@"; do
    [ "$("$home/bin/dss" client --server 127.0.0.1:"$port" keyrange)" = "KEYRANGE_SUCCESS $want" ] \
      || fail "the ring of 127.0.0.1:$port is not that of the ECS"
  done
  echo "the ring of $# servers is that of the ECS"
}

audit() {
  "$home/bin/dss" bench --quiet --server "127.0.0.1:$first" --keys "$keys" --mix get=1 --distribution sequential \
    --pipeline 16 --requests "$keys" >"$work/audit.out"
  if grep '^absent' "$work/audit.out" || grep '^errors' "$work/audit.out"; then fail "keys are missing"; else
    echo "all $keys keys are there"; fi
}

state() { # what it is after
  echo "$1: $(admin print | grep -c ACTIVATED) servers ACTIVATED, $(admin print | sed -n 's/^evenness (max.mean): //p')"
}

begin many
machine
echo "commit: $(commit)"
echo
began=$(date +%s%3N)
start_dss $ecs $first 3 "$servers" --memory 128m --log-retain 64m
echo "$servers servers have started and joined within $(seconds_since "$began") s, $(cpu_seconds 0) s of CPU"
state "all have joined"
# shellcheck disable=SC2046
agree $(cat "$work/dss.ports")
load dss --keys "$keys" --fill --mix set=1 --pipeline 16 --requests 1 >"$work/fill.out"
audit
state "with $keys keys"
echo "memory: $(for pid in $(pids_of dss); do awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; done | sort -n | awk '
  { at[NR] = $1; sum += $1 } END { printf "%.0f MB of a process (median), %.1f GB of all", at[int((NR + 1) / 2)] / 1024, sum / 1048576 }')"
settle 60 dss
before=$(cpu_ticks dss)
sleep "$rest"
echo "with nothing to do: $(awk -v t="$(($(cpu_ticks dss) - before))" -v s="$rest" 'BEGIN { printf "%.1f", t / s }') % of a core, all together"

half=$((servers / 2))
began=$(date +%s%3N)
before=$(cpu_ticks dss)
note "removing $half servers"
for i in $(seq $((servers - half + 1)) "$servers"); do
  admin --no-wait remove 127.0.0.1 $((first + i - 1)) >>"$work/removed.out"
done
await 600 "the rest" dss_balanced $ecs $((servers - half))
echo "$half servers removed within $(seconds_since "$began") s, $(cpu_seconds "$before") s of CPU"
state "half are removed"
# shellcheck disable=SC2046
agree $(head -n $((servers - half)) "$work/dss.ports")
audit
