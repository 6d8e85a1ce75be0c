package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableLoaderTest {
  @Test
  void rowsThatCoverEveryBitAreLoaded() {
    Register register =
        load("""
        register SAMPLE_EL2 S3_4_C2_C1_2 RW FEAT_X : a sample
          63:8  RES0
          7:4   SIZE  number FEAT_Y : its size
          3:1   RES1
          0     ON    enum : whether it is on
                0 = off | 1 = on
        """)
            .registers()
            .require("sample_el2");

    assertThat(register.feature()).contains("FEAT_X");
    assertThat(register.field("SIZE").feature()).contains("FEAT_Y");
    assertThat(register.decode(0x2d))
        .extracting(FieldValue::name, FieldValue::text, FieldValue::status)
        .containsExactly(
            tuple("RES0", "0", FieldValue.Status.OK),
            tuple("SIZE", "2", FieldValue.Status.OK),
            tuple("RES1", "0x6", FieldValue.Status.RES1_CLEAR),
            tuple("ON", "on", FieldValue.Status.OK));
  }

  @Test
  void aGapBetweenFieldsIsRefused() {
    refused(
        """
        register SAMPLE_EL2 S3_4_C2_C1_2 RW : a sample
          63:8  RES0
          6:0   SIZE  number : its size
        """,
        "sample.txt:3: bits [7] are missing");
  }

  @Test
  void aGapAtTheBottomIsRefused() {
    refused(
        """
        register SAMPLE_EL2 S3_4_C2_C1_2 RW : a sample
          63:8  RES0
        """,
        "sample.txt:1: bits [7:0] are not given to a field");
  }

  @Test
  void overlappingFieldsAreRefused() {
    refused(
        """
        register SAMPLE_EL2 S3_4_C2_C1_2 RW : a sample
          63:8  RES0

          # a comment and an empty line count as lines
          8:0   SIZE  number : its size
        """,
        "sample.txt:5: bits [8:0] overlap: bit 8 is the last given");
  }

  @Test
  void aFieldBeyondTheWidthIsRefused() {
    refused("form F 25 : f\n  25:0 X number : x\n", "sample.txt:2: bits [25:0] overlap");
  }

  @Test
  void aValueWithoutWordsIsRefused() {
    refused(
        """
        register SAMPLE_EL2 S3_4_C2_C1_2 RW : a sample
          63:2  RES0
          1:0   MODE  enum : its mode
                0b00 = slow | 0b01 = fast | 0b11 = fastest
        """,
        "sample.txt:3: 3 of 4 values have words and there is no 'rest'");
  }

  @Test
  void aValueWithWordsTwiceIsRefused() {
    refused(
        "form F 1 : f\n  0 X enum : x\n  0 = a | 1 = b | 1 = c\n",
        "sample.txt:2: value 0x1 is given words twice");
  }

  @Test
  void aValueTooLargeForItsFieldIsRefused() {
    refused(
        "form F 1 : f\n  0 X enum : x\n  0 = a | 2 = b\n",
        "sample.txt:2: 0x2 does not fit a field of 1 bits");
  }

  @Test
  void aRestThatIsNeverReachedIsRefused() {
    refused(
        "form F 1 : f\n  0 X enum : x\n  0 = a | 1 = b | rest = c\n", "'rest' is never reached");
  }

  @Test
  void layoutsThatLeaveACaseOutAreRefused() {
    refused(
        """
        form F 2 : f
          layout A when 1 = 0 and E2H = 0 : a
          1:0 X number : x
          layout B when 1 = 1 : b
          1:0 X number : x
        """,
        "sample.txt:1: no condition holds for value 0x0 with {E2H=1}");
  }

  @Test
  void layoutsThatBothApplyAreRefused() {
    refused(
        """
        form F 2 : f
          layout A when 1 = 0 : a
          1:0 X number : x
          layout B when LEVEL = 3 : b
          1:0 X number : x
          layout C otherwise : c
          1:0 X number : x
        """,
        "sample.txt:1: more than one condition holds for value 0x0 with {LEVEL=3}");
  }

  @Test
  void aLayoutInTheMiddleCoversEveryBitToo() {
    refused(
        """
        form F 2 : f
          layout A when 1 = 0 : a
          1:0 X number : x
          layout B when 1 = 1 : b
          1 Y number : y
        """,
        "sample.txt:4: bits [0] are not given to a field");
  }

  @Test
  void aFragmentStandsWhereItsBitsBelong() {
    refused(
        """
        fragment LOW 1:0 : low bits
          1:0 X number : x
        form F 4 : f
          3 Y number : y
          include LOW
        """,
        "sample.txt:5: bits [2] are missing");
  }

  @Test
  void theSameNameTwiceInOneLayoutIsRefused() {
    refused(
        "form F 2 : f\n  1 X number : x\n  0 X number : x\n", "sample.txt:3: field X stands twice");
  }

  @Test
  void namesAreDefinedAboveTheirUse() {
    refused(
        "form F 1 : f\n  0 X enum LATER : x\n", "sample.txt:2: no values LATER are defined above");
    refused("form F 1 : f\n  include LATER\n", "sample.txt:2: no fragment LATER is defined above");
    refused("alias A S3_5_C1_C0_0 of B\n", "sample.txt:1: no register B is defined above");
  }

  @Test
  void anEncodingUsedTwiceIsRefused() {
    refused(
        """
        register A_EL2 S3_4_C2_C1_2 RW whole : a
        register B_EL2 S3_4_C2_C1_2 RW whole : b
        """,
        "sample.txt:2: S3_4_C2_C1_2 is A_EL2 already");
  }

  @Test
  void wordsThatAreNoRowAreRefused() {
    refused("regster A_EL2 S3_4_C2_C1_2 RW whole : a\n", "sample.txt:1: 'regster' is none of");
    refused("  63:0 X number : x\n", "sample.txt:1: an indented line has no statement above it");
    refused("form F 1 : f\n  0 X nubmer : x\n", "sample.txt:2: 'nubmer' is none of");
    refused("form F 1 : f\n  0 X number\n", "sample.txt:2: field X has no description");
    refused("form F 1 : f\n  0 X number FEAT_A Y : x\n", "sample.txt:2: 'Y' is out of place");
    refused("form F 1 : f\n  zero X number : x\n", "sample.txt:2: 'zero' is not a number");
    refused(
        "register A S9_4_C2_C1_2 RW whole : a\n",
        "sample.txt:1: 'S9_4_C2_C1_2' is not an encoding");
  }

  @Test
  void anExceptionClassIsBoundToItsConstant() {
    refused(
        "form ISS 25 : s\n  24:0 RES0\nclass 0x25 DABT_LOW ISS : a | b\n",
        "sample.txt:3: ExceptionClass has no DABT_LOW with code 0x25");
    refused("classes EC : reserved\n", "sample.txt:1: no class above is UNKNOWN");
  }

  private static ArchTables load(String rows) {
    return new TableLoader().load(List.of(RowFile.parse("sample.txt", rows)));
  }

  private static void refused(String rows, String message) {
    assertThatThrownBy(() -> load(rows))
        .isInstanceOf(TableException.class)
        .hasMessageStartingWith("sample.txt:")
        .hasMessageContaining(message);
  }
}
