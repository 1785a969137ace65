package dss.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
  @Test
  void sizes() {
    var size = new Converters.Size();
    assertThat(size.convert("0")).isZero();
    assertThat(size.convert("512m")).isEqualTo(512L << 20);
    assertThat(size.convert("1G")).isEqualTo(1L << 30);
    assertThat(size.convert("64kb")).isEqualTo(64L << 10);
    assertThat(size.convert("8388607t")).isEqualTo(8_388_607L << 40);
  }

  @Test
  void whatIsNoSize_orTooLargeAOne_isRefused() {
    for (String text : new String[]{"", "-1", "1x", "1.5g", "8388608t", "99999999t"}) {
      assertThatThrownBy(() -> new Converters.Size().convert(text)).as(text)
          .isInstanceOf(TypeConversionException.class).hasMessageContaining(text);
    }
  }
}
