package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the instruction table has of A64, and what it lacks. */
class A64EncodingTest {
  private static final Set<String> OUT_OF_SCOPE =
      Set.of(
          "FEAT_SVE", "FEAT_SVE2", "FEAT_SME", "FEAT_MTE", "FEAT_MTE2", "FEAT_PAuth", "FEAT_MOPS");

  @Test
  void ofTheBaseOnlyWhatBelongsToDebugStateIsMissing() {
    Set<String> missing = new TreeSet<>();
    for (A64Encoding encoding : A64Encoding.all()) {
      if (encoding.feature().equals("base") && !has(encoding)) {
        missing.add(encoding.mnemonic());
      }
    }
    assertThat(missing).containsExactly("dcps1", "drps");
  }

  @Test
  void nothingThatIsOutOfScopeIsClaimed() {
    for (A64Encoding encoding : A64Encoding.all()) {
      boolean hint = (encoding.word() & 0xffff_f01f) == 0xd503_201f;
      if (OUT_OF_SCOPE.contains(encoding.feature()) && !hint) {
        assertThat(has(encoding)).as(encoding.text()).isFalse();
      }
    }
  }

  @Test
  void everyEncodingThatIsThereDisassemblesToItsMnemonicOrAnAlias() {
    Disassembler disassembler = new Disassembler();
    for (A64Encoding encoding : A64Encoding.all()) {
      if (has(encoding)) {
        assertThat(InstructionTable.a64().row(encoding.word()).mnemonics())
            .as(encoding.text() + " is " + disassembler.text(encoding.word(), 0))
            .isNotEmpty();
      }
    }
  }

  private static boolean has(A64Encoding encoding) {
    return encoding.isIn(InstructionTable.a64());
  }
}
