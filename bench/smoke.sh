#!/bin/sh
# A smoke benchmark of about three minutes: DSS (three servers, three copies, an fsync on every copy before each
# acknowledgement) beside Debian's redis-server (a cluster of 3 + 3, appendfsync everysec, replicas asynchronous), the
# same client (dss bench), the same machine, in turn: A B A B. Prints a table and ratios. bench/compare.sh has more rows
# and more peers.
#
#   bench/smoke.sh
set -eu

. "$(dirname "$0")/lib.sh"
begin smoke
needs redis-server redis-server
needs redis-cli redis-tools

# All below the ports that the system gives to outgoing connections.
"$home/bin/dss" --version >/dev/null
start_dss 15000 15001 3 3
start_redis everysec 16001

run() { # group, command, pipeline
  load "$1" --keys 1000000 --mix "$2=1" --pipeline "$3" --warmup 1 --seconds 4 >"$work/bench.out"
  figures <"$work/bench.out"
}

note "filling both with a million keys, and warming up: a server's code is compiled while it runs"
for group in dss everysec; do
  load $group --keys 1000000 --fill --mix set=1 --pipeline 16 --seconds 4 >"$work/fill.out"
  load $group --keys 1000000 --mix get=1,set=1 --pipeline 16 --seconds 6 >"$work/fill.out"
  load $group --keys 1000000 --mix get=1,set=1 --pipeline 1 --seconds 6 >"$work/fill.out"
done

: >"$work/rows"
for round in 1 2; do
  # What the writes before have left to do is done meanwhile: a row is to pay for itself alone.
  sleep 10
  for row in "get 1" "get 16" "set 1" "set 16"; do
    # shellcheck disable=SC2086
    set -- $row
    note "round $round: $1, $2 in the pipeline"
    dss=$(run dss "$1" "$2")
    redis=$(run everysec "$1" "$2")
    echo "$1 $2 dss $dss" >>"$work/rows"
    echo "$1 $2 redis $redis" >>"$work/rows"
  done
done

machine
echo "commit: $(commit); client: dss bench, 50 connections, 100 B values, 1M keys"
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
