package dev.stagewalk.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Evidence;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TwoStage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainerTest {
  private static final long VTCR = 0x8005_3590L;
  private static final long IPA = 0x4020_3018L;
  private static final Features PA_48 = Features.MAX.withPaBits(48);

  private final Stage stage = new Stage(VTCR, PA_48);

  @Test
  void aStoreToAPageNobodyMappedIsToldInTheWordsOfTheDrawing() {
    long slot = stage.put(IPA, 3, 0);
    Explanation explanation = stage.explain(stage.abort(stage.walk(IPA, Access.write(8))));

    assertThat(explanation.headline()).isEqualTo("Translation fault, level 3");
    assertThat(explanation.sentences())
        .containsExactly(
            "Guest EL1 stored 8 bytes (x2) at VA 0x4020_3018. Stage 1 is off, so the IPA is the"
                + " same.",
            "Entry 3 of the level 3 table at 0x4500_2000 holds 0x0.");
    assertThat(lines(explanation))
        .containsExactly(
            "ESR_EL2 = 0x93c2_8047: Data Abort from a lower Exception level",
            "ESR_EL2.EC [31:26] = 0b100100: DABT_LOW, Data Abort from a lower Exception level",
            "ESR_EL2.ISV [24] = 0b1: the fields that describe the access are valid",
            "ESR_EL2.SAS [23:22] = 0b11: doubleword",
            "ESR_EL2.SSE [21] = 0b0: the value is sign-extended: no",
            "ESR_EL2.SRT [20:16] = 0b00010: x2",
            "ESR_EL2.SF [15] = 0b1: width of that register: 64 bits",
            "ESR_EL2.WnR [6] = 0b1: write",
            "ESR_EL2.DFSC [5:0] = 0b000111: Translation fault, level 3",
            "FAR_EL2 = 0x4020_3018: the VA that was used",
            "HPFAR_EL2.FIPA [47:4] = 0x40203: IPA page 0x4020_3000; valid, because stage-2"
                + " Translation, Access flag and Address size faults write it",
            "ELR_EL2 = 0x4008_0158: the instruction itself (`str x2, [x0, #0x18]` at"
                + " touch_pages+0x14)",
            "SPSR_EL2.M [4:0] = 0b00101: it came from EL1h");
    assertThat(explanation.walk())
        .containsExactly(
            "Stage 2 level 0: table 0x4400_0000, entry 0 (IPA bits [47:39]) at 0x4400_0000 ="
                + " 0x0000_0000_4500_0003: table at 0x4500_0000",
            "Stage 2 level 1: table 0x4500_0000, entry 1 (IPA bits [38:30]) at 0x4500_0008 ="
                + " 0x0000_0000_4500_1003: table at 0x4500_1000",
            "Stage 2 level 2: table 0x4500_1000, entry 1 (IPA bits [29:21]) at 0x4500_1008 ="
                + " 0x0000_0000_4500_2003: table at 0x4500_2000",
            "Stage 2 level 3: table 0x4500_2000, entry 3 (IPA bits [20:12]) at 0x4500_2018 = 0x0:"
                + " invalid");
    assertThat(slot).isEqualTo(0x4500_2018L);
    assertThat(explanation.rule().orElseThrow().line())
        .isEqualTo(
            "Bit 0 is clear: the entry is invalid. Arm ARM, \"VMSAv8-64 descriptor formats\".");
    assertThat(explanation.counterfactual().orElseThrow().line())
        .isEqualTo(
            "If bit 0 of this entry were set and it were a page at PA 0x4020_3000 with AF = 1,"
                + " read-write (0x0040_0000_4020_37ff): output 0x4020_3018, read-write, Normal"
                + " Write-Back (4 KiB, level 3).");
    assertThat(explanation.remedies().getFirst().operations())
        .containsExactly(
            "allocate a page of 4 KiB, filled with zeros: PA P, for IPA 0x4020_3000",
            "store [0x4500_2018] = P | 0x400000000007ff",
            "DSB ISHST, so that the walker sees the entry",
            "ERET with ELR_EL2 as it is: the instruction is tried again");
    assertThat(explanation.remedies())
        .extracting(Explanation.Remedy::title)
        .containsExactly(
            "Map a page", "Emulate a device", "Pass it on to the guest", "End the guest");
  }

  @Test
  void missingTablesAreMadeBeforeTheEntryThatLeadsToThem() {
    long slot = stage.put(IPA, 1, 0);
    Explanation explanation = stage.explain(stage.abort(stage.walk(IPA, Access.write(8))));

    assertThat(explanation.headline()).isEqualTo("Translation fault, level 1");
    assertThat(explanation.remedies().getFirst().operations())
        .containsExactly(
            "allocate a page of 4 KiB, filled with zeros: PA P, for IPA 0x4020_3000",
            "allocate 2 tables, filled with zeros: T2 to T3",
            "store T3[3] = P | 0x400000000007ff",
            "store T2[1] = T3 | 0x3",
            "DSB ISHST, so that no walker meets an unfinished table",
            "store [0x4500_0008] = T2 | 0x3",
            "DSB ISHST, so that the walker sees the entry",
            "ERET with ELR_EL2 as it is: the instruction is tried again");
    assertThat(slot).isEqualTo(0x4500_0008L);
  }

  @Test
  void aPermissionFaultSaysThatHpfarIsUnknownAndWhereTheIpaComesFrom() {
    stage.put(IPA, 3, 0x4800_0000L | 0x77f);
    Explanation explanation = stage.explain(stage.abort(stage.walk(IPA, Access.write(8))));

    assertThat(lines(explanation))
        .contains(
            "HPFAR_EL2 = 0x0000_0000: UNKNOWN: a Permission fault writes it only on a stage-1"
                + " walk; here it holds what it held before, one allowed choice");
    assertThat(explanation.remedies())
        .extracting(Explanation.Remedy::title)
        .containsExactly(
            "Allow the access",
            "Copy on write",
            "Note the page as dirty",
            "Take the IPA from FAR_EL2",
            "Emulate a device",
            "Pass it on to the guest",
            "End the guest");
    assertThat(explanation.remedies().get(1).operations())
        .contains("store [0x4500_2018] = 0x0 (break)")
        .containsSubsequence(
            "TLBI VMALLE1IS, for entries that combine both stages",
            "store [0x4500_2018] = P | 0x400000000007ff (make)");
  }

  @Test
  void withStage1OnTheIpaOfAPermissionFaultTakesAnAt() {
    stage.with("SCTLR_EL1", 1);
    stage.put(IPA, 3, 0x4800_0000L | 0x77f);
    Explanation explanation = stage.explain(stage.abort(stage.walk(IPA, Access.write(8))));

    assertThat(explanation.remedies())
        .filteredOn(r -> r.title().equals("Find the IPA"))
        .singleElement()
        .satisfies(r -> assertThat(r.operations()).contains("AT S1E1R, FAR_EL2"));
  }

  @Test
  void aPermissionFaultOutOfTheTlbSaysThatNoWalkWasMade() {
    stage.put(IPA, 3, 0x4800_0000L | 0x7ff);
    Translation.Fault refusal =
        new Translation.Fault(
            FaultKind.PERMISSION,
            3,
            2,
            false,
            IPA,
            "S2AP[1] (bit 7) is clear: stage 2 allows no writes (Arm ARM, Stage 2 data accesses).");
    Translation hit = new Translation(2, 1, IPA, Access.write(8), List.of(), refusal);
    Explanation explanation = stage.explain(stage.abort(hit));

    assertThat(explanation.headline()).isEqualTo("Permission fault, level 3");
    assertThat(explanation.walk()).isEmpty();
    assertThat(explanation.sentences())
        .contains(
            "No walk was made: the TLB held an entry of level 3 for VMID 1, and that entry refuses"
                + " the access.");
    assertThat(explanation.counterfactual().orElseThrow().line())
        .isEqualTo(
            "If the TLB had held no entry, the tables as they stand would have been walked: output"
                + " 0x4800_0018, read-write, executable, Normal Write-Back (4 KiB, level 3).");
    assertThat(explanation.remedies().getFirst().title()).isEqualTo("Make the TLB forget");
  }

  @Test
  void whatTheTlbRefusedIsChangedInTheTablesIfTheyRefuseItToo() {
    stage.put(IPA, 3, 0x4800_0000L | 0x77f);
    Translation.Fault refusal = (Translation.Fault) stage.walk(IPA, Access.write(8)).outcome();
    Translation hit = new Translation(2, 1, IPA, Access.write(8), List.of(), refusal);
    Explanation explanation = stage.explain(stage.abort(hit));

    assertThat(explanation.remedies().getFirst().title()).isEqualTo("Allow the access");
    assertThat(explanation.remedies().getFirst().operations())
        .startsWith("store [0x4500_2018] = 0x0000_0000_4800_07ff");
    assertThat(explanation.counterfactual().orElseThrow().line())
        .startsWith("The tables refuse it too. If S2AP[1] (bit 7) of this entry were set")
        .contains("output 0x4800_0018, read-write");
  }

  @Test
  void controlsThatNoTableCanSatisfyAreALevel0FaultWithTheReason() {
    Stage narrow = new Stage(VTCR, Features.MAX.withPaBits(40));
    Translation walk = narrow.walk(IPA, Access.fetch());
    Explanation explanation = narrow.explain(narrow.abort(walk));

    assertThat(explanation.headline()).isEqualTo("Translation fault, level 0");
    assertThat(explanation.sentences())
        .contains("No descriptor was read: the address was refused before the first lookup.");
    assertThat(explanation.rule().orElseThrow().source())
        .startsWith("VTCR_EL2, Virtualization Translation Control Register");
    assertThat(explanation.counterfactual().orElseThrow().condition())
        .startsWith("With VTCR_EL2 = 0x0000_0000_80")
        .contains("40-bit IPAs");
    assertThat(explanation.remedies().getFirst().title()).isEqualTo("Write a legal VTCR_EL2");
  }

  @Test
  void anIpaBeyondTheInputSizeCanOnlyBeRefusedOrTheSpaceWidened() {
    Stage narrow = new Stage(0x8002_3558L, PA_48);
    Translation walk = narrow.walk(1L << 41, Access.read(4));
    Explanation explanation = narrow.explain(narrow.abort(walk));

    assertThat(explanation.headline()).isEqualTo("Translation fault, level 0");
    assertThat(explanation.remedies())
        .extracting(Explanation.Remedy::title)
        .startsWith("Refuse", "Give the guest a wider IPA space");
    assertThat(explanation.counterfactual().orElseThrow().condition()).contains("42-bit IPAs");
  }

  @Test
  void aRootBeyondTheOutputSizeIsAnAddressSizeFaultOfLevel0() {
    Stage far = new Stage(VTCR & ~(7L << 16), 1L << 48 | 0x10_0000_0000L, PA_48);
    Translation walk = far.walk(IPA, Access.read(4));
    Explanation explanation = far.explain(far.abort(walk));

    assertThat(explanation.headline()).isEqualTo("Address size fault, level 0");
    assertThat(explanation.remedies().getFirst().title())
        .isEqualTo("Write a VTTBR_EL2 that exists");
    assertThat(explanation.counterfactual().orElseThrow().condition())
        .isEqualTo("If VTCR_EL2.PS gave an output size of 48 bits");
  }

  @Test
  void aFaultOnAStage1WalkIsNotAboutTheInstructionsOwnAddress() {
    stage.put(0x4020_5000L, 3, 0);
    Translation plain = stage.walk(0x4020_5008L, Access.read(8));
    Translation.Fault f = (Translation.Fault) plain.outcome();
    Translation.Fault onWalk =
        new Translation.Fault(f.kind(), f.level(), 2, true, f.ipa(), f.rule());
    Translation walk = new Translation(2, 1, 0x4020_5008L, Access.read(8), plain.lookups(), onWalk);
    SimEvent.ExceptionTaken taken =
        new SimEvent.ExceptionTaken(
            1, 2, 8, 0x9200_0087L, 0xffff_0000_1234L, 0x40_2050, true, 0x4008_0158L, 0x3c5, walk);
    Explanation explanation = stage.with("SCTLR_EL1", 1).explain(taken);

    assertThat(explanation.sentences().getFirst())
        .isEqualTo(
            "Guest EL1 loaded 8 bytes at VA 0xffff_0000_1234. Its stage-1 walk needs a descriptor"
                + " at IPA 0x4020_5008, and stage 2 refused that.");
    assertThat(lines(explanation))
        .contains("ESR_EL2.S1PTW [7] = 0b1: on the fetch of a stage-1 descriptor");
    assertThat(explanation.remedies()).noneMatch(r -> r.title().equals("Emulate a device"));
  }

  @Test
  void registersOfAnotherMomentGiveNoCounterfactual() {
    stage.put(IPA, 3, 0);
    SimEvent.ExceptionTaken taken = stage.abort(stage.walk(IPA, Access.write(8)));
    Stage later = new Stage(0x8002_3558L, PA_48);

    assertThat(stage.explain(taken).counterfactual()).isPresent();
    assertThat(later.explain(taken).counterfactual()).isEmpty();
    assertThat(later.explain(taken).walk()).hasSize(4);
  }

  /** A base that is not aligned leads elsewhere on a machine that makes the worst choices. */
  @Test
  void aWalkIsMadeAgainWithTheChoicesOfItsMachine() {
    long root = 0x4600_0000L;
    long misaligned = root | 0x800;
    long tcr = 25 | 1L << 23 | 2L << 32 | 3 << 12;
    Stage worst =
        new Stage(Stage2Parameters.decode(VTCR, 0, 0, PA_48, Policy.WORST))
            .with("SCTLR_EL1", 1)
            .with("TCR_EL1", tcr)
            .with("TTBR0_EL1", misaligned)
            .with("TTBR1_EL1", 0)
            .with("MAIR_EL1", 0xff);
    worst.memory.write(misaligned + 8, 8, 0);
    worst.memory.write(root + 8, 8, 0x4000_0701L);
    Stage1Registers registers = new Stage1Registers(Regime.EL1_0, 1, tcr, misaligned, 0, 0xff, 0);
    Stage1Parameters first = Stage1Parameters.decode(registers, PA_48, Policy.WORST);
    Translation walk =
        TwoStage.translate(first, worst.parameters, 0x4020_0000L, Access.read(8), worst.reader());

    assertThat(walk.lookups().getLast().descriptorAddress()).isEqualTo(misaligned + 8);
    Explanation explanation = worst.explain(new SimEvent.Translated(0, walk));
    assertThat(explanation.counterfactual()).isPresent();
  }

  @Test
  void aHypervisorCallNeedsOnlyAReturn() {
    Explanation explanation = stage.explain(Stage.other(2, 8, 0x5a00_0001L));

    assertThat(explanation.headline()).isEqualTo("Hypervisor call, HVC #0x1");
    assertThat(lines(explanation))
        .contains(
            "FAR_EL2 = 0x0000_0000: not written by this exception: whatever it held before",
            "HPFAR_EL2 = 0x0000_0000: not written by this exception: whatever it held before");
    assertThat(explanation.evidence())
        .filteredOn(e -> e.register().equals("ELR_EL2"))
        .singleElement()
        .satisfies(e -> assertThat(e.meaning()).startsWith("the instruction after"));
    assertThat(explanation.remedies().getFirst().operations())
        .containsExactly("set the guest's x0 to the result", "ERET");
  }

  @Test
  void aTrappedCallIsSkippedByHand() {
    Explanation explanation = stage.explain(Stage.other(2, 8, 0x5e00_0000L));

    assertThat(explanation.headline()).isEqualTo("Secure monitor call, SMC #0x0");
    assertThat(explanation.remedies().getFirst().operations())
        .contains("ELR_EL2 = ELR_EL2 + 4: it still names the instruction");
  }

  @Test
  void aTrappedWaitAndATrappedRegisterAreNamed() {
    Explanation wait = stage.explain(Stage.other(2, 8, 0x0600_0000L | 1 << 24 | 0xe << 20 | 1));
    assertThat(wait.headline()).isEqualTo("WFE trapped");

    // MRS x3, MIDR_EL1
    long iss = 3L << 20 | 3 << 5 | 1;
    Explanation register = stage.explain(Stage.other(2, 8, 0x18L << 26 | 1 << 25 | iss));
    assertThat(register.sentences().getFirst())
        .isEqualTo("Guest EL1 executed MRS x3, MIDR_EL1; EL2 traps it.");
    assertThat(register.remedies().getFirst().operations())
        .startsWith("x3 = the value the guest shall see");
  }

  @Test
  void whatNoSyndromeDescribesIsSaidToBeUnknown() {
    Explanation explanation = stage.explain(Stage.other(2, 8, 0x0200_0000L));
    assertThat(explanation.headline()).isEqualTo("Unknown reason");
    assertThat(explanation.sentences().getFirst()).contains("UNDEFINED");
  }

  @Test
  void anExceptionToEl1IsTheGuestsOwnAffair() {
    Explanation call = stage.explain(Stage.other(1, 4, 0x5600_0002L));
    assertThat(call.headline()).isEqualTo("Supervisor call, SVC #0x2");
    assertThat(call.route()).isEqualTo("EL1 → EL1");
    assertThat(call.sentences().getLast())
        .isEqualTo(
            "It is taken to EL1: the guest's own vector at VBAR_EL1 + 0x200 = 0x4010_0200. The"
                + " hypervisor takes no part.");
    assertThat(call.remedies()).isEmpty();

    Explanation alignment = stage.explain(Stage.other(1, 4, 0x9600_0021L));
    assertThat(alignment.headline()).isEqualTo("Alignment fault");
    assertThat(alignment.rule().orElseThrow().source()).isEqualTo("Alignment of data accesses");
    assertThat(stage.explain(Stage.other(1, 4, 0x9600_0010L)).headline())
        .isEqualTo("Synchronous External abort");
  }

  @Test
  void aWalkThatSucceedsSaysThatAMissIsNoFault() {
    stage.put(IPA, 2, 0x4800_0000L | 0x7fd);
    Explanation explanation =
        stage.explain(new SimEvent.Translated(0x4008_0158L, stage.walk(IPA, Access.read(8))));

    assertThat(explanation.headline()).isEqualTo("Output address 0x4800_3018");
    assertThat(explanation.sentences())
        .containsExactly(
            "The TLB had no entry for IPA 0x4020_3018, so the MMU walked the tables for a read of 8"
                + " bytes: 3 descriptors read. A TLB miss is not a fault.",
            "Output 0x4800_3018, read-write, executable, Normal Write-Back (2 MiB, level 2). The"
                + " TLB may hold it from now on.");
    assertThat(explanation.walk()).hasSize(3);
  }

  @Test
  void aHostCallIsToldByItsSteps() {
    long slot = stage.put(IPA, 3, 0x4800_0000L | 0x7ff);
    Explanation explanation =
        stage.explain(
            new SimEvent.HostCallBegan("s2mmu_map", "0x4020_3000 → 0x4800_0000 4 KiB RW"),
            new SimEvent.DescriptorStored(slot, 0, 0x4800_0000L | 0x7ff),
            new SimEvent.BarrierCompleted(Barrier.DSB_ISHST),
            new SimEvent.HostCallEnded("s2mmu_map", "", true));

    assertThat(explanation.steps())
        .containsExactly(
            "store [0x4500_2018] = 0x0000_0000_4800_07ff: L3[3], IPA 0x4020_3000 (4 KiB), page at"
                + " 0x4800_0000",
            "DSB ISHST",
            "s2mmu_map returns");
    assertThat(explanation.sentences().getLast()).contains("issued no TLBI");
  }

  @Test
  void manyStoresInARowAreOneStep() {
    SimEvent[] stores = new SimEvent[512];
    for (int i = 0; i < stores.length; i++) {
      stores[i] = new SimEvent.DescriptorStored(0x4600_0000L + 8 * i, 0, (i << 12) | 0x7ff);
    }
    assertThat(stage.explain(new SimEvent.HostCallBegan("s2mmu_map", ""), stores).steps())
        .containsExactly(
            "store 512 descriptors at 0x4600_0000 to 0x4600_0ff8: 0x0000_0000_0000_07ff to"
                + " 0x0000_0000_001f_f7ff");
  }

  @Test
  void housekeepingThatRepeatsIsToldOnce() {
    SimEvent[] pages = new SimEvent[32];
    for (int i = 0; i < 16; i++) {
      pages[2 * i] = new SimEvent.Allocated(0, 0x4700_0000L + 4096 * i);
      pages[2 * i + 1] = new SimEvent.MemoryCleared(0x4700_0000L + 4096 * i, 4096);
    }
    assertThat(stage.explain(new SimEvent.HostCallBegan("guest_create", ""), pages).steps())
        .containsExactly(
            "allocate a host page: 0x4700_0000",
            "fill 4 KiB at 0x4700_0000 with zeros",
            "these 2 again, 15 more times, for other addresses");
  }

  @Test
  void aMisalignedAccessToWhatStage2MakesDeviceIsAStage2Fault() {
    Explanation explanation = stage.explain(Stage.other(2, 8, 0x93c2_8061L));
    assertThat(explanation.headline()).isEqualTo("Alignment fault");
    assertThat(explanation.sentences().getFirst())
        .isEqualTo("Guest EL1 stored 8 bytes (x2) at VA 0x0000_0000.");
    assertThat(explanation.rule().orElseThrow().sentence()).contains("one of stage 2");
  }

  @Test
  void aStoredDescriptorSaysWhichMaintenanceItNeeds() {
    long slot = stage.put(IPA, 3, 0x4800_0000L | 0x7ff);
    assertThat(rule(new SimEvent.DescriptorStored(slot, 0, 0x4800_07ffL))).contains("no TLBI");
    assertThat(rule(new SimEvent.DescriptorStored(slot, 0x4800_07ffL, 0))).contains("live on");
    assertThat(rule(new SimEvent.DescriptorStored(slot, 0x4800_07ffL, 0x4800_077fL)))
        .contains("change in place");
    assertThat(rule(new SimEvent.DescriptorStored(slot, 0x4800_07ffL, 0x4900_07ffL)))
        .contains("break-before-make");
  }

  private String rule(SimEvent event) {
    return stage.explain(event).rule().orElseThrow().sentence();
  }

  @Test
  void everyOtherEventHasAHeadlineAndASentence() {
    List<SimEvent> events =
        List.of(
            new SimEvent.ExceptionReturned(2, 1, 0x4008_0158L, 0x3c5),
            new SimEvent.ContextSaved(8, 0x4600_0000L),
            new SimEvent.ContextLoaded(0x4600_0000L),
            new SimEvent.HostCallEnded("s2mmu_map", "out of memory", false),
            new SimEvent.Allocated(0, 0x4820_0000L),
            new SimEvent.Allocated(1, 0),
            new SimEvent.Freed(0x4820_0000L, ""),
            new SimEvent.HostStored(0x4600_0000L, 8, 0, 1),
            new SimEvent.MemoryCleared(0x4600_0000L, 4096),
            new SimEvent.RegisterWritten("VTTBR_EL2", 0, 1L << 48 | Stage.ROOT),
            new SimEvent.TlbInvalidated(TlbiScope.vmalls12e1is(1), 3, null),
            new SimEvent.BarrierCompleted(Barrier.ISB),
            new SimEvent.Printed("hello"),
            new SimEvent.UartByte('g'),
            new SimEvent.HandlerAnswered(true, "demand_page", "mapped 0x4020_3000 in heap"),
            new SimEvent.GuestStopped("HVC #0: the guest has finished", true),
            new SimEvent.Edited("unmap 0x4020_3000 4 KiB"),
            Stage.other(2, 9, 0));
    for (SimEvent event : events) {
      Explanation explanation = stage.explain(event);
      assertThat(explanation.headline()).isNotBlank();
      assertThat(explanation.sentences()).isNotEmpty().allMatch(s -> s.endsWith("."), "a sentence");
      assertThat(explanation.asText()).startsWith("What happened\n  " + explanation.headline());
    }
    assertThat(
            stage
                .explain(new SimEvent.TlbInvalidated(TlbiScope.vmalls12e1is(1), 3, null))
                .sentences())
        .containsExactly(
            "It names all translations of EL1&0, VMID 1, on all PEs of the Inner Shareable domain."
                + " 3 entries were removed.");
    assertThat(lines(stage.explain(new SimEvent.RegisterWritten("VTTBR_EL2", 0, 1L << 48))))
        .contains("VTTBR_EL2.VMID [63:48] = 0x1: 1 (changed)");
  }

  private static List<String> lines(Explanation explanation) {
    return explanation.evidence().stream().map(Evidence::line).toList();
  }
}
