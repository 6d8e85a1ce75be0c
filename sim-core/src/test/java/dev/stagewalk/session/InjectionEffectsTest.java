package dev.stagewalk.session;

import static dev.stagewalk.session.InjectedRun.INSTRUCTIONS;
import static dev.stagewalk.session.InjectedRun.after;
import static dev.stagewalk.session.InjectedRun.refused;
import static dev.stagewalk.session.InjectedRun.whats;
import static dev.stagewalk.session.InjectedRun.withheld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.TlbPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each injection does to a guest: the same in every engine, gone when one goes back, and there
 * again when one goes on.
 */
class InjectionEffectsTest {
  /** The instruction at whose start edits are made: the guest's first call is behind. */
  private static final Moment CALLED = Moment.at(6);

  private static final long HEAP = TestScenarios.HEAP;

  /** Stores 17 to a page on demand, calls, and then reads and writes it. */
  private static final String GUEST =
      """
          ldr   x0, =0x40200000
          mov   x1, #17
          str   x1, [x0]
          hvc   #1
          ldr   x2, [x0]
          ldur  x3, [x0, #1]
          str   x1, [x0, #8]
          str   x1, [x0, #4096]
          hvc   #0
      """;

  private static Scenario guest(String tlb) {
    Scenario scenario = TestScenarios.of(GUEST);
    BoardPlan usual = scenario.board();
    return scenario.with(
        new BoardPlan(
            1,
            usual.others(),
            usual.quantum(),
            usual.epoch(),
            TlbPlan.parse(tlb),
            usual.profile()));
  }

  /** The first exception after the edits, which must be a fault. */
  private static Translation.Fault fault(List<SimEvent> events) {
    return firstException(events).fault().orElseThrow();
  }

