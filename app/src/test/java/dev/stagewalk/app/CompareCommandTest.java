package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk compare}, as it is typed. */
final class CompareCommandTest {
  @TempDir private Path temporary;
  private String out = "";
  private String err = "";

  private int compare(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "compare";
    System.arraycopy(words, 0, all, 1, words.length);
    return stagewalk(all);
  }

  private int stagewalk(String... all) {
    Printed printed = Printed.by(all);
    out = printed.out();
    err = printed.err();
    return printed.code();
  }

  @Test
  void twoMomentsOfASampleDiffer() {
    assertThat(compare("demand-paging", "--at", "exit 2", "--and", "exit 3")).isOne();
    assertThat(out)
        .startsWith("< demand-paging at 1:")
        .contains("    DFSC [5:0]: 0x6 (Translation fault, level 2) → 0x7 (Translation fault")
        .contains("    IPA 0x4020_0000 to 0x4020_0fff (4 KiB)")
        .contains("      < not mapped")
        .contains(": level 3 table of stage 2, VMID 1");
    assertThat(err).isEmpty();
  }

  @Test
  void aMomentIsEqualToItself() {
    assertThat(compare("demand-paging", "--at", "30", "--and", "30")).isZero();
    assertThat(out).contains("Nothing differs.");
  }

  @Test
  void aSplitBlockIsTheSameInEffect() {
    assertThat(compare("split-merge", "--at", "exit 3", "--and", "exit 5")).isOne();
    assertThat(out)
        .contains(": the same in effect")
        .contains("with 512 descriptors below it")
        .contains("In effect: every IPA is translated the same");
  }

  @Test
  void aRunWithAnInjectionPartsAtTheInjection() {
    String edit = "clear-af ipa 0x40200000 @ exit 4";
    assertThat(compare("demand-paging", "--with-inject", edit)).isOne();
    assertThat(out)
        .contains("First divergence: ")
        .contains("You: clear AF of 0x4020_0000")
        .contains("rw-, AF clear, Normal Write-Back");
  }

  @Test
  void aRunWithADefectThatChangesNothingIsEqual() {
    assertThat(compare("demand-paging", "--with-defects", "D16")).isZero();
    assertThat(compare("demand-paging", "--with-defects", "D18")).isOne();
    assertThat(out).contains("VTCR_EL2");
  }

  @Test
  void twoFilesAreCompared() throws IOException {
    String one = program("one.s", 1);
    String other = program("two.s", 2);
    assertThat(compare(one, other, "--at", "end")).isOne();
    assertThat(out).contains("x1: 0x0000_0000_0000_0001 → 0x0000_0000_0000_0002");
  }

  private String program(String name, int value) throws IOException {
    Path file = temporary.resolve(name);
    Files.writeString(file, "mov x1, #" + value + "\nhvc #0\n");
    return file.toString();
  }

  @Test
  void jsonIsOneObject() throws IOException {
    assertThat(compare("demand-paging", "--at", "exit 2", "--and", "exit 3", "--json")).isOne();
    try (JsonParser parser = new JsonFactory().createParser(out)) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertThat(tokens).isGreaterThan(100);
    }
    assertThat(out)
        .startsWith(
            "{\"equal\":false,\"recorded\":false,\"first\":{\"run\":\"demand-paging\",\"moment\":\"1:");
  }

  @Test
  void aRecordingOfARealMachineIsComparedByWhatItSays() throws IOException {
    Path trace =
        Files.writeString(
            temporary.resolve("trace.txt"),
            """
            # tracer: nop
            vmm-182 [001] ..... 2.100500: kvm_exit: TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0x0000000040000010
            vmm-182 [001] ..... 2.100700: kvm_guest_fault: ipa 0x44000000, hsr 0x93000046, hxfar 0x44000018, pc 0x00000040000010
            """);
    assertThat(compare(trace.toString(), "--at", "start", "--and", "end")).isOne();
    assertThat(out)
        .contains("> 2 events: fault ")
        .contains("ESR_EL2: unknown → 0x0000_0000_9300_0046")
        .contains("a recording of a real machine does not say them");
    assertThat(compare(trace.toString(), "--with-defects", "D1")).isEqualTo(2);
    assertThat(err).contains("can be different in it");
  }

  @Test
  void aRecordingIsComparedWithAnotherRun() {
    String plain = temporary.resolve("plain.swrec").toString();
    String edited = temporary.resolve("edited.swrec").toString();
    String edit = "clear-af ipa 0x40200000 @ exit 4";
    assertThat(stagewalk("run", "demand-paging", "--record", plain)).isZero();
    assertThat(stagewalk("run", "demand-paging", "--inject", edit, "--record", edited)).isZero();
    assertThat(compare(plain, "demand-paging")).isZero();
    assertThat(compare(plain, edited)).isOne();
    assertThat(out).contains("First divergence: ").contains("AF clear");
    assertThat(compare(edited, "--at", "exit 4", "--and", "end")).isOne();
    assertThat(compare(edited, "--with-defects", "D1")).isEqualTo(2);
  }

  @Test
  void wrongUsageIsOneLine() {
    wrong("say which two moments", "demand-paging");
    wrong("'nonsense' is no file and no sample", "nonsense", "--at", "1", "--and", "2");
    wrong("this run has 6 exits", "demand-paging", "--at", "exit 99", "--and", "2");
    wrong("'soon' is no moment", "demand-paging", "--at", "soon", "--and", "2");
    wrong("--with-defects: 'd99' is not a defect", "demand-paging", "--with-defects", "D99");
    wrong("--with-inject: ", "demand-paging", "--with-inject", "nothing");
    wrong("--most must be at least 1", "demand-paging", "--most", "0");
  }

  private void wrong(String words, String... typed) {
    assertThat(compare(typed)).isEqualTo(2);
    assertThat(out).isEmpty();
    assertThat(err).contains(words);
    assertThat(err.lines()).hasSize(1);
  }
}
