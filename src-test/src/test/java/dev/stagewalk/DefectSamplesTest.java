package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The defects that no switch shows are shown by samples, and their mended twins do not show them.
 */
final class DefectSamplesTest {

  @ParameterizedTest
  @EnumSource(Defect.class)
  void theSampleThatADefectNamesIsThere(Defect defect) {
    assertThat(Stream.of(defect.sample()).filter(name -> !name.isEmpty()))
        .allMatch(name -> Catalogue.standard().find(name).isPresent());
  }

  @Test
  void theHostsOwnExceptionIsTakenForAnExitOfTheGuest() {
    Snapshot posted = run(sample(Defect.HOST_EXCEPTION_AS_GUEST_EXIT));
    assertThat(posted.console())
        .isEqualTo(
            """
            host: took an exception of its own
            host: the guest has exited
            host: is somewhere that nobody called
            """);
    // UDF, the guest's HVC, UDF, then aborts at addresses that lay on the stack.
    assertThat(taken(posted).stream().map(SimEvent.ExceptionTaken::exceptionClass))
        .containsExactly(0x00, 0x16, 0x00, 0x21, 0x21);
    Snapshot mended = run(mended(sample(Defect.HOST_EXCEPTION_AS_GUEST_EXIT)));
    assertThat(mended.console())
        .isEqualTo(
            """
            host: took an exception of its own
            host: the guest has exited
            host: took an exception of its own
            host: still sane
            """);
  }

  @Test
  void anExceptionAtAHoleInTheVectorsLosesItsCause() {
    Snapshot posted = run(sample(Defect.VECTOR_HOLES));
    assertThat(posted.console())
        .isEqualTo("host: taken at entry 4, from inside the vectors: the cause is lost\n");
    assertThat(taken(posted).stream().map(SimEvent.ExceptionTaken::vector)).containsExactly(0, 4);
    Snapshot mended = run(mended(sample(Defect.VECTOR_HOLES)));
    assertThat(mended.console())
        .isEqualTo("host: taken at entry 0, from the instruction that caused it\n");
    assertThat(taken(mended)).hasSize(1);
  }

  @Test
  void theTestPageInTheCodeBlockIsNeverReadAndTheMendedHostRefusesIt() {
    Snapshot posted = run(sample(Defect.VACUOUS_TEST_PAGE));
    assertThat(posted.pe().x(19)).as("it passed").isEqualTo(1);
    assertThat(posted.pe().x(2)).as("what it compared").isNotEqualTo(0xbeef_cafeL);
    Snapshot mended = run(sample(Defect.VACUOUS_TEST_PAGE).withDefects("none"));
    assertThat(mended.status()).contains("regions code and test overlap");
  }

  private static Scenario sample(Defect defect) {
    return Catalogue.standard().find(defect.sample()).orElseThrow();
  }

  private static Scenario mended(Scenario sample) {
    return sample.withSource(sample.source().replace("POSTED, 1", "POSTED, 0"));
  }

  private static List<SimEvent.ExceptionTaken> taken(Snapshot end) {
    return LongStream.range(0, end.eventCount())
        .mapToObj(n -> end.events().get(n).what())
        .filter(SimEvent.ExceptionTaken.class::isInstance)
        .map(SimEvent.ExceptionTaken.class::cast)
        .filter(exception -> exception.toEl() == 2)
        .toList();
  }

  private static Snapshot run(Scenario scenario) {
    try (Session session = Session.open(scenario)) {
      session.submit(new Command.StopAtExits(false)).orTimeout(60, TimeUnit.SECONDS).join();
      return session.submit(new Command.Run()).orTimeout(60, TimeUnit.SECONDS).join();
    }
  }
}
