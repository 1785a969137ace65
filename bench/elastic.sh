#!/bin/sh
set -eu

usage() {
  cat <<'END'
What do clients notice of growing, shrinking and of a death? Three DSS servers, three copies, keys of 100 B, 16
connections of which each awaits its replies, half of all reads; meanwhile a fourth server is added, then removed, then one
is killed (kill -9). The same against Debian's redis-server (3 + 3, appendonly everysec, 5 s node timeout) by redis-cli:
add-node and rebalance; rebalance by weight 0 and del-node; kill -9 of a primary.

  bench/elastic.sh [--keys 1000000] [--rest 20] [--memory 1g] [--against redis | --against none]
                   [--rate OPS] [--trust-refused auto] [--quick]

  --keys     that there are, all of them written before (1000000)
  --rest     seconds before and between (20)
  --memory   of each DSS server (1g)
  --against  none: DSS alone (redis)
  --rate     operations a second that are due, whatever the replies; without it clients send as fast as they are answered
  --trust-refused  as of dss ecs: off is what holds between machines, where a refused connection proves nothing (auto)
  --quick    20000 keys, 4 seconds: to see that all works; its figures say nothing

Of each stage: operations a second, latencies of what was answered in it, the longest time without any reply, failed
operations. "max" of the stage of the kill is how long it took until keys of all shards were written again. Errors are
operations that failed; what was sent again after a redirect, TRYAGAIN or a lost connection is told below each table.
END
}

. "$(dirname "$0")/lib.sh"

keys=1000000
rest=20
memory=1g
against=redis
rate=
trust=auto
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --quick) keys=20000; rest=4; shift; continue ;;
    --keys) keys=${2:?"--keys wants a number"} ;;
    --rest) rest=${2:?"--rest wants seconds"} ;;
    --memory) memory=${2:?"--memory wants a size"} ;;
    --against) against=${2:?"--against wants redis or none"} ;;
    --rate) rate=${2:?"--rate wants operations a second"} ;;
    --trust-refused) trust=${2:?"--trust-refused wants auto, on or off"} ;;
    *) echo "elastic: unknown option $1; see bench/elastic.sh --help" >&2; exit 2 ;;
  esac
  shift 2
done
case $against in redis | none) ;; *) echo "elastic: --against is redis or none, not $against" >&2; exit 2 ;; esac

seconds_since() { awk -v from="$1" -v to="$(date +%s%3N)" 'BEGIN { printf "%.1f", (to - from) / 1000 }'; }

stage() { echo "$1" >"$work/stage"; note "stage: $1"; }

load_begins() { # group
  rm -f "$work/stage"
  load "$1" --keys "$keys" --mix get=1,set=1 --connections 16 ${rate:+--rate "$rate"} --stages "$work/stage" --seconds 36000 --warmup 2 \
    >"$work/$1-load.out" 2>&1 &
  loading=$!
  echo $loading >>"$work/load.pids"
  sleep 3
  stage before
  sleep "$rest"
}

load_ends() { # group
  stage end
  wait $loading || { cat "$work/$1-load.out" >&2; fail "the load on $1 failed"; }
}

moved() { # what, seconds, keys that moved
  echo "$1: $2 s, $3 keys moved, $(awk -v k="$3" -v s="$2" 'BEGIN { printf "%.0f", k / s }') keys/s" >>"$work/moved"
}

table() { # group
  echo
  sed -n '/^stage /,/^$/p' "$work/$1-load.out"
  cat "$work/moved"
  sed -n -e '/^redirects/p' -e '/^reconnects/p' -e '/^sent again/p' -e '/^errors/p' -e '/^unanswered/p' "$work/$1-load.out"
  : >"$work/moved"
}

# Every key is read once: none may be missing.
audit() { # group
  "$home/bin/dss" bench --quiet --server "$(head -n 1 "$work/$1.at")" --keys "$keys" --mix get=1 \
    --distribution sequential --pipeline 16 --requests "$keys" >"$work/audit.out"
  if grep '^absent' "$work/audit.out" || grep '^errors' "$work/audit.out"; then echo "LOST: keys are missing at $1"; else
    echo "all $keys keys are there"; fi
}

copies_of() { # port of a server: copies that it holds
  "$home/bin/dss" admin --ecs 127.0.0.1:15000 print | awk -v at="127.0.0.1:$1" '$1 == at { print $5 }'
}

