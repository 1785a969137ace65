#!/bin/sh
set -eu

usage() {
  cat <<'END'
DSS (three servers, an fsync on every copy in sync before each acknowledgement) beside Debian's redis-server (a cluster of
3 + 3, replicas asynchronous, once with appendfsync everysec and once with always) and Debian's etcd-server (three
members), on this machine, under the same load of the same client (dss bench), in turn: A B C D, A B C D.

  bench/compare.sh [--rows NAME,...] [--copies 3,2] [--against everysec,always,etcd] [--rounds 2] [--seconds 4]
                   [--keys 1000000] [--memory 1g] [--quick] [--markdown]

  --rows      of all, or some of: set50 get50 set16 get16 set150 set400 set1 incr50 mset50 mix50 set1k set10k
              (set50: SET by 50 connections; set16: by 50, each with 16 in its pipeline; set1: by one connection alone)
  --copies    of each shard of DSS; one number after the other (3,2)
  --against   beside whom; etcd takes the rows without pipeline that are SETs and GETs (everysec,always,etcd)
  --rounds    each row so often; figures are medians (2)
  --seconds   of each load, after one second of the same that is not measured (4)
  --keys      that there are, all of them written before; rows of large values and of MSET have fewer (1000000)
  --memory    of each DSS server (1g)
  --quick     20000 keys, one round of one second, no rest: to see that all works; its figures say nothing
  --markdown  the tables without padding, for docs/benchmarks.md

The tables are printed at the end, on stdout; progress is on stderr. "must" is what DSS has to reach: a ratio of ops/s, or
ops/s, and for each p99 at most 1.5 times the other's. CPU seconds a million are those of all servers, and of the client
beside each; fsyncs of DSS are those of its logs as its servers count them, those of others are counted by perf where it
may (package linux-perf, as root), else there is a "-".

Example:  bench/compare.sh --rows set50,get50 --copies 3 --against everysec --rounds 3
          bench/compare.sh --keys 20000000 --copies 3 --against everysec --rows set50,get50,set16,get16
END
}

. "$(dirname "$0")/lib.sh"

all_rows="set50 get50 set16 get16 set150 set400 set1 incr50 mset50 mix50 set1k set10k"
rows=all
copies_list=3,2
peers=everysec,always,etcd
rounds=2
seconds=4
warmup=1
rest=15
keys=1000000
memory=1g
markdown=0

wrong() { echo "compare: $1; see bench/compare.sh --help" >&2; exit 2; }
number() { # option, value, most
  case $2 in '' | *[!0-9]* | 0*) wrong "$1 is a number from 1 to $3, not '$2'" ;; esac
  [ ${#2} -le 9 ] && [ "$2" -le "$3" ] || wrong "$1 is a number from 1 to $3, not '$2'"
}
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --quick) keys=20000; rounds=1; seconds=1; rest=0; shift; continue ;;
    --markdown) markdown=1; shift; continue ;;
    --rows | --copies | --against | --rounds | --seconds | --keys | --memory) [ $# -ge 2 ] || wrong "$1 wants a value" ;;
    *) wrong "there is no '$1'" ;;
  esac
  case $1 in
    --rows) rows=$2 ;;
    --copies) copies_list=$2 ;;
    --against) peers=$2 ;;
    --rounds) number "$1" "$2" 99; rounds=$2 ;;
    --seconds) number "$1" "$2" 3600; seconds=$2 ;;
    --keys) number "$1" "$2" 500000000; keys=$2 ;;
    --memory) memory=$2 ;;
  esac
  shift 2
done
[ "$rows" != all ] || rows=$all_rows
rows=$(echo "$rows" | tr ',' ' ')
peers=$(echo "$peers" | tr ',' ' ')
copies_list=$(echo "$copies_list" | tr ',' ' ')
[ -n "$rows" ] && [ -n "$peers" ] && [ -n "$copies_list" ] || wrong "--rows, --against and --copies name something"
for row in $rows; do
  case " $all_rows " in *" $row "*) ;; *) wrong "there is no row '$row'" ;; esac
done
for copies in $copies_list; do case $copies in 2 | 3) ;; *) wrong "--copies is 2 or 3, not '$copies'" ;; esac; done
for peer in $peers; do
  case $peer in everysec | always | etcd) ;; *) wrong "--against has everysec, always and etcd, not '$peer'" ;; esac
done

# ---- rows

