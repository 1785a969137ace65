#!/bin/sh
# Does anything stand still? Three DSS servers, three copies, ten million keys; SETs at 70 % of what the cluster takes of 50
# connections, for ten minutes, sent when they are due whatever became of those before, over 400 connections: with few, what
# is due would wait for one of them. Prints the worst second, the longest time that a SET took, and of each second with a SET
# above 50 ms what was seen in it: collections and other safepoints of servers and client, time that the host gave to others,
# fsyncs (where perf may trace them), the machine itself (where chrt and python3 may watch it), flushes. Takes 20 minutes.
#
#   bench/stall.sh [--minutes 10] [--keys 10000000] [--memory 1g] [--long 50]
set -eu

. "$(dirname "$0")/lib.sh"

minutes=10
keys=10000000
memory=1g
long=50
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=${2:?"--minutes wants a number"} ;;
    --keys) keys=${2:?"--keys wants a number"} ;;
    --memory) memory=${2:?"--memory wants a size"} ;;
    --long) long=${2:?"--long wants milliseconds"} ;;
    --help | -h) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "stall: unknown option $1; see bench/stall.sh --help" >&2; exit 2 ;;
  esac
  shift 2
done

millis() { date +%s%3N; }

counts() { # flushes of all servers
  local port
  for port in $(cat "$work/dss.ports"); do redis-cli -p "$port" info 2>/dev/null; done | tr -d '\r' |
    awk -F: '$1 == "flushes" { sum += $2 } END { print sum + 0 }'
}

stolen() { awk '$1 == "cpu" { print $9 * 10 }' /proc/stat; } # ms that the host gave to others, of all CPUs

watch() { # until it is killed: "flush", its time; "stolen", its time, how long
  local flushed flushed_before lost lost_before
  flushed_before=$(counts)
  lost_before=$(stolen)
  while sleep 0.5; do
    flushed=$(counts)
    lost=$(stolen)
    if [ "$flushed" != "$flushed_before" ]; then echo "flush $(millis)"; fi
    if [ "$lost" != "$lost_before" ]; then echo "stolen $(millis) $((lost - lost_before))"; fi
    flushed_before=$flushed
    lost_before=$lost
  done
}

# Whether the machine itself stands still: what sleeps for 2 ms, before all other work, and wakes 10 ms late.
standstill='
import time
while True:
    due = time.monotonic() + 0.002
    time.sleep(0.002)
    late = time.monotonic() - due
    if late > 0.01:
        print("machine %d %.1f" % (time.time() * 1000, late * 1000), flush=True)
'

causes_of() { # what is put before each cause, log of a JVM: collections and other safepoints, the time of their end, their ms
  sed -n -e 's/^\[\([0-9]*\)ms\] *\(GC([0-9]*) \)\{0,1\}Pause \([A-Za-z]*\).* \([0-9.]*\)ms$/collection(\3) \1 \4/p' \
    -e 's/^\[\([0-9]*\)ms\] *Safepoint "\([A-Za-z0-9]*\)".* Total: *\([0-9]*\) ns.*/safepoint(\2) \1 \3/p' "$2" |
    awk -v who="$1" '/^safepoint\(Serial/ { next } /^safepoint/ { $3 /= 1e6 } $3 >= 10 { print who $1, $2, $3 }'
}

begin stall
needs redis-cli redis-tools
"$home/bin/dss" --version >/dev/null
server_java_opts="-Xlog:gc,safepoint:file=$work/gc-%p.log:timemillis"
start_dss 15000 15001 3 3 --memory "$memory"

note "filling it with $keys keys"
load dss --keys "$keys" --fill --mix set=1 --pipeline 16 --requests 1 >"$work/fill.out"
settle 300 dss
note "looking for the most that it takes: 90 s"
load dss --keys "$keys" --mix set=1 --warmup 30 --seconds 60 >"$work/max.out"
most=$(figures <"$work/max.out" | cut -d ' ' -f 1)
rate=$((${most%.*} * 7 / 10))
settle 120 dss
note "it takes $most SETs a second: $rate a second for $minutes minutes"

watch >"$work/causes" &
echo $! >"$work/watch.pids"
if chrt -f 50 python3 -c '' 2>/dev/null; then
  chrt -f 50 python3 -c "$standstill" >"$work/machine" 2>/dev/null &
  echo $! >>"$work/watch.pids"
fi
traced=$(millis)
if perf trace -e fdatasync,fsync --duration 20 -- true >/dev/null 2>&1; then
  perf trace -e fdatasync,fsync --duration 20 -p "$(listed dss.pids)" -o "$work/fsyncs.out" &
  echo $! >>"$work/watch.pids"
fi
export DSS_JAVA_OPTS="${DSS_JAVA_OPTS:-} -Xlog:gc,safepoint:file=$work/client-%p.log:timemillis"
load dss --keys "$keys" --mix set=1 --connections 400 --rate "$rate" --seconds $((minutes * 60)) --csv "$work/seconds.csv" >"$work/bench.out"
began=$(($(millis) - minutes * 60000))
for pid in $(cat "$work/watch.pids"); do kill -INT "$pid" 2>/dev/null || true; done
sleep 1

# Causes, each with the time of its end in milliseconds and how long it took.
for log in "$work"/gc-*.log; do causes_of "" "$log"; done >>"$work/causes"
for log in "$work"/client-*.log; do causes_of client: "$log"; done >>"$work/causes"
cat "$work/machine" >>"$work/causes" 2>/dev/null || true
if [ -s "$work/fsyncs.out" ]; then
  awk -v traced="$traced" '$2 ~ /^\(/ { t = $1; sub(/^\(/, "", $2); printf "fsync %.0f %s\n", traced + t + $2, $2 }' \
    "$work/fsyncs.out" >>"$work/causes"
fi

machine
echo "commit: $(commit); three servers, three copies, $keys keys of 100 B, --memory $memory, $rate SETs a second (70 % of $most)"
echo
sed -n '/^operation/,$p' "$work/bench.out"
echo
awk -F, -v began="$began" -v long="$long" -v shown=100 -v causes="$work/causes" '
  BEGIN {
    while ((getline line < causes) > 0) {
      split(line, w, " ")
      at = int((w[2] - began) / 1000)
      if (w[3] != "" && w[3] + 0 > longest[w[1]]) longest[w[1]] = w[3] + 0
      if (w[3] == "" || w[3] + 0 >= 10) seen[at] = seen[at] " " w[1] (w[3] == "" ? "" : " " w[3] " ms,")
    }
    print "seconds with a SET above " long " ms, and what was seen in it, the one before and the one after"
  }
  NR > 1 {
    if ($6 > worst) worst = $6
    if ($6 > long) {
      if (++bad > shown) next
      printf "  second %d: p99 %s ms, longest %s ms;%s |%s |%s\n", $1, $5, $6, seen[$1 - 1], seen[$1], seen[$1 + 1]
    }
  }
  END {
    if (bad > shown) printf "  and %d more seconds\n", bad - shown
    printf "%d of %d seconds; the longest SET took %s ms\n", bad, NR - 1, worst
    for (what in longest) printf "longest %s: %s ms\n", what, longest[what]
  }' "$work/seconds.csv"
