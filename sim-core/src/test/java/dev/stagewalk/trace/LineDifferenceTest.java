package dev.stagewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** What is said of two lines that should be equal. */
final class LineDifferenceTest {
  @Test
  void valuesThatDifferAreNamedByTheirPlace() {
    assertThat(
            LineDifference.words(
                """
                {"kind":"walk","pc":"0x1","old":true,"t":{"lookups":[{"level":0},{"level":1}]}}\
                """,
                """
                {"kind":"walk","pc":"0x2","new":3,"t":{"lookups":[{"level":0},{"level":2}]}}\
                """))
        .isEqualTo(
            "pc was recorded as 0x1, and is 0x2; old was recorded as true, and is absent;"
                + " t/lookups/1/level was recorded as 1, and is 2; new was not recorded, and is 3");
  }

  @Test
  void ofAnotherKindNothingElseIsCompared() {
    assertThat(
            LineDifference.words(
                "{\"seq\":1,\"kind\":\"walk\",\"pc\":\"0x1\"}",
                "{\"seq\":1,\"kind\":\"uart\",\"value\":3}"))
        .isEqualTo("kind was recorded as walk, and is uart");
  }

  @Test
  void manyAreCounted() {
    assertThat(
            LineDifference.words(
                "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1}",
                "{\"a\":2,\"b\":2,\"c\":2,\"d\":2,\"e\":2,\"f\":2}"))
        .contains("d was recorded as 1, and is 2")
        .endsWith("; and 2 values more");
  }

  @Test
  void theOrderOfKeysAloneIsSaidToBeThat() {
    assertThat(LineDifference.words("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"))
        .isEqualTo("only the form of the line differs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LineDifference.words("{\"a\":", "{\"a\":1}"))
        .withMessageContaining("no JSON");
  }
}
