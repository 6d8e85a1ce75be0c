package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Breakpoints are of a program: they stay where it begins anew. */
final class BreakpointsOverRestartTest {
  private static final String SOURCE = "mov x1, #1\nloop: add x1, x1, #1\n hvc #1\n hvc #0\n";
  private final Session session = Session.open(TestScenarios.of(SOURCE));

  @AfterEach
  void close() {
    session.close();
  }

  private Snapshot perform(Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static List<String> texts(Snapshot now) {
    return now.breakpoints().stream().map(b -> b.number() + " " + b.text()).toList();
  }

  @Test
  void aRestartKeepsThemWithTheirNumbersAndWhichAreEnabled() {
    perform(new Command.AddBreakpoint("on tlbi"));
    perform(new Command.RemoveBreakpoint(1));
    perform(new Command.AddBreakpoint("on exit ec=0x16"));
    perform(new Command.AddBreakpoint("at loop if x1 == 1"));
    perform(new Command.AddBreakpoint("watch write register x1"));
    perform(new Command.EnableBreakpoint(2, false));
    perform(new Command.NextBreakpoint(4));
    Snapshot again = perform(new Command.Restart(TestScenarios.of(SOURCE).with(Granule.K64, 48)));
    assertThat(texts(again))
        .containsExactly("2 on exit ec=0x16", "3 at loop if x1 == 1", "4 watch write register X1");
    assertThat(again.breakpoints()).allMatch(b -> b.hits() == 0 && !b.here());
    assertThat(again.breakpoints().getFirst().enabled()).isFalse();
    assertThat(perform(new Command.NextBreakpoint(0)).notice())
        .startsWith("breakpoint 3: at loop")
        .contains("; breakpoint 4: X1");
    assertThat(texts(perform(new Command.AddBreakpoint("on tlbi")))).contains("5 on tlbi");
  }

  @Test
  void aLabelOfAnEditedSourceIsFoundWhereItIsNow() {
    perform(new Command.AddBreakpoint("at loop"));
    Snapshot edited = perform(new Command.Restart(TestScenarios.of("nop\nnop\n" + SOURCE)));
    assertThat(edited.notice()).isEmpty();
    assertThat(perform(new Command.NextBreakpoint(0)).pe().pc())
        .isEqualTo(TestScenarios.START + 12);
  }

  @Test
  void whatMeansNothingAfterARestartIsGoneAndSaidToBe() {
    perform(new Command.AddBreakpoint("at loop"));
    perform(new Command.AddBreakpoint("on exit"));
    Snapshot edited = perform(new Command.Restart(TestScenarios.of("hvc #0\n")));
    assertThat(texts(edited)).containsExactly("2 on exit");
    assertThat(edited.notice())
        .startsWith("breakpoint 1 is gone: 'at loop', column 4: ")
        .endsWith("the program has no label 'loop'");
  }

  @Test
  void anotherProgramBeginsWithoutThem() {
    perform(new Command.AddBreakpoint("on exit"));
    Scenario other = TestScenarios.of(SOURCE);
    Snapshot fresh = perform(new Command.Restart(named("another", other)));
    assertThat(fresh.breakpoints()).isEmpty();
    assertThat(fresh.notice()).isEmpty();
  }

  private static Scenario named(String name, Scenario of) {
    return new Scenario(
        name,
        of.title(),
        of.story(),
        of.sourceName(),
        of.source(),
        of.granule(),
        of.ipaBits(),
        of.defects(),
        of.regions());
  }

  @Test
  void aRestartThatIsRefusedLeavesThemAsTheyWere() {
    perform(new Command.AddBreakpoint("at loop"));
    assertThat(session.submit(new Command.Restart(TestScenarios.of("bogus x0\n"))))
        .failsWithin(60, TimeUnit.SECONDS);
    assertThat(texts(session.snapshot())).containsExactly("1 at loop");
  }
}
