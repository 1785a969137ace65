#!/bin/sh
# A smoke benchmark of about three minutes: DSS (three servers, three copies, an fsync on every copy before each
# acknowledgement) beside Debian's redis-server (a cluster of 3 + 3, appendfsync everysec, replicas asynchronous), the
# same client (dss bench), the same machine, in turn: A B A B. Prints a table and ratios.
#
#   bench/smoke.sh [--markdown]
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
for tool in redis-server redis-cli; do
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

load() { # name, port, then options of dss bench: its report
  case $1 in dss) p=$dss_pids ;; *) p=$redis_pids ;; esac
  port=$2
  shift 2
  "$home/bin/dss" bench --server 127.0.0.1:$port --keys 1000000 --quiet \
    --pids "$(echo $p | tr ' ' ',')" "$@"
}

run() { # name, port, command, pipeline -> ops/s, p50, p99 (ms), cpu seconds per million: servers, client; errors
  load "$1" "$2" --mix "$3=1" --pipeline "$4" --warmup 1 --seconds 4 >"$work/bench.out"
  awk -v kind="$3" '
    $1 == kind { ops = $3; p50 = $5; p99 = $7; errors = $10 }
    /^client CPU/ { client = $3 }
    /^server CPU.* all$/ { server = $3 }
    END { print ops, p50, p99, server, client, errors }' "$work/bench.out"
}

note "filling both with a million keys, and warming up: a server's code is compiled while it runs"
for name in dss redis; do
  case $name in dss) port=$first ;; *) port=$redis ;; esac
  load $name $port --fill --mix set=1 --pipeline 16 --seconds 4 >"$work/fill.out"
  load $name $port --mix get=1,set=1 --pipeline 16 --seconds 6 >"$work/fill.out"
  load $name $port --mix get=1,set=1 --pipeline 1 --seconds 6 >"$work/fill.out"
done

: >"$work/rows"
for round in 1 2; do
  # What the writes before have left to do is done meanwhile: a row is to pay for itself alone.
  sleep 10
  for row in "get 1" "get 16" "set 1" "set 16"; do
    set -- $row
    note "round $round: $1, $2 in the pipeline"
    echo "$1 $2 dss $(run dss $first "$1" "$2")" >>"$work/rows"
    echo "$1 $2 redis $(run redis $redis "$1" "$2")" >>"$work/rows"
  done
done

echo "machine: $(nproc) cores, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r)"
echo "commit: $(git -C "$home" rev-parse --short HEAD 2>/dev/null || echo unknown); client: dss bench, 50 connections, 100 B values, 1M keys"
echo
awk '
  { key = $1 " " $2; if (!(key in seen)) { order[++n] = key; seen[key] = 1 }
    ops[key, $3] += $4 / 2; p50[key, $3] += $5 / 2; p99[key, $3] += $6 / 2; cpu[key, $3] += $7 / 2
    client[key] += $8 / 4; errors[key] += $9 }
  END {
    print "| command, pipeline | DSS ops/s | Redis ops/s | ratio | DSS p50 / p99 ms | Redis p50 / p99 ms | DSS / Redis / client CPU s per M | errors |"
    print "|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= n; i++) { k = order[i]; split(k, w, " ")
      printf "| %s, %s | %.0f | %.0f | %.2f | %.2f / %.2f | %.2f / %.2f | %.1f / %.1f / %.1f | %d |\n", toupper(w[1]), w[2],
        ops[k, "dss"], ops[k, "redis"], ops[k, "dss"] / ops[k, "redis"], p50[k, "dss"], p99[k, "dss"],
        p50[k, "redis"], p99[k, "redis"], cpu[k, "dss"], cpu[k, "redis"], client[k], errors[k] }
  }' "$work/rows"
