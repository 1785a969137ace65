#!/bin/sh
# A smoke benchmark of about two minutes: DSS (three servers, three copies, an fsync on every copy before each
# acknowledgement) beside Debian's redis-server (a cluster of 3 + 3, appendfsync everysec, replicas asynchronous), the
# same client (redis-benchmark), the same machine, in turn: A B A B. Prints a table and ratios.
#
#   bench/smoke.sh [--markdown]
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
for tool in redis-server redis-cli redis-benchmark; do
  command -v $tool >/dev/null 2>&1 || { echo "smoke: needs $tool: apt-get install redis-server redis-tools" >&2; exit 1; }
done

work=$(mktemp -d)
pids=
stop() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

# All below the ports that the system gives to outgoing connections.
ecs=15000
first=15001
redis=16001
note() { echo "smoke: $*" >&2; }
await() { # seconds, what, command ...
  left=$(($1 * 10)); what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { note "$what did not come"; tail -n 5 "$work"/*.out >&2; exit 1; }
    sleep 0.1
  done
}
is_balanced() {
  "$home/bin/dss" admin --ecs 127.0.0.1:$ecs print --json >"$work/print"
  grep -q '"balanced":true' "$work/print" && [ "$(grep -o ACTIVATED "$work/print" | wc -l)" -eq 3 ]
}
redis_ok() { redis-cli -p $redis cluster info | grep -q cluster_state:ok; }

note "starting DSS: an ECS and three servers"
"$home/bin/dss" --version >/dev/null
"$home/bin/dss" ecs --port $ecs --consensus-port $((ecs + 3000)) --http-port 0 \
  --data "$work/ecs" </dev/null >"$work/ecs.out" 2>&1 &
pids="$pids $!"
dss_pids=
for i in 0 1 2; do
  port=$((first + i))
  "$home/bin/dss" server --port $port --ecs 127.0.0.1:$ecs --join --data "$work/s$port" \
    >"$work/s$port.out" 2>&1 &
  pids="$pids $!"
  dss_pids="$dss_pids $!"
done

note "starting Redis: a cluster of 3 + 3, appendfsync everysec"
redis_pids=
for i in 0 1 2 3 4 5; do
  mkdir "$work/r$i"
  (cd "$work/r$i" && exec redis-server --port $((redis + i)) --cluster-enabled yes --appendonly yes \
    --appendfsync everysec --save '' --bind 127.0.0.1 --protected-mode no --cluster-port $((redis + 3000 + i)) \
    --daemonize no) >"$work/r$i.out" 2>&1 &
  pids="$pids $!"
  redis_pids="$redis_pids $!"
done
for i in 0 1 2 3 4 5; do await 20 "Redis" redis-cli -p $((redis + i)) ping; done
redis-cli --cluster create 127.0.0.1:$redis 127.0.0.1:$((redis + 1)) 127.0.0.1:$((redis + 2)) \
  127.0.0.1:$((redis + 3)) 127.0.0.1:$((redis + 4)) 127.0.0.1:$((redis + 5)) --cluster-replicas 1 --cluster-yes \
  >"$work/create.out" 2>&1
await 20 "the Redis cluster" redis_ok
await 25 "the DSS cluster" is_balanced

tick=$(getconf CLK_TCK)
cpu() { # seconds of user and system time of processes
  total=0
  for pid in "$@"; do
    set -- $(sed 's/.*) //' "/proc/$pid/stat")
    total=$((total + ${12} + ${13}))
  done
  echo "$total $tick" | awk '{ print $1 / $2 }'
}

run() { # name, port, command, pipeline, requests -> ops/s, p50, p99 (ms), cpu seconds per million
  case $1 in dss) p=$dss_pids ;; *) p=$redis_pids ;; esac
  before=$(cpu $p)
  redis-benchmark --cluster -p "$2" -t "$3" -c 50 -P "$4" -d 100 -r 1000000 -n "$5" --csv >"$work/bench.out" 2>&1
  after=$(cpu $p)
  tail -n 1 "$work/bench.out" | tr -d '"' | awk -F, -v b="$before" -v a="$after" -v n="$5" \
    '{ printf "%.0f %.2f %.2f %.1f\n", $2, $5, $7, (a - b) * 1000000 / n }'
}

note "warming up: a server's code is compiled while it runs"
for port in $first $redis; do
  for c in set get; do redis-benchmark --cluster -p $port -t $c -c 50 -P 16 -d 100 -r 1000000 -n 1000000 -q >/dev/null 2>&1; done
  for c in set get; do redis-benchmark --cluster -p $port -t $c -c 50 -P 1 -d 100 -r 1000000 -n 150000 -q >/dev/null 2>&1; done
done

# Long rows: redis-benchmark ends only at a quarter of a second.
: >"$work/rows"
for round in 1 2; do
  for row in "set 1 150000" "get 1 150000" "set 16 600000" "get 16 600000"; do
    set -- $row
    note "round $round: $1, $2 in the pipeline"
    echo "$1 $2 dss $(run dss $first "$1" "$2" "$3")" >>"$work/rows"
    echo "$1 $2 redis $(run redis $redis "$1" "$2" "$3")" >>"$work/rows"
  done
done

echo "machine: $(nproc) cores, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r)"
echo "commit: $(git -C "$home" rev-parse --short HEAD 2>/dev/null || echo unknown); client: $(redis-benchmark --version | head -n 1), 50 connections, 100 B values, 1M keys"
echo
awk '
  { key = $1 " " $2; if (!(key in seen)) { order[++n] = key; seen[key] = 1 }
    ops[key, $3] += $4 / 2; p50[key, $3] += $5 / 2; p99[key, $3] += $6 / 2; cpu[key, $3] += $7 / 2 }
  END {
    print "| command, pipeline | DSS ops/s | Redis ops/s | ratio | DSS p50 / p99 ms | Redis p50 / p99 ms | DSS / Redis CPU s per M |"
    print "|---|---|---|---|---|---|---|"
    for (i = 1; i <= n; i++) { k = order[i]; split(k, w, " ")
      printf "| %s, %s | %.0f | %.0f | %.2f | %.2f / %.2f | %.2f / %.2f | %.1f / %.1f |\n", toupper(w[1]), w[2],
        ops[k, "dss"], ops[k, "redis"], ops[k, "dss"] / ops[k, "redis"], p50[k, "dss"], p99[k, "dss"],
        p50[k, "redis"], p99[k, "redis"], cpu[k, "dss"], cpu[k, "redis"] }
  }' "$work/rows"
