package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.junit.jupiter.api.Test;

/** The registers pane: the syndrome at hand, vector registers, an ended guest. */
final class RegistersRoomTest {
  private final Guest guest = Guest.drawn();

  @Test
  void whereTheStripsHaveNoRoomTheSyndromeStandsFirst() {
    Snapshot snapshot = fault();
    at(
        snapshot,
        300,
        (_, scene) -> {
          Node lines = scene.getRoot().lookup("#fault-lines");
          assertThat(lines.isManaged()).isTrue();
          assertThat(words(lines))
              .containsExactly(
                  "ESR_EL2", "0x93c2_8047", "HPFAR_EL2", "0x0040_2030", "FAR_EL2", "0x4020_3018");
          Node last = List.copyOf(((Parent) lines).getChildrenUnmodifiable()).getLast();
          assertThat(last.localToScene(last.getLayoutBounds()).getMaxY()).isLessThan(300);
        });
    at(
        snapshot,
        900,
        (_, scene) -> assertThat(scene.getRoot().lookup("#fault-lines").isManaged()).isFalse());
  }

  @Test
  void hpfarIsCalledUnknownWhereTheExceptionDoesNotWriteIt() {
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RO);
    at(
        fault(),
        300,
        (_, scene) ->
            assertThat(words(scene.getRoot().lookup("#fault-lines")))
                .contains("HPFAR_EL2", "UNKNOWN", "FAR_EL2"));
  }

  @Test
  void aHypercallHasNoFaultAddress() {
    guest.exit =
        Optional.of(
            guest.add(
                new SimEvent.ExceptionTaken(
                    1, 2, 8, 0x5a00_0000L, 0, 0, false, 0x4008_0158L, 0x3c5, null)));
    at(
        guest.snapshot(),
        300,
        (_, scene) ->
            assertThat(words(scene.getRoot().lookup("#fault-lines")))
                .containsExactly("ESR_EL2", "0x5a00_0000"));
  }

  @Test
  void vectorRegistersAreOneLineUntilOpened() {
    guest.vectors[2 * 3] = 0x1122_3344_5566_7788L;
    guest.vectors[2 * 3 + 1] = 0x99L;
    guest.registers.put("FPCR", 0x0300_0000L);
    at(
        guest.snapshot(),
        900,
        (view, scene) -> {
          Node vectors = scene.getRoot().lookup("#vectors");
          Label head = (Label) vectors.lookup(".registers-rest");
          assertThat(head.getText()).endsWith("v0…v31, FPSR, FPCR: 1 in use");
          assertThat(vectors.lookup("#register-v3").getParent().isVisible()).isFalse();
          head.fireEvent(
              new KeyEvent(
                  KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false));
          assertThat(vectors.lookup("#register-v3").getParent().isVisible()).isTrue();
          assertThat(vectors.lookup("#register-v3").getAccessibleText())
              .isEqualTo("v3 0x0000_0000_0000_0099_1122_3344_5566_7788");
          assertThat(view.text())
              .contains(
                  "v3\t0x0000_0000_0000_0099_1122_3344_5566_7788", "FPCR\t0x0000_0000_0300_0000")
              .doesNotContain("v4\t");
        });
  }

  @Test
  void addressesInRegistersAreNamed() {
    guest.symbols.put("main", 0x4008_0100L);
    guest.symbols.put("table", 0x4020_3000L);
    guest.registers.put("VBAR_EL1", 0x4008_0100L);
    at(
        guest.snapshot(),
        900,
        (view, scene) -> {
          assertThat(view.text())
              .contains(
                  "x0\t0x0000_0000_4020_3000\ttable\n",
                  "pc\t0x0000_0000_4008_0158\tmain+0x58\n",
                  "VBAR_EL1\t0x0000_0000_4008_0100\tmain\n",
                  "x2\t0x0000_0000_dead_beef\n")
              .doesNotContain("ELR_EL1");
          assertThat(words(scene.getRoot().lookup("#register-pc"))).contains("main+0x58");
        });
  }

  @Test
  void theFaultAddressIsNamedWhereTheSyndromeStandsFirst() {
    guest.symbols.put("table", 0x4020_3000L);
    at(
        fault(),
        300,
        (_, scene) ->
            assertThat(words(scene.getRoot().lookup("#fault-lines")))
                .contains("table+0x18", "0x4020_3018"));
  }

  @Test
  void ofAGuestThatIsGoneTheHeaderSaysWhereItWas() {
    guest.state = RunState.ENDED;
    at(
        guest.snapshot(),
        900,
        (view, _) -> assertThat(words(view.header())).contains("ended at EL1h"));
    assertThat(GuestState.level(guest.snapshot())).isEqualTo("end");
  }

  @Test
  void beforeAGuestIsEnteredNoneOfItsStateIsClaimed() {
    assertThat(GuestState.isBefore(atEl2(0), false)).isTrue();
    assertThat(GuestState.isBefore(atEl2(0), true)).as("a program at EL2").isFalse();
    assertThat(GuestState.isBefore(atEl2(0x4008_0000L), false)).isFalse();
  }

  private static PeState atEl2(long elr) {
    RegisterFile registers =
        new RegisterFile(new long[31], Map.of("SPSR_EL2", 0, "ELR_EL2", 1), new long[] {0, elr});
    return new PeState(2, 0, 0, 0, registers);
  }

  private Snapshot fault() {
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static List<String> words(Node node) {
    return node.lookupAll(".label").stream()
        .filter(n -> n instanceof Label)
        .map(n -> ((Label) n).getText())
        .filter(text -> text != null && !text.isEmpty())
        .toList();
  }

  private static void at(Snapshot snapshot, double height, BiConsumer<RegistersView, Scene> look) {
    Pictures.onFx(() -> {
      SelectionModel selection = new SelectionModel();
      RegistersView view =
          new RegistersView(
              selection, new NoActions(), new StripsView(selection, new Scans(Long.MAX_VALUE)));
      Scene scene = Pictures.scene(new Look(), (Parent) view.node(), 270, height);
      view.show(snapshot);
      Pictures.settle(scene);
      look.accept(view, scene);
      return null;
    });
  }
}
