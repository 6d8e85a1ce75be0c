package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.Travel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guests that have their host do what the posted library cannot, before every TLB. */
final class LibrarySamplesTest {

  static Stream<Arguments> geometriesAndTlbs() {
    List<Arguments> all = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      for (String tlb : List.of("realistic", "adversarial", "off")) {
        all.add(Arguments.of(granule, granule == Granule.K4 ? 40 : 48, tlb));
      }
    }
    return all.stream();
  }

  /** Each granule and each TLB once. */
  static Stream<Arguments> aFew() {
    return Stream.of(
        Arguments.of(Granule.K4, 40, "adversarial"),
        Arguments.of(Granule.K16, 48, "realistic"),
        Arguments.of(Granule.K64, 48, "off"));
  }

  @ParameterizedTest
  @MethodSource("geometriesAndTlbs")
  void theLogNamesThePagesThatWereWritten(Granule granule, int ipaBits, String tlb) {
    Snapshot end = run(sample("dirty-log", granule, ipaBits, tlb));
    assertThat(end.console()).isEqualTo("guest: the log names just the pages that were written\n");
    assertThat(answers(end, "log_write")).hasSize(3);
    clean(end);
  }

  @ParameterizedTest
  @MethodSource("aFew")
  void theWalkerLogsWhereItManagesDirtyState(Granule granule, int ipaBits, String tlb) {
    Scenario sample = sample("dirty-log", granule, ipaBits, tlb);
    Snapshot end =
        run(
            sample
                .withSource(sample.source().replace("HARDWARE, 0", "HARDWARE, 1"))
                .with(sample.board().withProfile("max")));
    assertThat(end.console()).isEqualTo("guest: the log names just the pages that were written\n");
    assertThat(answers(end, "log_write")).isEmpty();
    clean(end);
  }

  @ParameterizedTest
  @MethodSource("geometriesAndTlbs")
  void theAccessFlagsTellThePagesThatWereTouched(Granule granule, int ipaBits, String tlb) {
    Snapshot end = run(sample("access-flags", granule, ipaBits, tlb));
    assertThat(end.console()).isEqualTo("guest: the flags tell the pages that were touched\n");
    // Without a TLBI a touch is only seen where no TLB answers.
    assertThat(answers(end, "access_flag")).hasSize(tlb.equals("off") ? 6 : 3);
    clean(end);
  }

  @ParameterizedTest
  @MethodSource("aFew")
  void theWalkerSetsAccessFlagsWhereItManagesThem(Granule granule, int ipaBits, String tlb) {
    Scenario sample = sample("access-flags", granule, ipaBits, tlb);
    Snapshot end =
        run(
            sample
                .withSource(
                    sample
                        .source()
                        .replace("_start:", "_start: mov x0, #1\n mov x1, #0\n hvc #0x5209\n"))
                .with(sample.board().withProfile("max")));
    assertThat(end.console()).isEqualTo("guest: the flags tell the pages that were touched\n");
    assertThat(answers(end, "access_flag")).isEmpty();
    clean(end);
  }

  @Test
  void aPersonCallsTheLibraryForAGuestThatKnowsNothingOfIt() {
    Scenario sample = sample("demand-paging", Granule.K4, 40, "adversarial");
    try (Session session = Session.open(sample)) {
      submit(session, new Command.NextExit());
      submit(session, new Command.NextExit());
      submit(session, new Command.Step());
      submit(session, new Command.Step());
      submit(session, call("log-start ipa 0x40200000 size 1M"));
      submit(session, call("age ipa 0x40200000 size 1M no-tlbi"));
      submit(session, call("split ipa 0x40000000"));
      submit(session, call("protect ipa 0x40300000 rw"));
      submit(session, new Command.StopAtExits(false));
      Snapshot end = submit(session, new Command.Run());
      assertThat(end.console()).isEqualTo("guest: every word read back\n");
      assertThat(answers(end, "log_write")).contains("0x4020_0000 is dirty");
      assertThat(calls(end))
          .contains(
              "s2mmu_log_start: 1 leaf changed",
              "s2mmu_clear_access: 1: 0x4020_0000 4 KiB",
              "s2mmu_split: 1 leaf changed",
              "s2mmu_protect: nothing is mapped in the range");
      clean(end);
    }
  }

  @Test
  void aCallOfTheLibraryIsUndoneByGoingBack() {
    Travel travel = Travel.begin(sample("demand-paging", Granule.K4, 40, "realistic"));
    travel.toEnd();
    Moment moment = Moment.at(travel.moment().instruction() / 2);
    travel.goTo(moment);
    long before = travel.stateHash();
    travel.inject(InjectionGrammar.parse("split ipa 0x40000000"));
    travel.microStep(40);
    long inside = travel.stateHash();
    travel.microStepBack(7);
    travel.microStep(7);
    assertThat(travel.stateHash()).isEqualTo(inside).isNotEqualTo(before);
    travel.undo();
    travel.goTo(moment);
    assertThat(travel.stateHash()).isEqualTo(before);
  }

  private static Command call(String text) {
    return new Command.Inject(InjectionGrammar.parse(text));
  }

  private static List<String> calls(Snapshot end) {
    return LongStream.range(0, end.eventCount())
        .mapToObj(n -> end.events().get(n).what())
        .filter(SimEvent.HostCallEnded.class::isInstance)
        .map(what -> (SimEvent.HostCallEnded) what)
        .map(ended -> ended.name() + ": " + ended.result())
        .toList();
  }

  /** Reads a page, has its permissions changed in between, and writes it in the end. */
  private static final String PERMISSIONS =
      """
      _start: ldr     x19, =0x40600000
              str     x19, [x19]          // a TLB holds it, writable
              mov     x2, #1              // R
              bl      protect
              ldr     x3, [x19]           // a TLB holds it, read-only
              mov     x2, #3              // RW
              bl      %s
              str     x2, [x19]
              hvc     #0
      protect:
              mov     x0, x19
              mov     x1, #PAGE
              hvc     #0x5201
              ret
      nothing:
              ret
              .equ    PAGE,   4096
      """;

  @ParameterizedTest
  @MethodSource("aFew")
  void permissionsThatAreGivenBackAreUsedAtOnce(Granule granule, int ipaBits, String tlb) {
    Snapshot end = run(permissions("protect", granule, ipaBits, tlb));
    assertThat(answers(end, "kill")).isEmpty();
    assertThat(answers(end, "hypercall")).containsExactly("HVC #0: the guest has finished");
    clean(end);
  }

  @ParameterizedTest
  @MethodSource("aFew")
  void permissionsThatAreTakenAwayAreMissedAtOnce(Granule granule, int ipaBits, String tlb) {
    Snapshot end = run(permissions("nothing", granule, ipaBits, tlb));
    assertThat(answers(end, "kill"))
        .singleElement()
        .asString()
        .startsWith("write to a read-only page, VA 0x4060_0000");
    clean(end);
  }

  private static Scenario permissions(String last, Granule granule, int ipaBits, String tlb) {
    return sample("dirty-log", granule, ipaBits, tlb)
        .withSource(
            PERMISSIONS.formatted(last).replace("PAGE,   4096", "PAGE, " + granule.bytes()));
  }

  @Test
  void aBlockIsSplitAndMergedUnderTheGuestThatRunsInIt() {
    for (String tlb : List.of("realistic", "adversarial", "off")) {
      Snapshot end = run(sample("split-merge", Granule.K4, 40, tlb));
      assertThat(end.console()).isEqualTo("guest: a block, pages, a block again\n");
      clean(end);
    }
  }

  private static Scenario sample(String name, Granule granule, int ipaBits, String tlb) {
    Scenario sample = Catalogue.standard().find(name).orElseThrow();
    return sample
        .with(granule, ipaBits)
        .withSource(sample.source().replace("PAGE,   4096", "PAGE, " + granule.bytes()))
        .with(sample.board().with(TlbPlan.parse(tlb)));
  }

  private static void clean(Snapshot end) {
    assertThat(end.checks().judgement().violations()).isEmpty();
    assertThat(end.checks().judgement().outstanding()).isEmpty();
  }

  private static List<String> answers(Snapshot end, String handler) {
    return LongStream.range(0, end.eventCount())
        .mapToObj(n -> end.events().get(n).what())
        .filter(SimEvent.HandlerAnswered.class::isInstance)
        .map(SimEvent.HandlerAnswered.class::cast)
        .filter(answer -> answer.handler().equals(handler))
        .map(SimEvent.HandlerAnswered::reason)
        .toList();
  }

  private static Snapshot run(Scenario scenario) {
    try (Session session = Session.open(scenario)) {
      submit(session, new Command.StopAtExits(false));
      return submit(session, new Command.Run());
    }
  }

  private static Snapshot submit(Session session, Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }
}
