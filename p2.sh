#!/bin/sh
# Experiment 2: more and more clients at once, 1000 puts and 1000 gets each, against one server.
set -eu
home=$(cd "$(dirname "$0")" && pwd)
name=p2
. "$home/bench/experiment.sh"

usage() {
  cat <<'END'
Usage: ./p2.sh [--quick] [--sizes "1 5 20 50 100"] [--out DIR]

1, 5, 20, 50 and 100 clients at once do 1000 puts and then 1000 gets each, against one server (a process of its own).
"ms for 1000" is the time until all have finished, and so what 1000 operations take one client among them.

The server is warmed up by 50 connections, then each measurement is made three times and the median counts, each after
2 s of the same load by the same clients.

Prints a table; writes p2.csv, p2.png and p2.svg, and p2-throughput.png and .svg, to DIR (target/experiments).
  --quick        1, 5 and 20 clients, one measurement each: about a minute
  --sizes LIST   other numbers of clients
  --out DIR      where the files go
Takes about five minutes.
END
}

sizes="1 5 20 50 100"
seconds=10
while [ $# -gt 0 ]; do
  case $1 in
    --quick) sizes="1 5 20"; rounds=1; warmup=1; seconds=4 ;;
    --sizes) sizes=${2:?"--sizes wants a list"}; shift ;;
    --out) out=${2:?"--out wants a folder"}; shift ;;
    --help|-h) usage; exit 0 ;;
    *) echo "p2: unknown option $1; see ./p2.sh --help" >&2; exit 2 ;;
  esac
  shift
done

begin_experiment
echo "clients,client,operation,ms per 1000,ops/s,p50 ms,p99 ms" >"$csv"
start_dss $ecs $first 1 1 --log-retain 64m
warm_up $seconds
for clients in $sizes; do rows "$clients" "$clients"; done

head_lines
table 1
"$home/bin/dss" plot "$csv" --x clients --y "ms per 1000" --by client,operation \
  --title "1000 operations of each client (client's connections, operation)" \
  --y-title "ms for 1000 operations of each" --out "$out/p2.png,$out/p2.svg"
"$home/bin/dss" plot "$csv" --x clients --y ops/s --by client,operation \
  --title "Operations a second of all clients (client's connections, operation)" \
  --out "$out/p2-throughput.png,$out/p2-throughput.svg"
note "wrote $csv and the plots to $out"