dss_run() {
  local began fourth=15004
  ecs_options="--trust-refused $trust" start_dss 15000 15001 3 3 --memory "$memory"
  "$home/bin/dss" server --port $fourth --peer-port $((fourth + 100)) --ecs 127.0.0.1:15000 --data "$work/dss-data/s4" \
    --memory "$memory" </dev/null >"$work/dss4.out" 2>&1 &
  started dss $!
  await 30 "the fourth server" says dss4 listening
  note "filling DSS with $keys keys"
  load dss --keys "$keys" --fill --mix set=1 --pipeline 16 --requests 1 >"$work/fill.out"
  settle 60 dss
  load_begins dss
  stage adding
  began=$(date +%s%3N)
  "$home/bin/dss" admin --quiet --ecs 127.0.0.1:15000 add 127.0.0.1 $fourth >"$work/add.out"
  moved adding "$(seconds_since "$began")" $((keys / 1024 * $(copies_of $fourth)))
  stage added
  sleep "$rest"
  stage removing
  began=$(date +%s%3N)
  "$home/bin/dss" admin --quiet --ecs 127.0.0.1:15000 remove 127.0.0.1 $fourth >"$work/remove.out"
  moved removing "$(seconds_since "$began")" $((keys / 1024 * 768))
  stage removed
  sleep "$rest"
  stage killed
  kill -9 "$(sed -n 4p "$work/dss.pids")"
  sleep "$rest"
  load_ends dss
  echo
  echo "DSS: three servers, three copies, an fsync on each copy in sync before each acknowledgement"
  table dss
  audit dss
  stop_group dss
}

redis_all() { redis-cli -p 15201 --cluster "$@" >"$work/redis-cli.out" 2>&1; }

redis_knows() { # nodes: whether each of them knows all
  local port
  for port in $(seq 15201 $((15200 + $1))); do
    [ "$(redis-cli -p "$port" cluster nodes | grep -c -v -e handshake -e noaddr)" -eq "$1" ] || return 1
  done
}

redis_run() {
  local began id
  needs redis-server redis-server
  needs redis-cli redis-tools
  redis_options="--cluster-node-timeout 5000" start_redis everysec 15201
  mkdir -p "$work/everysec-data/6"
  (cd "$work/everysec-data/6" && exec redis-server --port 15207 --cluster-enabled yes --appendonly yes --appendfsync everysec \
    --save '' --bind 127.0.0.1 --protected-mode no --cluster-port 15307 --cluster-node-timeout 5000 --daemonize no) \
    </dev/null >"$work/everysec6.out" 2>&1 &
  started everysec $!
  note "filling Redis with $keys keys"
  load everysec --keys "$keys" --fill --mix set=1 --pipeline 16 --requests 1 >"$work/fill.out"
  settle 60 everysec
  load_begins everysec
  stage adding
  began=$(date +%s%3N)
  redis_all add-node 127.0.0.1:15207 127.0.0.1:15201 || fail "add-node failed: $(tail -n 1 "$work/redis-cli.out")"
  await 30 "all of Redis knowing the new node" redis_knows 7
  await 30 "the new node in its cluster" redis_ok 15207
  redis_all rebalance 127.0.0.1:15201 --cluster-use-empty-masters ||
    fail "rebalance failed: $(tail -n 1 "$work/redis-cli.out")"
  moved adding "$(seconds_since "$began")" $((keys / 4))
  stage added
  sleep "$rest"
  stage removing
  began=$(date +%s%3N)
  id=$(redis-cli -p 15207 cluster myid)
  redis_all rebalance 127.0.0.1:15201 --cluster-weight "$id=0" ||
    fail "rebalance failed: $(tail -n 1 "$work/redis-cli.out")"
  moved removing "$(seconds_since "$began")" $((keys / 4))
  redis_all del-node 127.0.0.1:15201 "$id" || note "del-node failed: $(tail -n 1 "$work/redis-cli.out")"
  stage removed
  sleep "$rest"
  stage killed
  kill -9 "$(sed -n 2p "$work/everysec.pids")"
  sleep $((rest + 10))
  load_ends everysec
  echo
  echo "Redis: 3 + 3, replicas asynchronous, appendfsync everysec, node timeout 5 s"
  table everysec
  audit everysec
  stop_group everysec
}

begin elastic
"$home/bin/dss" --version >/dev/null
: >"$work/moved"
machine
echo "commit: $(commit); $keys keys of 100 B, 16 connections, half reads, ${rate:+$rate operations a second due, }--memory $memory, --trust-refused $trust"
dss_run
[ "$against" = none ] || redis_run
