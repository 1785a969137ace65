package dss.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows of figures under a header, as in a CSV file without quotes. Immutable.
 *
 * @param columns their names
 * @param rows each with a cell for each column
 */
public record Table(List<String> columns, List<List<String>> rows) {

  /** One line of a chart. */
  public record Series(List<Double> x, List<Double> y) {}

  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row has " + row.size() + " cells and not " + columns.size() + ": "
                + String.join(",", row));
      }
    }
  }

  /** Reads lines of CSV, empty ones left out; an IllegalArgumentException says what is wrong with them. */
  public static Table parse(List<String> lines) {
    List<List<String>> all = lines.stream().filter(line -> !line.isBlank()).map(Table::cells).toList();
    if (all.size() < 2) {
      throw new IllegalArgumentException("a table has a header and at least one row");
    }
    return new Table(all.get(0), all.subList(1, all.size()));
  }

  private static List<String> cells(String line) {
    var cells = new ArrayList<String>();
    for (String cell : line.split(",", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /** A series for each different content of the columns {@code by}, in the order of their first rows, named by it. */
  public Map<String, Series> series(String x, String y, List<String> by) {
    int xAt = column(x);
    int yAt = column(y);
    List<Integer> byAt = by.stream().map(this::column).toList();
    var all = new LinkedHashMap<String, Series>();
    for (List<String> row : rows) {
      String name = byAt.isEmpty() ? y : byAt.stream().map(row::get).collect(Collectors.joining(", "));
      Series one = all.computeIfAbsent(name, fresh -> new Series(new ArrayList<>(), new ArrayList<>()));
      one.x.add(number(row.get(xAt)));
      one.y.add(number(row.get(yAt)));
    }
    return all;
  }

  private int column(String name) {
    int at = columns.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException("no column '" + name + "': there are " + String.join(", ", columns));
    }
    return at;
  }

  private static double number(String cell) {
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + cell + "' is not a number", e);
    }
  }
}
