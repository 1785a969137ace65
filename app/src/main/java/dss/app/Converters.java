package dss.app;

import dss.core.cluster.Address;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How options are written: sizes (512m, 1g), times (500ms, 60s, 5m), addresses (HOST:PORT). */
final class Converters {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmgt]?)b?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");

  private Converters() {}

  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is not a size like 512m or 1g");
      }
      int shift = 10 * "kmgt".indexOf(matcher.group(2).isEmpty() ? "?" : matcher.group(2)) + 10;
      long number = Long.parseLong(matcher.group(1));
      if (number > Long.MAX_VALUE >> shift) {
        throw new TypeConversionException("'" + text + "' is too large a size");
      }
      return number << shift;
    }
  }

  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is not a time like 500ms, 60s or 5m");
      }
      long n = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2) == null ? "s" : matcher.group(2);
      return switch (unit) {
        case "ms" -> Duration.ofMillis(n);
        case "m" -> Duration.ofMinutes(n);
        case "h" -> Duration.ofHours(n);
        default -> Duration.ofSeconds(n);
      };
    }
  }

  static final class At implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      try {
        return Address.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
