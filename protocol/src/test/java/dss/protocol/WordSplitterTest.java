package dss.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordSplitterTest {
  @Test
  void words_areSplitByAnyWhiteSpace() throws WordSplitter.UnbalancedQuotes {
    assertThat(WordSplitter.split("  set\tk \r v\n")).containsExactly(utf8("set"), utf8("k"), utf8("v"));
    assertThat(WordSplitter.split("   ")).isEmpty();
    assertThat(WordSplitter.split("")).isEmpty();
  }

  @Test
  void doubleQuotes_knowEscapes() throws WordSplitter.UnbalancedQuotes {
    assertThat(WordSplitter.split("\"a b\" \"\\n\\r\\t\\b\\a\\\\\\\"\\q\" \"\\x00\\xfF\\xzz\" \"\""))
        .containsExactly(utf8("a b"), utf8("\n\r\t\b\u0007\\\"q"),
            Bytes.wrap(new byte[]{0, (byte) 0xff, 'x', 'z', 'z'}), Bytes.EMPTY);
  }

  @Test
  void singleQuotes_knowOnlyTheirOwnEscape() throws WordSplitter.UnbalancedQuotes {
    assertThat(WordSplitter.split("'a \\n' 'it\\'s' ''")).containsExactly(utf8("a \\n"), utf8("it's"),
        Bytes.EMPTY);
  }

  @Test
  void quoteInsideAWord_opensToo() throws WordSplitter.UnbalancedQuotes {
    assertThat(WordSplitter.split("a\"b c\" d'e f'")).containsExactly(utf8("ab c"), utf8("de f"));
  }

  @Test
  void otherBytes_stayAsTheyAre() throws WordSplitter.UnbalancedQuotes {
    assertThat(WordSplitter.split("schlüssel \"wört\\x20er\"")).containsExactly(utf8("schlüssel"),
        utf8("wört er"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a", "'a", "\"a\"b", "'a'b", "\"a\\\"", "a \""})
  void unbalancedQuotes_areRefused(String line) {
    assertThatThrownBy(() -> WordSplitter.split(line)).isInstanceOf(WordSplitter.UnbalancedQuotes.class);
  }

  @Test
  void rest_isWhatIsLeftAsItStands() throws WordSplitter.UnbalancedQuotes {
    var splitter = new WordSplitter("put k  it's \"all\" mine  ");
    assertThat(splitter.next()).isEqualTo(utf8("put"));
    assertThat(splitter.next()).isEqualTo(utf8("k"));
    assertThat(splitter.nextIsQuoted()).isFalse();
    assertThat(splitter.rest()).isEqualTo(utf8("it's \"all\" mine"));
    assertThat(splitter.next()).isNull();
  }

  @Test
  void nextIsQuoted_seesTheQuote() throws WordSplitter.UnbalancedQuotes {
    var splitter = new WordSplitter("put 'k' v");
    splitter.next();
    assertThat(splitter.nextIsQuoted()).isTrue();
    assertThat(splitter.next()).isEqualTo(utf8("k"));
    assertThat(splitter.nextIsQuoted()).isFalse();
  }

  private static Bytes utf8(String text) {
    return Bytes.utf8(text);
  }
}