fewer() { if [ "$keys" -lt "$1" ]; then echo "$keys"; else echo "$1"; fi; }

keys_of() { # row
  case $1 in
    set1 | mset50 | set1k) fewer 100000 ;;
    set10k) fewer 20000 ;;
    *) echo "$keys" ;;
  esac
}

options_of() { # row: options of dss bench
  case $1 in
    set50) echo "--mix set=1" ;;
    get50) echo "--mix get=1" ;;
    set16) echo "--mix set=1 --pipeline 16" ;;
    get16) echo "--mix get=1 --pipeline 16" ;;
    set150) echo "--mix set=1 --connections 150" ;;
    set400) echo "--mix set=1 --connections 400" ;;
    # The keys of one server: dss bench has a connection to each, of which the others stay silent.
    set1) echo "--mix set=1 --connections 1 --prefix {one}" ;;
    incr50) echo "--mix incr=1" ;;
    mset50) echo "--mix mset=1" ;;
    mix50) echo "--mix get=1,set=1" ;;
    set1k) echo "--mix set=1 --size 1000 --prefix 1k:" ;;
    set10k) echo "--mix set=1 --size 10000 --prefix 10k:" ;;
  esac
}

label_of() { # row
  case $1 in
    set50) echo "SET" ;;
    get50) echo "GET" ;;
    set16) echo "SET, pipeline 16" ;;
    get16) echo "GET, pipeline 16" ;;
    set150) echo "SET, 150 connections" ;;
    set400) echo "SET, 400 connections" ;;
    set1) echo "SET, one connection" ;;
    incr50) echo "INCR" ;;
    mset50) echo "MSET of 10 keys" ;;
    mix50) echo "half GET, half SET" ;;
    set1k) echo "SET, 1 KB" ;;
    set10k) echo "SET, 10 KB" ;;
  esac
}

must() { # row, copies, peer: the least ratio, or 3000/s, or "-"
  case "$1 $2 $3" in
    "set50 3 always") echo 1.3 ;;
    "set50 2 always") echo 1.4 ;;
    "set50 3 everysec") echo 0.65 ;;
    "set50 2 everysec") echo 0.7 ;;
    "set50 "?" etcd") echo 6 ;;
    "set150 3 everysec") echo 0.8 ;;
    "set150 2 everysec") echo 0.9 ;;
    "set400 2 everysec") echo 1.0 ;;
    "set16 3 always") echo 1.05 ;;
    "set16 2 always") echo 1.3 ;;
    "set16 3 everysec") echo 0.85 ;;
    "set16 2 everysec") echo 1.05 ;;
    "get50 "?" everysec") echo 0.9 ;;
    "get16 "?" everysec") echo 1.0 ;;
    "set1 "*) echo 3000/s ;;
    *) echo - ;;
  esac
}

takes() { # peer, row
  case "$1 $2" in "etcd "*16 | "etcd incr"* | "etcd mset"*) return 1 ;; esac
}

# ---- what it takes: rough figures, rather too high, so that nobody finds out after an hour

megabytes() { echo "$1" | awk '{ n = $0 + 0; print $0 ~ /[gG]/ ? n * 1024 : $0 ~ /[kK]/ ? n / 1024 : $0 ~ /[mM]/ ? n : n / 1048576 }'; }

# A key of 100 B takes 220 B of a Redis server, and what changes while a child writes the file anew exists twice; the rows
# of large values add two copies of 100,000 and of 20,000 keys. etcd has its index in memory and its file mapped.
space() { # group: MB of memory, MB of disk
  awk -v group="$1" -v keys="$keys" -v memory="$(megabytes "$memory")" -v large="$(($(fewer 100000) * 1000 + $(fewer 20000) * 10000))" 'BEGIN {
    mb = 1048576
    if (group == "dss") print int(3 * memory * 1.3 + 400), int((keys * 150 + large) * 3 * 3 / mb + 3 * 3072)
    else if (group == "etcd") print int(3 * (keys * 500 / mb + 200)), int(3 * (keys * 600 / mb + 4096))
    else print int(2 * (keys * 220 + large) * 1.4 / mb + 300), int(2 * (keys * 200 + large) * 2.5 / mb + 4096)
  }'
}