  private static SimEvent.ExceptionTaken firstException(List<SimEvent> events) {
    return events.stream()
        .filter(SimEvent.ExceptionTaken.class::isInstance)
        .map(SimEvent.ExceptionTaken.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void assertFault(List<SimEvent> events, FaultKind kind, int level, long ipa) {
    Translation.Fault fault = fault(events);
    assertThat(fault.kind().at(fault.level())).isEqualTo(kind.at(level));
    assertThat(fault.ipa() & -4096).isEqualTo(ipa);
  }

  private static boolean endsWell(List<SimEvent> events) {
    return events.getLast() instanceof SimEvent.GuestStopped stopped && stopped.ok();
  }

  /** The faults on the first page of the heap: there are none as long as a stale entry is used. */
  private static long faultsOnHeap(List<SimEvent> events) {
    return events.stream()
        .filter(e ->
            e instanceof SimEvent.ExceptionTaken taken
                && taken.fault().filter(f -> (f.ipa() & -4096) == HEAP).isPresent())
        .count();
  }

  @Test
  void anUnmappedPageFaultsAndComesBackEmpty() {
    List<SimEvent> events = after(guest("realistic"), CALLED, "unmap ipa 0x40200000");
    assertFault(events, FaultKind.TRANSLATION, 2, HEAP);
    assertThat(endsWell(events)).isTrue();
    assertThat(events)
        .anyMatch(
            e -> e instanceof SimEvent.HostCallBegan call && call.name().equals("s2mmu_unmap"));
  }

  @Test
  void anUnmappedBlockTakesAllThatItMaps() {
    List<SimEvent> events = after(guest("realistic"), CALLED, "unmap ipa 0x40080000 block");
    assertFault(events, FaultKind.TRANSLATION, 2, TestScenarios.START & -4096);
  }

  @Test
  void anUnmappedRangeTakesWhatOfItIsMapped() {
    List<SimEvent> events = after(guest("realistic"), CALLED, "unmap ipa 0x40200000 size 64K");
    assertFault(events, FaultKind.TRANSLATION, 2, HEAP);
  }

  @Test
  void aClearedAccessFlagFaultsOnlyWhenTheEntryIsNotHeld() {
    assertFault(
        after(guest("off"), CALLED, "clear-af ipa 0x40200000"), FaultKind.ACCESS_FLAG, 3, HEAP);
    assertThat(faultsOnHeap(after(guest("realistic"), CALLED, "clear-af ipa 0x40200000"))).isZero();
  }

  @Test
  void aPermissionTakenAwayRefusesThatAccessAndStaysGrantedByAStaleEntry() {
    SimEvent.ExceptionTaken write =
        firstException(after(guest("off"), CALLED, "s2ap ipa 0x40200000 ro"));
    assertThat(write.fault().orElseThrow().kind().at(3)).isEqualTo(FaultKind.PERMISSION.at(3));
    assertThat(write.esr() & 1 << 6).isNotZero();
    SimEvent.ExceptionTaken read =
        firstException(after(guest("off"), CALLED, "s2ap ipa 0x40200000 wo"));
    assertThat(read.fault().orElseThrow().kind()).isEqualTo(FaultKind.PERMISSION);
    assertThat(read.esr() & 1 << 6).isZero();
    List<SimEvent> stale = after(guest("realistic"), CALLED, "s2ap ipa 0x40200000 none");
    assertThat(faultsOnHeap(stale)).isZero();
    assertThat(endsWell(stale)).isTrue();
  }

  @Test
  void codeThatMayNotBeExecutedIsAPermissionFaultOfTheFetch() {
    SimEvent.ExceptionTaken fetch =
        firstException(after(guest("off"), CALLED, "xn ipa 0x40080000 neither"));
    assertThat(fetch.exceptionClass()).isEqualTo(0x20);
    Translation.Fault fault = fetch.fault().orElseThrow();
    assertThat(fault.kind().at(fault.level())).isEqualTo(FaultKind.PERMISSION.at(2));
  }

  @Test
  void deviceMemoryRefusesWhatIsNotAligned() {
    List<SimEvent> events = after(guest("off"), CALLED, "memattr ipa 0x40200000 device-ngnre");
    assertThat(firstException(events).esr() & 0x3f).isEqualTo(0x21);
    assertThat(endsWell(after(guest("off"), CALLED, "memattr ipa 0x40200000 normal-nc"))).isTrue();
  }

  /** Where the leaf of the heap's first page stands after the guest's first call. */
  private static long leafOfHeap() {
    Travel travel = Travel.begin(guest("off"));
    travel.goTo(CALLED);
    return LongStream.range(0, travel.events().size())
        .mapToObj(travel.events()::get)
        .map(Event::what)
        .filter(e -> e instanceof SimEvent.DescriptorStored s && (s.value() & 0x403) == 0x403)
        .mapToLong(e -> ((SimEvent.DescriptorStored) e).pa())
        .max()
        .orElseThrow();
  }

  @Test
  void aCorruptedDescriptorFaultsByTheBitThatIsWrong() {
    String at = "flip pa " + leafOfHeap() + " bit ";
    assertFault(after(guest("off"), CALLED, at + 0), FaultKind.TRANSLATION, 3, HEAP);
    assertFault(after(guest("off"), CALLED, at + 10), FaultKind.ACCESS_FLAG, 3, HEAP);
    // No memory answers at the address with bit 47.
    assertThat(firstException(after(guest("off"), CALLED, at + 47)).esr() & 0x3f).isEqualTo(0x10);
    assertThat(fault(after(guest("off"), CALLED, at + 6)).kind()).isEqualTo(FaultKind.PERMISSION);
    // A bit that means nothing here.
    assertThat(endsWell(after(guest("off"), CALLED, at + 57))).isTrue();
  }

  @Test
  void aTableElsewhereMapsWhatStandsThere() {
    List<SimEvent> nothing =
        after(guest("off"), CALLED, "table ipa 0x40200000 level 2 to 0x4f000000");
    assertFault(nothing, FaultKind.TRANSLATION, 3, HEAP);
    List<SimEvent> noMemory =
        after(guest("off"), CALLED, "table ipa 0x40200000 level 2 to 0x70000000");
    assertThat(fault(noMemory).kind().at(3)).isEqualTo(FaultKind.EXTERNAL_ON_WALK.at(3));
  }

  @Test
  void withoutItsTlbiAnUnmapLeavesTheOldTranslationInUse() {
    List<SimEvent> events =
        after(guest("realistic"), CALLED, "skip-next tlbi", "unmap ipa 0x40200000");
    assertThat(withheld(events))
        .containsExactly(
            "the hypervisor issued TLBI VMALLS12E1IS; you withheld it: it had no effect");
    assertThat(faultsOnHeap(events)).isZero();
    // The next is carried out again, and with it the entry goes.
    List<SimEvent> twice =
        after(
            guest("realistic"),
            CALLED,
            "skip-next tlbi",
            "unmap ipa 0x40200000",
            "unmap ipa 0x40080000 block");
    assertThat(withheld(twice)).hasSize(1);
    assertThat(twice).anyMatch(SimEvent.TlbInvalidated.class::isInstance);
  }

  @Test
  void aTlbiForAnotherVmidLeavesTheOldTranslationInUse() {
    List<SimEvent> events =
        after(guest("realistic"), CALLED, "narrow-next tlbi vmid 3", "unmap ipa 0x40200000");
    assertThat(withheld(events).getFirst()).contains("you let it name VMID 3 instead");
    assertThat(events)
        .anyMatch(e -> e instanceof SimEvent.TlbInvalidated t && t.vmid() == 3 && t.removed() == 0);
    assertThat(faultsOnHeap(events)).isZero();
  }

  @Test
  void aTlbiOfThisPeOnlyIsTheFormWithoutIs() {
    List<SimEvent> events =
        after(guest("realistic"), CALLED, "narrow-next tlbi local", "unmap ipa 0x40200000");
    assertThat(withheld(events).getFirst()).contains("no other PE");
    assertThat(events)
        .anyMatch(
            e -> e instanceof SimEvent.TlbInvalidated t && t.operation().equals("vmalls12e1"));
    assertThat(faultsOnHeap(events)).isEqualTo(1);
  }

  @Test
  void aTlbiThatNamesNoAddressIsLeftAsItIsByAnotherShift() {
    List<SimEvent> events =
        after(guest("realistic"), CALLED, "narrow-next tlbi shift 16", "unmap ipa 0x40200000");
    assertThat(withheld(events).getFirst()).contains("whole effect: it names no address");
    assertThat(faultsOnHeap(events)).isEqualTo(1);
  }

  @Test
  void aWithheldBarrierIsOneThatNeverWas() {
    for (String kind : List.of("dsb", "isb")) {
      List<SimEvent> events =
          after(guest("realistic"), CALLED, "skip-next " + kind, "unmap ipa 0x40200000");
      assertThat(withheld(events)).hasSize(1);
      assertThat(withheld(events).getFirst()).contains(kind.toUpperCase(java.util.Locale.ROOT));
      List<SimEvent> plain = after(guest("realistic"), CALLED, "unmap ipa 0x40200000");
      assertThat(barriers(plain, kind)).isEqualTo(barriers(events, kind) + 1);
    }
  }

  private static long barriers(List<SimEvent> events, String kind) {
    return events.stream()
        .filter(e -> e instanceof SimEvent.BarrierCompleted b && b.text().startsWith(kind))
        .count();
  }

  @Test
  void anotherVmidUnderTheGuestFindsNothingHeldAndIsWhatWalksAreTaggedWith() {
    List<SimEvent> events = after(guest("realistic"), CALLED, "vmid 5");
    assertThat(events)
        .anyMatch(e -> e instanceof SimEvent.Translated t && t.translation().vmid() == 5);
    assertThat(endsWell(events)).isTrue();
  }

  @Test
  void anotherVtcrMakesTheSameTablesMeanSomethingElse() {
    // T0SZ 32: 32-bit IPAs, in which the walk begins a level lower in the same root.
    List<SimEvent> events = after(guest("off"), CALLED, "vtcr 0x80023560");
    assertThat(fault(events).kind()).isEqualTo(FaultKind.TRANSLATION);
  }

  @Test
  void anotherRootMapsNothing() {
    List<SimEvent> events = after(guest("off"), CALLED, "vttbr 0x100004f000000");
    assertFault(events, FaultKind.TRANSLATION, 0, TestScenarios.START & -4096);
  }

  @Test
  void anAllocationThatFailsEndsAGuestThatNeedsThePage() {
    List<SimEvent> events = after(guest("realistic"), CALLED, "fail-alloc");
    assertThat(events).anyMatch(e -> e instanceof SimEvent.Allocated a && a.pa() == 0);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SimEvent.GuestStopped.class, s -> assertThat(s.reason()).contains("out of memory"));
  }

  @Test
  void aPhysicalInterruptIsAnExitAndAVirtualOneIsTakenByTheGuest() {
    for (String kind : List.of("irq", "fiq", "serror")) {
      int offset = List.of("irq", "fiq", "serror").indexOf(kind) + 1;
      SimEvent.ExceptionTaken exit = firstException(after(guest("off"), CALLED, kind));
      assertThat(exit.toEl()).isEqualTo(2);
      assertThat(exit.vector()).isEqualTo(8 + offset);
      // The guest's PSTATE masks it, so that it stays pending.
      List<SimEvent> masked = after(guest("off"), CALLED, kind + " virtual");
      assertThat(firstException(masked).toEl()).isEqualTo(2);
      assertThat(endsWell(masked)).isTrue();
    }
    Scenario open = TestScenarios.of("msr daifclr, #7\n mov x1, #1\n mov x1, #2\n hvc #0\n");
    for (String kind : List.of("irq", "fiq", "serror")) {
      int offset = List.of("irq", "fiq", "serror").indexOf(kind) + 1;
      SimEvent.ExceptionTaken taken = firstException(after(open, Moment.at(3), kind + " virtual"));
      assertThat(taken.toEl()).isEqualTo(1);
      assertThat(taken.vector()).isEqualTo(4 + offset);
      if (kind.equals("serror")) {
        assertThat(taken.exceptionClass()).isEqualTo(0x2f);
      }
    }
  }

  @Test
  void aPhysicalSErrorHasItsClassAndIsTakenOnce() {
    List<SimEvent> events = after(guest("off"), CALLED, "serror physical");
    assertThat(firstException(events).exceptionClass()).isEqualTo(0x2f);
    assertThat(
            events.stream()
                .filter(e -> e instanceof SimEvent.ExceptionTaken taken && taken.vector() == 11))
        .hasSize(1);
  }

  @Test
  void aFlippedRegisterIsWhatTheGuestGoesOnWith() {
    Scenario scenario = TestScenarios.of("mov x1, #1\n nop\n mov x0, #1\n hvc #2\n hvc #0\n");
    Travel travel = Travel.begin(scenario);
    travel.goTo(Moment.at(2));
    travel.inject(InjectionGrammar.parse("register x1 bit 4"));
    travel.goTo(Moment.at(4));
    List<SimEvent> events = after(scenario, Moment.at(2), "register x1 bit 4");
    assertThat(events.getFirst()).isEqualTo(new SimEvent.Edited("flip bit 4 of x1"));
    List<SimEvent> jumped = after(guest("off"), CALLED, "register pc bit 30");
    assertThat(fault(jumped).kind()).isEqualTo(FaultKind.TRANSLATION);
    List<SimEvent> stage2Off = after(guest("off"), CALLED, "register HCR_EL2 bit 0");
    assertThat(faultsOnHeap(stage2Off)).isZero();
  }

  @Test
  void flagsMasksAndVectorRegistersAreFlippedToo() {
    Scenario flags = TestScenarios.of("cmp x0, x0\n cset x1, eq\n nop\n hvc #2\n hvc #0\n");
    List<SimEvent> zero = after(flags, Moment.at(2), "register pstate bit 30");
    assertThat(zero.getFirst()).isEqualTo(new SimEvent.Edited("flip bit 30 of pstate"));
    assertThat(twoLater(flags, 2, "register pstate bit 30", 1)).isZero();
    assertThat(twoLater(flags, 2, "register pstate bit 29", 1)).isEqualTo(1);

    Scenario masked = TestScenarios.of("nop\n nop\n nop\n hvc #0\n");
    SimEvent.ExceptionTaken taken =
        firstException(after(masked, Moment.at(2), "irq virtual", "register pstate bit 7"));
    assertThat(taken.toEl()).isEqualTo(1);
    assertThat(taken.vector()).isEqualTo(5);

    Scenario vectors =
        TestScenarios.of(
                """
                mov   x0, #0x33ff
                msr   cptr_el2, x0
                isb
                nop
                mov   x2, v3.d[1]
                again: b again
                """)
            .bare(true);
    after(vectors, Moment.at(3), "register v3 bit 100");
    assertThat(twoLater(vectors, 3, "register v3 bit 100", 2)).isEqualTo(1L << 36);
    Travel travel = Travel.begin(vectors);
    travel.step(2);
    refused(travel, "register pstate bit 2", "the flags, bits 31 to 28");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InjectionGrammar.parse("register v3 bit 128"))
        .withMessageContaining("128 is not in 0 to 127");
  }

