# The table of one number of copies. Reads what is wanted (row, peer, must, label), then what was measured (copies, round,
# row, group, ops/s, p50, p99, CPU s per million of servers and client, errors, fsyncs an operation).

function median(key, count,    i, j, one, sorted) {
  for (i = 1; i <= count; i++) {
    one = value[key, i]
    for (j = i - 1; j >= 1 && sorted[j] > one; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = one
  }
  least = sorted[1]
  most = sorted[count]
  return count == 0 ? 0 : count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
}

function of(row, group, field,    i, count) {
  delete value
  for (i = 1; i <= rounds; i++) {
    if ((i, row, group) in ops) value["x", ++count] = measured[i, row, group, field]
  }
  return median("x", count)
}

function ratio(row, peer, field,    i, count, under) {
  delete value
  for (i = 1; i <= rounds; i++) {
    under = measured[i, row, peer, field]
    if (under > 0 && (i, row, "dss") in ops) value["x", ++count] = measured[i, row, "dss", field] / under
  }
  return median("x", count)
}

function fsyncs(row, group,    i) {
  for (i = 1; i <= rounds; i++) if (measured[i, row, group, 7] == "-") return "-"
  return sprintf("%.2g", of(row, group, 7))
}

function errors(row, group,    i, sum) {
  for (i = 1; i <= rounds; i++) sum += measured[i, row, group, 6]
  return sum + 0
}

function cell(text) {
  cells[lines, ++columns] = text
  if (length(text) > width[columns]) width[columns] = length(text)
}

function line() {
  lines++
  columns = 0
}

function reached(limit, ok) { return limit == "-" ? "-" : limit (ok ? ", yes" : ", NO") }

FNR == NR {
  label = $4
  for (i = 5; i <= NF; i++) label = label " " $i
  wanted[++wants] = $1 " " $2 " " $3
  labels[wants] = label
  next
}

$1 == copies {
  ops[$2, $3, $4] = 1
  if ($2 > rounds) rounds = $2
  for (i = 5; i <= 11; i++) measured[$2, $3, $4, i - 4] = $i
}

END {
  line()
  split("load|beside|DSS ops/s|other ops/s|ratio (range)|must|DSS p50 / p99 ms|other p50 / p99 ms|ratio of p99|p99 <= 1.5|server CPU s per M|client CPU s per M|fsyncs an op|errors", titles, "|")
  for (i = 1; i in titles; i++) cell(titles[i])
  for (w = 1; w <= wants; w++) {
    split(wanted[w], want, " ")
    row = want[1]; peer = want[2]; must = want[3]
    if (of(row, "dss", 1) == 0 || of(row, peer, 1) == 0) continue
    line()
    cell(labels[w])
    cell(peer)
    dss = of(row, "dss", 1)
    cell(sprintf("%.0f", dss))
    cell(sprintf("%.0f", of(row, peer, 1)))
    faster = ratio(row, peer, 1)
    cell(rounds > 1 ? sprintf("%.2f (%.2f to %.2f)", faster, least, most) : sprintf("%.2f", faster))
    cell(reached(must, must ~ /s$/ ? dss >= must + 0 : faster >= must + 0))
    cell(sprintf("%.2f / %.2f", of(row, "dss", 2), of(row, "dss", 3)))
    cell(sprintf("%.2f / %.2f", of(row, peer, 2), of(row, peer, 3)))
    slower = ratio(row, peer, 3)
    cell(sprintf("%.2f", slower))
    cell(peer == "etcd" ? "-" : slower <= 1.5 ? "yes" : "NO")
    cell(sprintf("%.1f / %.1f", of(row, "dss", 4), of(row, peer, 4)))
    cell(sprintf("%.1f / %.1f", of(row, "dss", 5), of(row, peer, 5)))
    cell(fsyncs(row, "dss") " / " fsyncs(row, peer))
    cell(errors(row, "dss") " / " errors(row, peer))
  }
  for (l = 1; l <= lines; l++) {
    for (c = 1; c <= columns; c++) printf plain ? "%s%s " : "%s%-" width[c] "s ", "| ", cells[l, c]
    print "|"
    if (l == 1) {
      for (c = 1; c <= columns; c++) {
        dashes = "---"
        while (!plain && length(dashes) < width[c] + 2) dashes = dashes "-"
        printf "|%s", dashes
      }
      print "|"
    }
  }
}