check_space() {
  local memory_needed=0 disk_needed=0 words= group one two memory_free disk_free
  for group in dss $peers; do
    read -r one two <<END
$(space "$group")
END
    memory_needed=$((memory_needed + one)); disk_needed=$((disk_needed + two))
    words="$words $group $one/$two"
  done
  memory_free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
  disk_free=$(df -Pm "$work" | awk 'END { print $4 }')
  note "memory/disk in MB that may be needed:$words; there are $memory_free/$disk_free"
  [ "$memory_needed" -le "$memory_free" ] ||
    fail "$memory_needed MB of memory may be needed, $memory_free are free: name fewer with --against, or fewer --keys"
  [ "$disk_needed" -le "$disk_free" ] ||
    fail "$disk_needed MB of disk may be needed, $disk_free are free in $work: set TMPDIR, or take fewer --keys"
}

# ---- fsyncs

dss_fsyncs() {
  local port
  for port in $(cat "$work/dss.ports"); do redis-cli -p "$port" info persistence; done |
    awk -F: '/^log_fsyncs/ { sum += $2 } END { print sum + 0 }'
}

# The file system's own event costs nothing elsewhere; that of a system call slows all system calls down a little.
find_event() {
  local try
  event=
  case $(stat -f -c %T "$work") in
    ext2/ext3) try=ext4:ext4_sync_file_enter ;;
    xfs) try=xfs:xfs_file_fsync ;;
    btrfs) try=btrfs:btrfs_sync_file ;;
    *) try=syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync ;;
  esac
  if perf stat -e $try -- true >/dev/null 2>&1; then
    event=$try
  else
    note "perf may not count fsyncs here: those of others than DSS are left out"
  fi
}

counted() { # group, then options of dss bench: the figures, and fsyncs an operation at the end
  local of=$1 before=0 fsyncs=- figures
  [ "$of" != dss ] || before=$(dss_fsyncs)
  counting=
  [ "$of" = dss ] || counting=$event
  load "$@" >"$work/bench.out" || { counting=; return 1; }
  counting=
  figures=$(figures <"$work/bench.out")
  if [ "$of" = dss ]; then
    fsyncs=$(($(dss_fsyncs) - before))
  elif [ -n "$event" ]; then
    fsyncs=$(awk -F, '$1 ~ /^[0-9]+$/ { sum += $1 } END { print sum + 0 }' "$work/perf.out")
  fi
  echo "$figures $fsyncs" | awk '{ print $1, $2, $3, $4, $5, $6, $8 == "-" || $7 == 0 ? "-" : $8 / $7 }'
}

# ---- running

fill() { # group, then options of dss bench that are not usual; says every 20 s how far it is
  local of=$1 began filling said took
  shift
  began=$(date +%s)
  load "$of" --keys "$keys" --fill --mix set=1 --requests 1 "$@" >"$work/fill.out" &
  filling=$!
  echo $filling >"$work/filling.pids"
  said=0
  while kill -0 $filling 2>/dev/null; do
    sleep 1
    took=$(($(date +%s) - began))
    if [ $((took / 20)) -gt $said ]; then
      said=$((took / 20))
      note "filling $of: $took s, $(written "$of")"
    fi
  done
  wait $filling || fail "$of could not be filled"
  rm "$work/filling.pids"
  note "filled $of in $(($(date +%s) - began)) s"
}

written() { # group
  local port
  if [ "$1" = etcd ]; then echo "$(du -sm "$work/etcd-data/0" | cut -f 1) MB"; return; fi
  for port in $(head -n 3 "$work/$1.ports"); do redis-cli -p "$port" dbsize; done |
    awk -v keys="$keys" '{ sum += $1 } END { print sum " of " keys " keys" }'
}

warm_up() { # group: a server's code is compiled while it runs
  if [ "$1" = etcd ]; then
    fill etcd --connections 400
    load etcd --keys "$keys" --mix get=1,set=1 --seconds "$seconds" >"$work/fill.out"
  else
    fill "$1" --pipeline 16
    load "$1" --keys "$keys" --mix get=1,set=1 --pipeline 16 --seconds $((seconds * 4)) >"$work/fill.out"
    load "$1" --keys "$keys" --mix get=1,set=1 --seconds $((seconds * 4)) >"$work/fill.out"
    # Reads of what lies in the store take other ways than those of what was written just now.
    settle $rest "$1"
    load "$1" --keys "$keys" --mix get=1 --pipeline 16 --seconds $((seconds * 2)) >"$work/fill.out"
  fi
}

