package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.check.Preview;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import org.junit.jupiter.api.Test;

final class PanesTest {
  private final Guest guest = Guest.drawn();
  private final SelectionModel selection = new SelectionModel();
  private final NoActions actions = new NoActions();

  @Test
  void findingAnIpaOpensTheTreeAndSelectsItsEntry() {
    Pictures.onFx(() -> {
      TreeView view = new TreeView(new Look(), selection, actions, new Scans());
      Scene scene = scene(view, guest.snapshot());
      TextField search = (TextField) scene.getRoot().lookup("#tree-search");
      search.setText("0x4020_1000");
      search.fireEvent(new ActionEvent());
      Pictures.settle(scene);

      TreeCanvas rows = (TreeCanvas) scene.getRoot().lookup("#tree-rows");
      assertThat(rows.selectedRow().orElseThrow().target()).isEqualTo(0x4820_1000L);
      assertThat(selection.selected().entries().getLast().words()).isEqualTo("L3[1]");
      return null;
    });
  }

  @Test
  void theTreeIsOpenWhereTheGuestHasWalkedUntilSomebodyUsesIt() {
    guest.touch(0, 0x4020_3018L, Access.write(8));
    Snapshot fault = guest.snapshot();
    guest.touch(0, 0x0900_0000L, Access.write(1));
    Snapshot uart = guest.snapshot();
    Pictures.onFx(() -> {
      TreeView view = new TreeView(new Look(), selection, actions, new Scans());
      Scene scene = scene(view, fault);
      assertThat(view.text()).contains("L3[3…511]").doesNotContain("L2[72]");
      view.show(uart);
      assertThat(view.text()).contains("L2[72]").doesNotContain("L3[3…511]");
      ((Button) scene.getRoot().lookupAll(".view-bar .button").toArray()[1]).fire();
      assertThat(view.text()).doesNotContain("L2[");
      view.show(fault);
      assertThat(view.text()).doesNotContain("L2[");
      return null;
    });
  }

