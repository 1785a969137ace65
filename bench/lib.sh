# What the benchmarks under bench/ share, to be sourced: `begin NAME` first. Servers are in groups (dss, everysec, always,
# etcd); of each group there is a file with its process ids, its addresses and its RESP ports. All listen on loopback, all
# data lies below one temporary folder, and what was started is stopped by its process id when the script ends. For any
# shell that knows `local`, as dash and bash do.
# shellcheck shell=sh

home=${home:-$(cd "$(dirname "$0")/.." && pwd)}

note() { echo "$name $(date +%T): $*" >&2; }
fail() { note "$*"; exit 1; }

needs() { # tool, its Debian package
  command -v "$1" >/dev/null 2>&1 || fail "needs $1: apt-get install $2"
}

begin() { # the script's name
  name=$1
  work=
  trap end EXIT
  trap 'exit 130' INT TERM
  work=$(mktemp -d)
}

end() {
  local status=$? pid
  [ -n "$work" ] || return 0
  if [ $status -eq 1 ] || [ $status -eq 3 ]; then tail -n 3 "$work"/*.out >&2 || true; fi
  for pid in $(cat "$work"/*.pids 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}

group_begins() { # group
  : >"$work/$1.pids"
  : >"$work/$1.at"
  : >"$work/$1.ports"
}

started() { echo "$2" >>"$work/$1.pids"; } # group, process id

pids_of() { cat "$work/$1.pids"; }
listed() { tr '\n' ',' <"$work/$1" | sed 's/,$//'; }

stop_group() { # group
  local pid
  for pid in $(pids_of "$1"); do kill "$pid" 2>/dev/null || true; done
  # shellcheck disable=SC2046
  wait $(pids_of "$1") 2>/dev/null || true
  group_begins "$1"
  rm -rf "$work/$1-data"
}

await() { # seconds, what, command ...
  local left=$(($1 * 10)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ $left -le 0 ]; then
      note "$what did not come"
      return 1
    fi
    sleep 0.1
  done
}

# ---- servers. A port for peers lies a hundred above the one for clients.

dss_balanced() { # port of the ECS, servers
  "$home/bin/dss" admin --ecs 127.0.0.1:"$1" print --json >"$work/print" || return 1
  grep -q '"balanced":true' "$work/print" && [ "$(grep -o ACTIVATED "$work/print" | wc -l)" -eq "$2" ]
}

says() { grep -q "$2" "$work/$1.out"; } # what runs, what it has printed

# Servers start five at a time, or young JVMs are in each other's way; all have joined and nothing moves when it returns.
# server_java_opts are options of each server's JVM.
start_dss() { # port of the ECS, port of the first server, copies, servers, then options of each server
  local ecs=$1 first=$2 copies=$3 servers=$4 i port
  shift 4
  note "starting DSS: an ECS and servers: $servers, copies of each shard: $copies"
  group_begins dss
  mkdir "$work/dss-data"
  "$home/bin/dss" ecs --port "$ecs" --peer-port $((ecs + 100)) --consensus-port $((ecs + 200)) --http-port 0 \
    --replicas "$copies" --data "$work/dss-data/ecs" ${ecs_options:-} </dev/null >"$work/ecs.out" 2>&1 &
  started dss $!
  for i in $(seq "$servers"); do
    port=$((first + i - 1))
    DSS_JAVA_OPTS=${server_java_opts:-${DSS_JAVA_OPTS:-}} "$home/bin/dss" server --port $port --peer-port $((port + 100)) \
      --ecs 127.0.0.1:"$ecs" --join --data "$work/dss-data/s$i" "$@" </dev/null >"$work/dss$i.out" 2>&1 &
    started dss $!
    echo 127.0.0.1:$port >>"$work/dss.at"
    echo $port >>"$work/dss.ports"
    if [ $((i % 5)) -eq 0 ]; then await 120 "server $i" says "dss$i" listening || return 1; fi
  done
  await $((40 + 6 * servers)) "the DSS cluster" dss_balanced "$ecs" "$servers"
}

redis_ok() { redis-cli -p "$1" cluster info | grep -q cluster_state:ok; }

start_redis() { # group, which is its appendfsync, and the first port
  local i port
  note "starting Redis: a cluster of 3 + 3, appendfsync $1"
  group_begins "$1"
  for i in 0 1 2 3 4 5; do
    port=$(($2 + i))
    mkdir -p "$work/$1-data/$i"
    (cd "$work/$1-data/$i" && exec redis-server --port $port --cluster-enabled yes --appendonly yes \
      --appendfsync "$1" --save '' --bind 127.0.0.1 --protected-mode no --cluster-port $((port + 100)) \
      --daemonize no ${redis_options:-}) </dev/null >"$work/$1$i.out" 2>&1 &
    started "$1" $!
    echo 127.0.0.1:$port >>"$work/$1.at"
    echo $port >>"$work/$1.ports"
  done
  for port in $(cat "$work/$1.ports"); do await 20 Redis redis-cli -p "$port" ping; done
  # shellcheck disable=SC2046
  redis-cli --cluster create $(cat "$work/$1.at") --cluster-replicas 1 --cluster-yes >"$work/create.out" 2>&1
  await 20 "the Redis cluster" redis_ok "$2"
}

start_etcd() { # the first port
  note "starting etcd: three members"
  group_begins etcd
  mkdir "$work/etcd-data"
  local members= client peer i
  for i in 0 1 2; do members="$members,m$i=http://127.0.0.1:$(($1 + 100 + i))"; done
  for i in 0 1 2; do
    client=http://127.0.0.1:$(($1 + i))
    peer=http://127.0.0.1:$(($1 + 100 + i))
    etcd --name m$i --data-dir "$work/etcd-data/$i" --listen-client-urls $client --advertise-client-urls $client \
      --listen-peer-urls $peer --initial-advertise-peer-urls $peer --initial-cluster "${members#,}" \
      --quota-backend-bytes 8589934592 </dev/null >"$work/etcd$i.out" 2>&1 &
    started etcd $!
    echo 127.0.0.1:$(($1 + i)) >>"$work/etcd.at"
  done
  await 30 etcd load etcd --keys 1 --requests 1
}

# ---- load

# Runs dss bench and prints its report. Where `counting` names events of perf, $work/perf.out gets how often they came in
# the group's servers meanwhile.
load() { # group, then options of dss bench
  local group=$1
  shift
  case $group in
    etcd) set -- --protocol etcd --server "$(listed etcd.at)" "$@" ;;
    *) set -- --server "$(head -n 1 "$work/$group.at")" "$@" ;;
  esac
  set -- "$home/bin/dss" bench --quiet --pids "$(listed "$group.pids")" "$@"
  if [ -n "${counting:-}" ]; then
    set -- perf stat -x, -o "$work/perf.out" -e "$counting" -p "$(listed "$group.pids")" -- "$@"
  fi
  "$@"
}

# The figures of a report of one kind, or of all kinds together where there are several:
# ops/s, p50, p99 (ms), CPU s per million of the servers and of the client, errors, operations with those of the warm-up
figures() {
  awk '
    /^Before, not measured:/ { before = $4 }
    NF == 10 && $1 != "operation" && $2 ~ /^[0-9]+$/ { count = $2; ops = $3; p50 = $5; p99 = $7; errors = $10 }
    /^client CPU/ { client = $3 }
    /^server CPU/ && $3 ~ /^[0-9.]+$/ { server = $3 }
    END { print ops + 0, p50 + 0, p99 + 0, server + 0, client + 0, errors + 0, before + count }'
}

# CPU time that these groups have used, in hundredths of a second, with that of children that have ended.
cpu_ticks() { # groups
  local group pid
  for group in "$@"; do
    for pid in $(pids_of "$group"); do cat "/proc/$pid/stat" 2>/dev/null || true; done
  done | awk '{ sub(/.*\) /, ""); sum += $12 + $13 + $14 + $15 } END { print sum + 0 }'
}

# Waits until no group has much left to do of what was before: half a second below a fifth of a core, twice, for so many
# seconds at most. A row is to pay for itself alone.
settle() { # seconds, groups
  local tries=$(($1 * 2)) calm=0 before after
  shift
  before=$(cpu_ticks "$@")
  while [ $tries -gt 0 ] && [ $calm -lt 2 ]; do
    sleep 0.5
    after=$(cpu_ticks "$@")
    if [ $((after - before)) -lt 10 ]; then calm=$((calm + 1)); else calm=0; fi
    before=$after
    tries=$((tries - 1))
  done
}

machine() {
  echo "machine: $(nproc) cores, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -n 1), $(awk '
    /^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)"
}

commit() { git -C "$home" describe --always --dirty --exclude '*' 2>/dev/null || echo unknown; }