begin compare
needs redis-cli redis-tools
case " $peers " in *everysec* | *always*) needs redis-server redis-server ;; esac
case " $peers " in *etcd*) needs etcd etcd-server ;; esac
"$home/bin/dss" --version >/dev/null
check_space
find_event
began=$(date +%s)
load_before=$(cut -d ' ' -f 1-3 /proc/loadavg)

# All ports are below those that the system gives to outgoing connections.
for peer in $peers; do
  case $peer in
    everysec) start_redis everysec 27001 ;;
    always) start_redis always 28001 ;;
    etcd) start_etcd 29001 ;;
  esac
  warm_up "$peer"
done

left_over() { # done, of all: about how long is left
  local spent
  spent=$(($(date +%s) - measuring))
  [ "$1" -eq 0 ] || echo ", about $(((spent * ($2 - $1) / $1 + 30) / 60)) min left"
}

measure_row() { # copies, round, row
  local group one
  for group in dss $peers; do
    if takes "$group" "$3"; then
      # shellcheck disable=SC2046,SC2086
      set -- "$1" "$2" "$3" $group --keys "$(keys_of "$3")" --warmup $warmup --seconds "$seconds" $(options_of "$3")
      if one=$(shift 3; counted "$@") || { sleep 5; one=$(shift 3; counted "$@"); }; then
        echo "$1 $2 $3 $group $one" >>"$work/rows"
      else
        # One of a hundred: what was measured is worth more than to end here.
        note "$3 of $group failed twice and is left out"
        echo "$3 of $group in round $2, $1 copies" >>"$work/left_out"
      fi
      settle $rest dss $peers
    fi
  done
}

measure() { # copies
  local measuring round row
  measuring=$(date +%s)
  # shellcheck disable=SC2086
  set -- "$1" 0 $((rounds * $(echo $rows | wc -w)))
  for round in $(seq "$rounds"); do
    for row in $rows; do
      note "$1 copies, round $round of $rounds: $row$(left_over "$2" "$3")"
      measure_row "$1" "$round" "$row"
      set -- "$1" $(($2 + 1)) "$3"
    done
  done
}

idle_costs() { # what each costs while nobody asks for anything
  local words= group before
  settle $((rest * 4)) dss $peers
  for group in dss $peers; do
    before=$(cpu_ticks "$group")
    sleep $((rest / 3 + 1))
    words="$words $group $(($(cpu_ticks "$group") - before))"
  done
  echo "$words" | awk -v seconds=$((rest / 3 + 1)) '{
    for (i = 1; i < NF; i += 2) printf "%s%s %.1f %%", i == 1 ? "" : ", ", $i, $(i + 1) / seconds
  }'
}

: >"$work/rows"
: >"$work/left_out"
idle=
for copies in $copies_list; do
  start_dss 26000 26001 "$copies" 3 --memory "$memory"
  warm_up dss
  one=$(idle_costs)
  idle="$idle$copies copies: $one; "
  note "idle, in % of a core: $one"
  measure "$copies"
  stop_group dss
done

# ---- what came out

machine
echo "commit: $(commit); client: dss bench; ${peers:+beside }$(for peer in $peers; do
  case $peer in
    etcd) etcd --version | awk 'NR == 1 { printf "etcd %s ", $3 }' ;;
    *) redis-server --version | sed 's/.*v=\([^ ]*\).*/Redis \1/' | tr '\n' ' '; printf '%s ' "$peer" ;;
  esac
done)"
echo "load: 50 connections and 100 B values where nothing else is said, $keys keys (1 KB and MSET $(fewer 100000), 10 KB $(fewer 20000)); $rounds rounds of $seconds s"
echo "idle, in % of a core: ${idle%; }"
echo "load average before $load_before, after $(cut -d ' ' -f 1-3 /proc/loadavg); took $(($(date +%s) - began)) s"
[ ! -s "$work/left_out" ] || echo "failed twice and left out: $(paste -sd ';' "$work/left_out")"
for copies in $copies_list; do
  echo
  echo "DSS with $copies copies:"
  echo
  for row in $rows; do
    for peer in $peers; do
      if takes "$peer" "$row"; then echo "$row $peer $(must "$row" "$copies" "$peer") $(label_of "$row")"; fi
    done
  done >"$work/wanted"
  awk -v copies="$copies" -v plain="$markdown" -f "$home/bench/compare.awk" "$work/wanted" "$work/rows"
done