  @Test
  void keysAndClicksOpenTablesAndSelectEntries() {
    Pictures.onFx(() -> {
      TreeView view = new TreeView(new Look(), selection, actions, new Scans());
      Scene scene = scene(view, guest.snapshot());
      TreeCanvas rows = (TreeCanvas) scene.getRoot().lookup("#tree-rows");
      for (KeyCode code : List.of(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.DOWN, KeyCode.ENTER)) {
        Event.fireEvent(
            rows, new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false));
      }
      assertThat(selection.selected().entries().getLast().words()).isEqualTo("L1[0]");
      assertThat(rows.getAccessibleText()).contains("L1[0] TABLE");
      return null;
    });
  }

  @Test
  void aMillionLeavesAreJumpedThroughWithinAPulse() {
    Guest large = new Guest(Granule.K4, 39, 1);
    for (long page = 0; page < 1 << 20; page++) {
      large.map(page << 12, 0x4000_0000L + (page << 12), 3, Guest.RW);
    }
    Snapshot snapshot = large.snapshot();
    Pictures.onFx(() -> {
      Scans scans = new Scans();
      scans.want(snapshot);
      TreeView view = new TreeView(new Look(), selection, actions, scans);
      Scene scene = scene(view, snapshot);
      ((Button) scene.getRoot().lookup(".view-bar .button")).fire();
      TreeCanvas rows = (TreeCanvas) scene.getRoot().lookup("#tree-rows");
      for (int i = 1; i < 60; i++) {
        rows.goTo(i * 17_000);
        assertThat(rows.first()).isBetween(i * 17_000 - 40, i * 17_000);
      }
      return null;
    });
  }

  @Test
  void aFilterByAddressLeavesTheRangeItLiesIn() {
    Pictures.onFx(() -> {
      RangesView view = new RangesView(new Look(), selection, actions, new Scans());
      Scene scene = scene(view, guest.snapshot());
      TableView<?> table = (TableView<?>) scene.getRoot().lookup("#ranges-table");
      TextField filter = (TextField) scene.getRoot().lookup("#ranges-filter");
      assertThat(table.getItems()).hasSize(5);
      filter.setText("0x4020_1234");
      assertThat(table.getItems()).hasSize(1);
      filter.setText("device");
      assertThat(table.getItems()).hasSize(1);
      filter.setText("");
      assertThat(table.getItems()).hasSize(5);
      return null;
    });
  }

  @Test
  void panesThatShareAScanAllShowIt() {
    Pictures.onFx(() -> {
      Scans scans = new Scans();
      Snapshot snapshot = guest.snapshot();
      scans.want(snapshot);
      RangesView ranges = new RangesView(new Look(), selection, actions, scans);
      scene(ranges, snapshot);
      TreeView tree = new TreeView(new Look(), selection, actions, scans);
      scene(tree, snapshot);

      assertThat(ranges.text()).contains("0x4820_0000");
      assertThat(tree.text()).contains("L0[0] TABLE");
      return null;
    });
  }

  @Test
  void aStaleEntrySaysSoAndTheMatchingOneIsNamed() {
    assertThat(TlbView.rows(staleTlb(), OptionalLong.empty()))
        .extracting(TlbRow::state, TlbRow::match)
        .containsExactly(
            tuple("agrees with the tables", ""),
            tuple("stale: the table now says invalid (Translation fault, level 3)", "◀ matches"),
            tuple("stale: its descriptor is now invalid", "other VMID"));
  }

  /** A page unmapped behind the TLB under VMID 1 and 2, and the access that missed it. */
  private Snapshot staleTlb() {
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RW);
    guest.cache(0x4020_2000L);
    guest.cache(0x4020_3000L);
    guest.vmid(2);
    guest.cache(0x4020_3000L);
    guest.vmid(1);
    guest.unmap(0x4020_3000L);
    guest.touch(0, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  @Test
  void aTlbiSaysWhatItWouldRemoveAndAStaleEntryHowItIsMended() {
    Pictures.onFx(() -> {
      TlbView view = new TlbView(new Look(), selection, actions);
      Scene scene = scene(view, staleTlb());
      Label result = (Label) scene.getRoot().lookup("#tlbi-result");
      Label mend = (Label) scene.getRoot().lookup("#tlb-mend");
      assertThat(result.getText())
          .isEqualTo(
              "would remove 2 entries: it names all translations of EL1&0, VMID 1, on all PEs of"
                  + " the Inner Shareable domain");
      assertThat(mend.isVisible()).isFalse();

      @SuppressWarnings("unchecked")
      ComboBox<Preview.Instruction> choice =
          (ComboBox<Preview.Instruction>) scene.getRoot().lookup("#tlbi-choice");
      choice.setValue(Preview.Instruction.IPAS2E1IS);
      assertThat(result.getText()).startsWith("Select an entry");
      selection.select(Selection.of(guest.tlb.entries().get(1)));
      assertThat(result.getText())
          .startsWith("TLBI IPAS2E1IS, operand 0x40203, would remove 1 entry: it names IPAs");
      assertThat(mend.isVisible()).isTrue();
      assertThat(mend.getText())
          .startsWith("To mend it: DSB ISHST")
          .contains("TLBI IPAS2E1IS, operand 0x40203");
      assertThat(view.text()).contains("3 entries, 2 stale").contains("would remove 1 entry");
      return null;
    });
  }

  @Test
  void aFaultOutOfAStaleEntryIsExplainedWithItsMend() {
    Pictures.onFx(() -> {
      ExplainView view = new ExplainView(selection, actions);
      scene(view, Gallery.staleRefusal());
      assertThat(view.text())
          .contains("A stale TLB entry answered")
          .contains("the entry for IPA 0x4020_3000 in the TLB answered (stage 2)")
          .contains("stage 2 allows r-x in it, in the tables rwx")
          .contains("2. TLBI IPAS2E1IS, operand 0x40203 (IPA >> 12)")
          .contains("4. TLBI VMALLE1IS");
      return null;
    });
  }

  @Test
  void aFaultOutOfAnEntryThatAgreesIsNotCalledStale() {
    Pictures.onFx(() -> {
      ExplainView view = new ExplainView(selection, actions);
      Guest agreeing = Guest.drawn();
      agreeing.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RO);
      agreeing.cache(0x4020_3000L);
      agreeing.refuse(0x4020_3018L, Access.write(8));
      scene(view, agreeing.snapshot());
      assertThat(view.text()).contains("Permission fault").doesNotContain("stale TLB entry");
      return null;
    });
  }

  @Test
  void aStoreToATableIsExplainedWithWhatItNeeds() {
    Pictures.onFx(() -> {
      ExplainView view = new ExplainView(selection, actions);
      long at =
          guest.translate(0x4020_1000L, Access.read(8)).lookups().getLast().descriptorAddress();
      guest.add(new SimEvent.DescriptorStored(at, 0x4820_17ffL, 0x4920_17ffL));
      selection.select(Selection.NONE.withEvent(0));
      scene(view, guest.snapshot());
      assertThat(view.text())
          .contains("Needs break-before-make.")
          .contains("Using break-before-make when updating translation table entries");
      return null;
    });
  }

  @Test
  void clickingTheTimelineGoesToThatMoment() {
    Snapshot snapshot = Gallery.run(50);
    Pictures.onFx(() -> {
      TimelineView view = new TimelineView(new Look(), selection, actions);
      scene(view, snapshot);
      AtomicReference<String> wanted = new AtomicReference<>("");
      wanted.set(new Command.GoTo(view.momentAtX(500)).toString());
      // In the guest's lane no event catches the click.
      click(view.node(), 500, 16);
      assertThat(actions.asked).containsExactly(wanted.get());
      return null;
    });
  }

  @Test
  void theWheelZoomsAroundTheMouseAndADoubleClickShowsAllAgain() {
    Snapshot snapshot = Gallery.run(50);
    Pictures.onFx(() -> {
      TimelineView view = new TimelineView(new Look(), selection, actions);
      scene(view, snapshot);
      String under = view.momentAtX(500).toString();
      String end = view.momentAtX(990).toString();
      Event.fireEvent(view.node(), wheel(500, 400));
      assertThat(view.momentAtX(500)).hasToString(under);
      assertThat(view.momentAtX(990)).isLessThan(Moment.parse(end));
      Event.fireEvent(
          view.node(),
          new MouseEvent(
              MouseEvent.MOUSE_PRESSED,
              500,
              16,
              500,
              16,
              MouseButton.PRIMARY,
              2,
              false,
              false,
              false,
              false,
              true,
              false,
              false,
              true,
              false,
              true,
              null));
      assertThat(view.momentAtX(990)).hasToString(end);
      return null;
    });
  }

  private static ScrollEvent wheel(double x, double delta) {
    return new ScrollEvent(
        ScrollEvent.SCROLL,
        x,
        16,
        x,
        16,
        false,
        false,
        false,
        false,
        false,
        false,
        0,
        delta,
        0,
        delta,
        ScrollEvent.HorizontalTextScrollUnits.NONE,
        0,
        ScrollEvent.VerticalTextScrollUnits.NONE,
        0,
        0,
        null);
  }

  @Test
  void aMillionEventsAreDrawn() {
    Snapshot snapshot = Gallery.run(150_000);
    assertThat(snapshot.events().size()).isGreaterThan(1_000_000);
    Pictures.onFx(() -> {
      TimelineView view = new TimelineView(new Look(), selection, actions);
      Scene scene = scene(view, snapshot);
      for (int i = 0; i < 8; i++) {
        view.show(snapshot);
      }
      assertThat(view.text()).contains(snapshot.eventCount() + " events");
      assertThat(scene.getRoot()).isNotNull();
      return null;
    });
  }

  private static Scene scene(View view, Snapshot snapshot) {
    Scene scene = Pictures.scene(new Look(), (Parent) view.node(), 1000, 400);
    view.show(snapshot);
    Pictures.settle(scene);
    return scene;
  }

  private static void click(Node node, double x, double y) {
    Event.fireEvent(node, mouse(MouseEvent.MOUSE_PRESSED, x, y));
    Event.fireEvent(node, mouse(MouseEvent.MOUSE_RELEASED, x, y));
  }

  private static MouseEvent mouse(EventType<MouseEvent> type, double x, double y) {
    return new MouseEvent(
        type,
        x,
        y,
        x,
        y,
        MouseButton.PRIMARY,
        1,
        false,
        false,
        false,
        false,
        true,
        false,
        false,
        true,
        false,
        true,
        null);
  }
}