  /** What a general register holds two instructions after an edit. */
  private static long twoLater(Scenario scenario, int instruction, String edit, int x) {
    try (Session session = Session.open(scenario)) {
      session.submit(new Command.GoTo(Moment.at(instruction))).join();
      session.submit(new Command.Inject(InjectionGrammar.parse(edit))).join();
      return session.submit(new Command.GoTo(Moment.at(instruction + 2))).join().pe().x(x);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatCannotBeDoneIsRefusedInWordsAndChangesNothing(Engine engine) {
    Travel travel = Travel.begin(guest("realistic"), engine);
    travel.goTo(CALLED);
    long hash = travel.stateHash();
    long events = travel.events().size();
    refused(travel, "unmap ipa 0x40300000", "is not mapped: its walk ends at level");
    refused(travel, "unmap ipa 0x40280000 size 64K", "nothing is mapped");
    refused(travel, "unmap ipa 0x40200000 size 100", "multiples of the granule");
    refused(travel, "unmap ipa 0x1000000000000", "beyond the 48-bit input size");
    refused(travel, "clear-af ipa 0x70000000", "is not mapped");
    refused(travel, "s2ap ipa 0x40200000 rw", "is already so");
    refused(travel, "xn ipa 0x1000000000000 both", "beyond the 48-bit input size");
    refused(travel, "memattr ipa 0x40200000 as-stage-1", "HCR_EL2.FWB is 0");
    refused(travel, "table ipa 0x40200000 level 3 to 0x48000000", "level 0 to 2");
    refused(travel, "table ipa 0x40080000 level 2 to 0x48000000", "ends at level 2 with a leaf");
    refused(travel, "table ipa 0x40200000 level 2 to 0x48000800", "multiple of 4K");
    refused(travel, "flip pa 0x3fffffff8 bit 1", "no 8-byte aligned address in RAM");
    refused(travel, "flip pa 0x48000004 bit 1", "no 8-byte aligned address in RAM");
    refused(travel, "vmid 1", "names VMID 1 already");
    refused(travel, "irq pe 1", "there is no PE 1");
    refused(travel, "register x31 bit 1", "x31");
    refused(travel, "register MIDR_EL1 bit 1", "read-only");
    assertThat(travel.stateHash()).isEqualTo(hash);
    assertThat(travel.events().size()).isEqualTo(events);
    travel.inject(InjectionGrammar.parse("skip-next dsb"));
    refused(travel, "skip-next dsb", "withheld already");
    travel.inject(InjectionGrammar.parse("fail-alloc"));
    refused(travel, "fail-alloc", "already");
    travel.inject(InjectionGrammar.parse("register VTCR_EL2 bit 19"));
    refused(travel, "vmid 256", "does not fit into the 8 bits");
    travel.goTo(Moment.START);
    refused(travel, "clear-af ipa 0x40200000", "names no table now");
    refused(travel, "irq virtual", "needs HCR_EL2.IMO = 1");
    travel.toEnd();
    refused(travel, "irq", "the guest has ended");
  }

  @Test
  void whatIsArmedIsPartOfTheState() {
    Travel travel = Travel.begin(guest("realistic"));
    travel.goTo(CALLED);
    Set<Long> hashes = new HashSet<>();
    hashes.add(travel.stateHash());
    for (String edit :
        List.of(
            "skip-next tlbi",
            "narrow-next tlbi vmid 3",
            "narrow-next tlbi vmid 4",
            "narrow-next tlbi shift 3",
            "narrow-next tlbi local",
            "narrow-next tlbi stage2",
            "skip-next dsb",
            "skip-next isb",
            "fail-alloc",
            "irq",
            "irq virtual",
            "serror")) {
      travel.goTo(CALLED);
      travel.inject(InjectionGrammar.parse(edit));
      assertThat(hashes.add(travel.stateHash())).as(edit).isTrue();
      travel.undo();
    }
  }

  @Test
  void aTlbiWhoseDsbIsWithheldNeedNotBeCompleteForAWorstCaseTlb() {
    Travel plain = begin("unmap ipa 0x40200000 at instruction 6");
    assertThat(faultsOnHeap(whats(plain, plain.events().size() / 2))).isEqualTo(1);
    long ordered =
        LongStream.range(0, plain.events().size())
            .filter(n -> plain.events().get(n).what() instanceof SimEvent.TlbInvalidated)
            .filter(n -> plain.events().momentOf(n).instruction() == CALLED.instruction())
            .findFirst()
            .orElseThrow();
    Travel withheld =
        begin("unmap ipa 0x40200000 at instruction 6", "skip-next dsb at event " + ordered);
    assertThat(faultsOnHeap(whats(withheld, ordered))).isZero();
  }

  private static Travel begin(String... plans) {
    Travel travel =
        Travel.begin(
            guest("adversarial")
                .withInjections(Stream.of(plans).map(InjectionGrammar::parsePlanned).toList()));
    travel.goTo(Moment.at(CALLED.instruction() + INSTRUCTIONS));
    return travel;
  }
}
