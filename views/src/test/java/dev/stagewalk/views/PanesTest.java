package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.Snapshot.TlbRow;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javafx.event.ActionEvent;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
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
    guest.tlb.add(
        new TlbRow(
            0,
            1,
            TlbEntry.Kind.STAGE_2,
            0x4020_3000L,
            4096,
            0x4820_3000L,
            "rw-",
            "no longer mapped"));
    guest.tlb.add(
        new TlbRow(0, 2, TlbEntry.Kind.STAGE_2, 0x4020_3000L, 4096, 0x4920_3000L, "rw-", ""));
    guest.touch(0, 0x4020_3018L, Access.write(8));

    assertThat(TlbView.rows(guest.snapshot()))
        .extracting(TlbView.Row::state, TlbView.Row::match)
        .containsExactly(
            tuple("STALE: no longer mapped", "◀ matches"),
            tuple("agrees with the tables", "other VMID"));
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
