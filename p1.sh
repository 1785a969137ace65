#!/bin/sh
# Experiment 1: one client, 1000 puts and 1000 gets, against more and more servers.
set -eu
home=$(cd "$(dirname "$0")" && pwd)
name=p1
. "$home/bench/experiment.sh"

usage() {
  cat <<'END'
Usage: ./p1.sh [--quick] [--sizes "1 5 20 50 100"] [--out DIR]

One client does 1000 puts and 1000 gets, one after the other, against 1, 5, 20, 50 and 100 servers: with one copy of
each key, and with three (with one server there is only one). Servers are processes of their own; the hundred
are in one JVM (dss dev), which need less memory and less time to start.

Each cluster comes to rest, then its servers are warmed up by 50 connections, then each measurement is made three times
and the median counts, each after 2 s of the same load by the same client. All servers run with small heaps and
with the quick compiler only (C1): so 50 young JVMs are warm after seconds. It is the same for all sizes.

Prints a table; writes p1.csv, p1.png and p1.svg to DIR (target/experiments).
  --quick        1 and 5 servers, one measurement each: about a minute and a half
  --sizes LIST   other numbers of servers
  --out DIR      where the files go
Needs about 10 GB of memory for 50 servers, and half an hour on two cores.
END
}

sizes="1 5 20 50 100"
while [ $# -gt 0 ]; do
  case $1 in
    --quick) sizes="1 5"; rounds=1; warmup=1 ;;
    --sizes) sizes=${2:?"--sizes wants a list"}; shift ;;
    --out) out=${2:?"--out wants a folder"}; shift ;;
    --help|-h) usage; exit 0 ;;
    *) echo "p1: unknown option $1; see ./p1.sh --help" >&2; exit 2 ;;
  esac
  shift
done

server_java_opts="-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=64m"
in_one_jvm=50

start() { # servers, copies
  if [ "$1" -gt $in_one_jvm ]; then start_dev "$1" "$2"; else start_dss $ecs $first "$2" "$1" --memory 128m --log-retain 64m; fi
}

begin_experiment
echo "servers,copies,client,operation,ms per 1000,ops/s,p50 ms,p99 ms" >"$csv"
for copies in 1 3; do
  for servers in $sizes; do
    note "$servers servers, copies: $copies"
    begun=$(date +%s)
    if start "$servers" $copies; then
      note "at rest after $(($(date +%s) - begun)) s; warming up"
      warm_up $((4 + servers / 5))
      rows "$servers,$copies" 1 || note "$servers servers: not all could be measured"
    else
      note "$servers servers did not come to rest: left out"
    fi
    stop_group dss
  done
done

head_lines
table 2
"$home/bin/dss" plot "$csv" --x servers --y "ms per 1000" --by copies,client,operation \
  --title "One client, 1000 operations (copies, client's connections, operation)" \
  --y-title "ms for 1000 operations" --out "$out/p1.png,$out/p1.svg"
note "wrote $csv, $out/p1.png and $out/p1.svg"
