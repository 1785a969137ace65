# What p1.sh and p2.sh share beside bench/lib.sh; sourced by them, with $name set.
#
# Ports are fixed, and all below those that the system gives to outgoing connections (32768 and up), since a client
# that reconnects takes many of these: ECS 20000, servers 20001 and up, the ports for peers 100 above; of dss dev, whose ports
# for peers are 10000 above, 20001 to 20100 and 30000 to 30100.
# shellcheck shell=sh
. "$home/bench/lib.sh"
ecs=20000
first=20001
keys=10000
rounds=3
warmup=2
out=$home/target/experiments

# servers, copies: in one JVM.
start_dev() {
  group_begins dss
  DSS_JAVA_OPTS="${server_java_opts:-} -Xmx4g" "$home/bin/dss" dev --servers "$1" --replicas "$2" --port $first \
    --ecs-port $ecs --consensus-port $((ecs + 200)) --http-port 0 --data "$work/dss-data" --quiet \
    >"$work/dev.out" 2>&1 &
  started dss $!
  await 310 "rest" says dev 'DSS is ready'
}

bench() {
  "$home/bin/dss" bench --server 127.0.0.1:$first --keys $keys --quiet "$@"
}

# seconds: all keys are written, and the servers' code is compiled while they work for many; then they rest.
warm_up() {
  set -- --fill --mix get=1,set=1 --connections 50 --seconds "$1"
  bench "$@" >"$work/fill.out" || { sleep 3; bench "$@" >"$work/fill.out"; }
  # How connections are taken on is code, too.
  bench --mix get=1,set=1 --clients 10 --reconnect --seconds 3 >"$work/fill.out" || true
  sleep 2
}

# set or get, options of dss bench: ops/s, p50, p99, errors of one round.
once() {
  kind=$1; shift
  bench --mix "$kind=1" --warmup $warmup "$@" >"$work/bench.out" || return 1
  awk -v kind="$kind" '$1 == kind { print $3, $5, $7, $10 }' "$work/bench.out"
}

# clients, put or get, options of dss bench: ms for 1000 operations of each client, ops/s, p50, p99. Each round warms
# its own client up with the same load. The round with the median ops/s counts.
measure() {
  clients=$1; case $2 in put) kind=set ;; *) kind=get ;; esac; options=${3:-}
  for round in $(seq $rounds); do
    set -- $kind --clients "$clients" --requests $((clients * 1000)) $options
    # Once more where the machine was so busy that nobody answered for seconds.
    once "$@" || { sleep 3; once "$@"; } || true
  done | sort -n | awk -v clients="$clients" '{ row[NR] = $0; errors += $4 }
    END { split(row[int((NR + 1) / 2)], r, " "); if (errors || !r[1]) exit 1
      printf "%.1f,%s,%s,%s\n", clients * 1000000 / r[1], r[1], r[2], r[3] }'
}

# the first cells of the rows, clients: a row for puts and gets of clients that keep their connections and that do not.
rows() {
  for client in kept reconnects; do
    case $client in kept) option= ;; *) option=--reconnect ;; esac
    for operation in put get; do
      figures=$(measure "$2" $operation $option) || { note "a measurement failed"; return 1; }
      echo "$1,$client,$operation,$figures" >>"$csv"
      note "$1, $client, $operation: $figures"
    done
  done
}

# columns before 'client': the CSV as a table for people, a line for each content of them.
table() {
  awk -F, -v k="$1" 'NR == 1 { for (i = 1; i <= k; i++) head = head "| " $i " "; next }
    { key = ""; for (i = 1; i <= k; i++) key = key "| " $i " "
      if (!(key in seen)) { seen[key] = 1; order[++n] = key }
      cell[key, $(k + 1), $(k + 2)] = sprintf("%.0f | %.0f | %.2f / %.2f", $(k + 3), $(k + 4), $(k + 5), $(k + 6))
      short[key, $(k + 1), $(k + 2)] = sprintf("%.0f", $(k + 3)) }
    END {
      print head "| 1000 puts ms | puts/s | p50 / p99 ms | 1000 gets ms | gets/s | p50 / p99 ms | reconnecting: 1000 puts ms | gets ms |"
      for (i = 1; i <= k + 8; i++) line = line "|---"; print line "|"
      for (i = 1; i <= n; i++) { key = order[i]
        print key "| " cell[key, "kept", "put"] " | " cell[key, "kept", "get"] " | " \
          short[key, "reconnects", "put"] " | " short[key, "reconnects", "get"] " |" } }' "$csv"
}

# What stands above the table.
head_lines() {
  machine
  echo "commit: $(commit); load average before $load_before, after $(cut -d ' ' -f 1-3 /proc/loadavg)"
  echo
}

begin_experiment() {
  load_before=$(cut -d ' ' -f 1-3 /proc/loadavg)
  mkdir -p "$out"
  csv=$out/$name.csv
  # Builds where that is due, before anything is timed.
  "$home/bin/dss" --version >/dev/null
  begin "$name"
}
