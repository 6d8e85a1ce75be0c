package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CopyOnWriteTest {
  private static final long UNKNOWN = 0xdea_dbee_f000L;
  private static final long SECOND = Exits.SHARED + 0x1000;

  private final Exits exits = new Exits("copy-on-write, calls, kill");

  @Test
  void everyPageIsTheSameFrameAndReadOnlyAtFirst() {
    long frame = exits.mapping(Exits.SHARED).pa();
    assertThat(exits.mapping(SECOND).pa()).isEqualTo(frame);
    assertThat(exits.mapping(SECOND).words()).isEqualTo("R");
    assertThat(exits.machine.load(frame)).isEqualTo(0x1234);
  }

  @Test
  void aWriteGetsACopyWithBreakBeforeMakeAndTheOthersStayShared() {
    long frame = exits.mapping(SECOND).pa();
    String answer = exits.exit(Exits.WRITE_PERMISSION_L3, SECOND + 8, UNKNOWN);
    assertThat(answer).isEqualTo("RESUME copy_on_write: copied the page of 0x4030_1008 in shared");
    Mapping own = exits.mapping(SECOND);
    assertThat(own.pa()).isNotEqualTo(frame);
    assertThat(own.words()).isEqualTo("RW");
    assertThat(exits.machine.load(own.pa())).isEqualTo(0x1234);
    assertThat(exits.mapping(Exits.SHARED).pa()).isEqualTo(frame);
    assertThat(exits.machine.log).containsSubsequence("DSB ISHST", "TLBI 1", "DSB ISH", "ISB");
    assertThat(exits.machine.violations).isEmpty();
    assertThat(exits.elr()).isEqualTo(Exits.PC);
  }

  @Test
  void underStage1TheIpaIsWalkedForAndHpfarNotRead() {
    exits.machine.registers.put("SCTLR_EL1", 1L);
    exits.machine.registers.merge("HCR_EL2", ~(1L << 12), (old, mask) -> old & mask);
    exits.machine.atAnswer = 0xff00_0000_0000_0b80L | SECOND;
    exits.exit(Exits.WRITE_PERMISSION_L3, 0x7000_0010L, UNKNOWN);
    assertThat(exits.machine.log).contains("AT S1E1R 70000010");
    assertThat(exits.mapping(SECOND).words()).isEqualTo("RW");
    exits.machine.atAnswer = 1;
    assertThat(exits.exit(Exits.WRITE_PERMISSION_L3, 0x7000_0010L, UNKNOWN))
        .contains("no longer maps VA 0x7000_0010");
  }

  @Test
  void aLogOfWritesTooLetsTheGuestTryAgainWhoseTablesHaveChanged() {
    Exits logging = new Exits("dirty-logging, calls, kill");
    logging.machine.registers.put("SCTLR_EL1", 1L);
    logging.machine.registers.merge("HCR_EL2", ~(1L << 12), (old, mask) -> old & mask);
    logging.machine.atAnswer = 1;
    assertThat(logging.exit(Exits.WRITE_PERMISSION_L3, 0x7000_0010L, UNKNOWN))
        .isEqualTo("RESUME log_write: the guest no longer maps VA 0x7000_0010: it tries again");
  }

  @Test
  void aWalkOfStage1ThatIsDeniedCountsAsAWriteAlthoughTheAccessReads() {
    String answer = exits.exit(Exits.WALK_PERMISSION_L3, 0x7000_0010L, SECOND >>> 8);
    assertThat(answer).endsWith("for a walk of stage 1 that writes");
    assertThat(exits.mapping(SECOND).words()).isEqualTo("RW");
    assertThat(exits.machine.log).noneMatch(line -> line.startsWith("AT"));
  }

  @Test
  void theWalkOfAnInstructionFetchTooCountsAsAWrite() {
    exits.exit(0x8200_008fL, 0x7000_0010L, SECOND >>> 8);
    assertThat(exits.mapping(SECOND).words()).isEqualTo("RW");
  }

  @Test
  void aReadThatIsDeniedIsNotItsBusiness() {
    assertThat(exits.exit(Exits.READ_PERMISSION_L3, SECOND, UNKNOWN)).startsWith("EXIT kill");
  }

  @Test
  void anotherFaultOnAPageThatIsCopiedCopiesNothing() {
    exits.exit(Exits.WRITE_PERMISSION_L3, SECOND, UNKNOWN);
    long own = exits.mapping(SECOND).pa();
    assertThat(exits.exit(Exits.WRITE_PERMISSION_L3, SECOND, UNKNOWN)).contains("own already");
    assertThat(exits.mapping(SECOND).pa()).isEqualTo(own);
  }

  @Test
  void aPageThatIsTakenAwayComesBackAsItWas() {
    exits.exit(Exits.WRITE_PERMISSION_L3, SECOND, UNKNOWN);
    long own = exits.mapping(SECOND).pa();
    exits.hypervisor.unmap(exits.machine, exits.machine, Exits.SHARED, 0x2000);
    exits.hypervisor.mapFresh(exits.machine, exits.machine, Exits.SHARED, 0x2000);
    assertThat(exits.mapping(SECOND).pa()).isEqualTo(own);
    assertThat(exits.mapping(SECOND).words()).isEqualTo("RW");
    assertThat(exits.mapping(Exits.SHARED).words()).isEqualTo("R");
  }

  @Test
  void withoutMemoryTheGuestEndsWithTheReason() {
    exits.machine.failAfter(0);
    assertThat(exits.exit(Exits.WRITE_PERMISSION_L3, SECOND, UNKNOWN))
        .isEqualTo(
            "EXIT copy_on_write: no copy of 0x4030_1000 in shared: out of memory for a page");
  }

  @Test
  void theEndGivesBackCopiesAndTheSharedFrame() {
    exits.exit(Exits.WRITE_PERMISSION_L3, SECOND, UNKNOWN);
    exits.exit(Exits.HVC_0, 0, 0);
    assertThat(exits.machine.live).isEmpty();
    assertThat(exits.machine.violations).isEmpty();
  }
}
