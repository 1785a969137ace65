#!/bin/sh
# The parts of the data path one at a time, by JMH: time and allocation of each operation.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)

case "${1:-}" in --help|-h)
  cat <<'END'
Usage: bench/jmh.sh [PATTERN] [options of JMH]

Parser and writer of RESP, command check and routing, evaluation, entries, frames between servers, log and store: for
each operation the time in nanoseconds and, from -prof gc, the bytes allocated (gc.alloc.rate.norm). Without options five
minutes; each benchmark runs alone, in one fork.

  bench/jmh.sh                      all
  bench/jmh.sh Resp                 those whose name has Resp in it
  bench/jmh.sh Store -p keys=100000 one choice of a parameter
  bench/jmh.sh -h-all               JMH's own help
END
  exit 0 ;;
esac
[ "${1:-}" = -h-all ] && set -- -h

java_home=
for candidate in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
  if [ -x "$candidate/bin/java" ] && grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null; then
    java_home=$candidate
    break
  fi
done
[ -n "$java_home" ] || { echo "jmh: needs a JDK 25: set JAVA25_HOME to it" >&2; exit 1; }

echo "jmh: building ..." >&2
(cd "$home" && mvn -q -B -pl jmh -am -DskipTests -DskipITs -Dspotless.check.skip package)
exec "$java_home/bin/java" -cp "$home/jmh/target/dss-jmh.jar:$home/jmh/target/lib/*" org.openjdk.jmh.Main -prof gc "$@"
