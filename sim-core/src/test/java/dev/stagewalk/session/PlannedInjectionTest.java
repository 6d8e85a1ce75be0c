package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlannedInjectionTest {
  private static Travel begin(String... plans) {
    return Travel.begin(
        TestScenarios.twoPages()
            .withInjections(Stream.of(plans).map(InjectionGrammar::parsePlanned).toList()));
  }

  private static List<Event> edits(Travel travel) {
    return LongStream.range(0, travel.events().size())
        .mapToObj(travel.events()::get)
        .filter(e -> e.what() instanceof SimEvent.Edited)
        .toList();
  }

  private static List<String> words(Travel travel) {
    return edits(travel).stream().map(e -> ((SimEvent.Edited) e.what()).what()).toList();
  }

  /** The event before the first edit. */
  private static SimEvent before(Travel travel) {
    return travel.events().get(edits(travel).getFirst().number() - 1).what();
  }

  @Test
  void anInjectionAtAnExitComesBeforeTheHandlerActs() {
    Travel travel = begin("unmap ipa 0x40200000 at exit 2");
    travel.toEnd();
    assertThat(words(travel)).containsExactly("unmap the page at 0x4020_0000");
    assertThat(before(travel))
        .isInstanceOfSatisfying(
            SimEvent.ExceptionTaken.class, e -> assertThat(e.exceptionClass()).isEqualTo(0x16));
  }

  @Test
  void anInjectionAtAnEventComesRightAfterIt() {
    Travel plain = begin();
    plain.toEnd();
    long allocated =
        LongStream.range(0, plain.events().size())
            .filter(n -> plain.events().get(n).what() instanceof SimEvent.Allocated)
            .max()
            .orElseThrow();
    Travel travel = begin("set x20 7 at event " + allocated);
    travel.toEnd();
    assertThat(edits(travel)).hasSize(1);
    assertThat(edits(travel).getFirst().number()).isEqualTo(allocated + 1);
  }

  @Test
  void anInjectionAtAnInstructionOrMomentComesBeforeWhatFollows() {
    for (String time : List.of("start", "instruction 4", "1:3.2")) {
      Travel travel = begin("set x20 7 at " + time);
      travel.toEnd();
      Moment moment = edits(travel).getFirst().moment();
      Moment wanted =
          time.equals("start") ? Moment.START : Moment.parse(time.replaceAll(".* ", ""));
      assertThat(moment).isEqualTo(Moment.at(wanted.instruction(), wanted.micro() + 1));
    }
  }

  @Test
  void severalAtOneTimeComeInTheirOrder() {
    Travel travel =
        begin("set x21 3 at exit 1", "set x20 1 at instruction 3", "set x20 2 at instruction 3");
    travel.toEnd();
    assertThat(words(travel))
        .containsExactly("set x20 = 0x0000_0001", "set x20 = 0x0000_0002", "set x21 = 0x0000_0003");
  }

  @Test
  void whatCannotBeDoneIsReportedAndChangesNothing() {
    Travel plain = begin();
    plain.toEnd();
    Travel travel = begin("clear-af ipa 0x70000000 at exit 2");
    travel.toEnd();
    assertThat(words(travel).getFirst())
        .startsWith("refused clear AF of 0x7000_0000: 0x7000_0000 is not mapped");
    assertThat(travel.stateHash()).isEqualTo(plain.stateHash());
    assertThat(travel.events().size()).isEqualTo(plain.events().size() + 1);
  }

  @Test
  void goingBackIsBeforeItAndGoingOnDoesItAgain() {
    Travel travel = begin("clear-af ipa 0x40200000 at exit 2", "set x20 7 at instruction 5");
    Travel plain = begin();
    plain.goTo(Moment.at(2));
    long before = plain.stateHash();
    travel.toEnd();
    long end = travel.stateHash();
    long events = travel.events().size();
    for (int i = 0; i < 3; i++) {
      travel.goTo(Moment.at(2));
      assertThat(travel.stateHash()).isEqualTo(before);
      travel.step(i);
      travel.microStep(2 * i);
      travel.toEnd();
      assertThat(travel.stateHash()).isEqualTo(end);
      assertThat(travel.events().size()).isEqualTo(events);
    }
  }

  @Test
  void anEditBeforeItLeavesItsTimeToCome() {
    Travel travel = begin("set x20 7 at exit 3");
    travel.toEnd();
    travel.goTo(Moment.at(1));
    travel.inject(new Edit.SetRegister("x21", 9));
    travel.toEnd();
    assertThat(words(travel)).containsExactly("set x21 = 0x0000_0009", "set x20 = 0x0000_0007");
    travel.undo();
    assertThat(travel.moment()).isEqualTo(Moment.at(1));
    travel.toEnd();
    assertThat(words(travel)).containsExactly("set x20 = 0x0000_0007");
  }

  @Test
  void anEditAtTheSameMomentComesFirstAndBothCount() {
    Travel travel = begin("set x20 7 at instruction 3", "set x20 8 at instruction 3");
    travel.goTo(Moment.at(3));
    travel.inject(new Edit.SetRegister("x20", 9));
    travel.toEnd();
    assertThat(words(travel))
        .containsExactly("set x20 = 0x0000_0009", "set x20 = 0x0000_0007", "set x20 = 0x0000_0008");
  }
}
