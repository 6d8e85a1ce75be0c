package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk search}, as it is typed. */
final class SearchCommandTest {
  @TempDir private Path temporary;
  private String out = "";
  private String err = "";

  private int search(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "search";
    System.arraycopy(words, 0, all, 1, words.length);
    Printed printed = Printed.by(all);
    out = printed.out();
    err = printed.err();
    return printed.code();
  }

  @Test
  void theWriterOfAStage2EntryIsFoundWithWhatItReplaced() {
    assertThat(search("demand-paging", "last write entry ipa 0x40200000", "--at", "exit 4"))
        .isZero();
    assertThat(out.strip())
        .startsWith("The level 3 descriptor of IPA 0x4020_0000 at PA 0x4801_a000 was last written")
        .contains(" by s2mmu_map: 0x0 became 0x400000480197ff");
    assertThat(search("demand-paging", "write entry ipa 0x40200000 level 2", "--at", "exit 4"))
        .isZero();
    assertThat(out).startsWith("The level 2 descriptor of IPA 0x4020_0000");
  }

  @Test
  void aTranslationWasLastUsedByAnAccessThatTheTlbAnswered() {
    assertThat(search("demand-paging", "last use ipa 0x40200000", "--at", "exit 4")).isZero();
    assertThat(out).contains("was last used at 1:14: read of 8 bytes at VA 0x4020_0018");
  }

  @Test
  void anIpaFaultsNextAndThenNoMore() {
    assertThat(search("demand-paging", "next fault ipa 0x40200000", "--at", "start")).isZero();
    assertThat(out)
        .contains("faults next at 1:11.4: Translation fault, level 2, write by the instruction");
    assertThat(search("demand-paging", "next fault ipa 0x40200000", "--at", "1:11.4")).isOne();
    assertThat(out).contains("any more before the run ends at 1:518");
    assertThat(search("demand-paging", "previous fault ipa 0x40200000", "--at", "1:11.3")).isOne();
    assertThat(out).contains("has not faulted since the start");
  }

  @Test
  void aRegisterTellsWhoChangedIt() {
    assertThat(search("demand-paging", "last write register vttbr_el2")).isZero();
    assertThat(out).contains("VTTBR_EL2 last changed at 1:").contains(" by s2mmu_destroy: 0x");
  }

  @Test
  void whatNobodyHasWrittenIsInTheImage() {
    assertThat(search("demand-paging", "write pa 0x40080000", "--at", "exit 4")).isOne();
    assertThat(out)
        .startsWith("Nobody has written PA 0x4008_0000 to 0x4008_0007 since the start: 0x")
        .contains(" is in the image");
  }

  @Test
  void theAnswerIsOneJsonObject() {
    assertThat(search("demand-paging", "write entry ipa 0x40200000", "--at", "exit 4", "--json"))
        .isZero();
    assertThat(out.strip())
        .startsWith("{\"run\":\"demand-paging\",\"from\":\"1:")
        .contains("\"search\":\"last write entry ipa 0x4020_0000\",\"found\":true")
        .contains("\"by\":\"s2mmu_map\",\"kind\":\"write\",\"pa\":\"0x4801a000\",\"bytes\":8")
        .endsWith("\"old\":\"0x0\",\"value\":\"0x400000480197ff\"}");
  }

  @Test
  void whoWroteAnEntryOfTheGuestsOwnTablesIsAnInstruction() {
    assertThat(search("own-tables", "last write entry va 0x40080000", "--at", "50%")).isZero();
    assertThat(out).contains(" by the instruction at 0x").contains(" of EL1: 0x");
  }

  @Test
  void aRunStopsAtAWatchOnTheCommandLine() {
    StringWriter said = new StringWriter();
    int code =
        StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
            .setOut(new PrintWriter(said))
            .execute("run", "demand-paging", "--watch", "write ipa 0x40200000+0x1000");
    assertThat(said.toString())
        .contains("breakpoint 1: IPA 0x4020_0000 to 0x4020_0fff: write of 8 bytes at")
        .contains("by the instruction at 0x4008_0028 of EL1: 0x0 became 0x");
    assertThat(code).isLessThan(2);
  }

  @Test
  void wrongUsageSaysWhereAndWhatMayFollow() {
    assertThat(search("demand-paging", "last wrote ipa 0x40200000")).isEqualTo(2);
    assertThat(err).contains("column 6: expected what is watched, one of va, ipa, pa, entry");
    assertThat(search("demand-paging", "write register vttbr")).isEqualTo(2);
    assertThat(err).contains("VTTBR");
    assertThat(search("demand-paging", "write entry ipa 0x40200000")).isEqualTo(2);
    assertThat(err).contains("describe no stage 2 at this moment: go to one when a guest runs");
    assertThat(search("demand-paging")).isEqualTo(2);
    assertThat(err).contains("say in which run to search and for what");
  }

  @Test
  void aTraceOfARealMachineTellsItsFaultsAndNothingElse() throws Exception {
    Path trace = temporary.resolve("trace.txt");
    Files.writeString(
        trace,
        """
         qemu-7 [000] d..1. 10.000001: kvm_entry: PC: 0xffff800010000000
         qemu-7 [000] d..1. 10.000002: kvm_exit: TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0xffff800010000010
         qemu-7 [000] d..1. 10.000003: kvm_guest_fault: ipa 0x40090000, hsr 0x92000007, hxfar 0x40090008, pc 0xffff800010000010
         qemu-7 [000] d..1. 10.000004: kvm_entry: PC: 0xffff800010000010
        """);
    assertThat(search(trace.toString(), "next fault ipa 0x40090000", "--at", "start")).isZero();
    assertThat(out).contains("next faults in event 2: kvm_guest_fault");
    assertThat(search(trace.toString(), "last write ipa 0x40090000")).isEqualTo(2);
    assertThat(err).contains("a recording of a real machine tells its events");
  }
}
