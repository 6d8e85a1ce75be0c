package dev.stagewalk.views;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Mark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.Parent;
import javafx.scene.Scene;

/** Renders panes in many states to PNG files, to be looked at: {@code Gallery FOLDER [NAME…]}. */
final class Gallery {
  private Gallery() {}

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    List<String> wanted = Arrays.asList(args).subList(1, args.length);
    Map<String, Supplier<Snapshot>> walks = new LinkedHashMap<>();
    walks.put("fault", Gallery::fault);
    walks.put("success", Gallery::success);
    walks.put("partial", Gallery::partial);
    walks.put("early", Gallery::early);
    walks.put("k16", Gallery::k16);
    walks.put("k64", Gallery::k64);
    walks.put("concat", Gallery::concatenated);
    walks.put("permission", Gallery::permission);
    walks.put("many", Gallery::many);
    walks.put("toohigh", Gallery::tooHigh);
    walks.put("empty", () -> new Guest(Granule.K4, 48, 0).snapshot());
    walks.put("level3", Gallery::level3);
    walks.put("held", WalkStatesTest::held);
    walks.put("five", () -> WalkStatesTest.fiveAndFive(35));
    walks.put("five-half", () -> WalkStatesTest.fiveAndFive(17));
    walks.forEach((name, snapshot) -> {
      if (wanted.isEmpty() || wanted.contains(name)) {
        walk(folder, name, snapshot.get(), Theme.DARK, 1025, 510, 1);
        walk(folder, name, snapshot.get(), Theme.LIGHT, 800, 400, 1);
      }
    });
    if (wanted.contains("big")) {
      walk(folder, "big", fault(), Theme.DARK, 1900, 1000, 1.8);
      walk(folder, "contrast", fault(), Theme.CONTRAST, 1025, 510, 1);
    }
    pane(
        folder,
        "strips",
        wanted,
        fault(),
        330,
        620,
        (_, sel, _) -> new StripsView(sel, new Scans()));
    pane(folder, "timeline", wanted, run(400), 1020, 80, TimelineView::new);
    pane(folder, "timeline-long", wanted, run(200_000), 1020, 80, TimelineView::new);
    pane(folder, "tree", wanted, fault(), 900, 400, Gallery::openTree);
    Snapshot both = TwoStageFigureTest.withStage1().snapshot();
    pane(folder, "tree-stage1", wanted, both, 900, 400, Gallery::openStage1Tree);
    pane(folder, "ranges-stage1", wanted, both, 900, 300, Gallery::stage1Ranges);
    pane(folder, "ranges", wanted, fault(), 900, 300, Gallery::ranges);
    pane(folder, "ranges-empty", wanted, off(), 900, 200, Gallery::ranges);
    pane(folder, "tlb", wanted, stale(), 1020, 260, TlbView::new);
    pane(
        folder,
        "explain-stale",
        wanted,
        staleRefusal(),
        420,
        700,
        (_, s, a) -> new ExplainView(s, a));
    pane(folder, "tlb-selected", wanted, stale(), 860, 300, Gallery::tlbWithAnEntrySelected);
    pane(folder, "tlb-empty", wanted, fault(), 900, 150, TlbView::new);
    pane(folder, "findings", wanted, FindingsViewTest.wrong(), 745, 360, Gallery::findings);
    pane(folder, "findings-wide", wanted, FindingsViewTest.wrong(), 1300, 520, Gallery::findings);
    pane(
        folder,
        "findings-empty",
        wanted,
        FindingsViewTest.right(),
        745,
        200,
        Gallery::nothingFound);
    Platform.exit();
  }

  private static View findings(Look look, SelectionModel selection, Actions actions) {
    FindingsView view = new FindingsView(look, selection, actions);
    view.show(FindingsViewTest.wrong());
    FindingsViewTest.choose(view, 0);
    return view;
  }

  private static View nothingFound(Look look, SelectionModel selection, Actions actions) {
    FindingsView view = new FindingsView(look, selection, actions);
    view.show(FindingsViewTest.right());
    return view;
  }

  private static View openTree(Look look, SelectionModel selection, Actions actions) {
    TreeView view = new TreeView(look, selection, actions, new Scans());
    view.show(fault());
    view.reveal(0x4020_1000L);
    return view;
  }

  private static View openStage1Tree(Look look, SelectionModel selection, Actions actions) {
    TreeView view = new TreeView(look, selection, actions, stage1());
    view.show(TwoStageFigureTest.withStage1().snapshot());
    view.reveal(0x7000_1000L);
    return view;
  }

  private static View stage1Ranges(Look look, SelectionModel selection, Actions actions) {
    return new RangesView(look, selection, actions, stage1());
  }

  private static Scans stage1() {
    Scans scans = new Scans(Long.MAX_VALUE);
    scans.choose(TableChoice.TTBR0);
    return scans;
  }

  private static View ranges(Look look, SelectionModel selection, Actions actions) {
    return new RangesView(look, selection, actions, new Scans());
  }

  private static View tlbWithAnEntrySelected(Look look, SelectionModel selection, Actions actions) {
    selection.select(Selection.of(stale().tlb().get(3)));
    return new TlbView(look, selection, actions);
  }

  private static Snapshot off() {
    Guest guest = Guest.drawn();
    guest.registers.put("HCR_EL2", 0x8000_0000L);
    return guest.snapshot();
  }

  /** A page made writable without a TLBI, and the write that the TLB still refuses. */
  static Snapshot staleRefusal() {
    Guest guest = Guest.drawn();
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RO);
    guest.cache(0x4020_3000L);
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RW);
    guest.refuse(0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot stale() {
    Guest guest = Guest.drawn();
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RW);
    guest.cache(0x4000_0000L);
    guest.cache(0x4020_0000L);
    guest.cache(0x4020_1000L);
    guest.cache(0x4020_3000L);
    guest.vmid(2);
    guest.cache(0x4020_3000L);
    guest.vmid(1);
    guest.unmap(0x4020_3000L);
    guest.map(0x4020_1000L, 0x4990_0000L, 3, Guest.RO);
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  /** Makes a view. */
  private interface Maker {
    View make(Look look, SelectionModel selection, Actions actions);
  }

  private static void pane(
      Path folder,
      String name,
      List<String> wanted,
      Snapshot snapshot,
      double width,
      double height,
      Maker maker) {
    if (!wanted.isEmpty() && !wanted.contains(name)) {
      return;
    }
    for (Theme theme : Theme.values()) {
      Pictures.onFx(() -> {
        Look look = new Look();
        look.themeProperty().set(theme);
        View view = maker.make(look, new SelectionModel(), new NoActions());
        Scene scene = Pictures.scene(look, (Parent) view.node(), width, height);
        view.show(snapshot);
        Pictures.save(
            Pictures.picture(scene),
            folder.resolve(name + "-" + theme.name().toLowerCase() + ".png"));
        return null;
      });
    }
  }

  /** A run of many exits: a fault, what the host does about it, the retry. */
  static Snapshot run(int exits) {
    Guest guest = Guest.drawn();
    Random random = new Random(7);
    Translation fault = guest.translate(0x4020_3018L, Access.write(8));
    for (int i = 0; i < exits; i++) {
      guest.instructions(1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 30));
      guest.add(new SimEvent.Translated(0x4008_0158L, fault));
      guest.add(
          new SimEvent.ExceptionTaken(
              1,
              2,
              8,
              random.nextInt(5) == 0 ? 0x5a00_0000L : 0x93c2_8047L,
              0x4020_3018L,
              0x40_2030L,
              true,
              0x4008_0158L,
              0x3c5,
              random.nextInt(5) == 0 ? null : fault));
      guest.add(new SimEvent.HostCallBegan("s2mmu_map", ""));
      guest.add(new SimEvent.DescriptorStored(0x4800_4018L, 0, 0x4820_37ffL));
      guest.add(new SimEvent.TlbInvalidated(TlbiScope.vmalls12e1is(1), 3, null));
      guest.add(new SimEvent.HostCallEnded("s2mmu_map", "ok", true));
      guest.add(new SimEvent.ExceptionReturned(2, 1, 0x4008_0158L, 0x3c5));
      if (random.nextInt(exits / 4) == 0) {
        guest.instructions(1);
        guest.add(new SimEvent.Edited("unmap"));
        guest.marks.add(new Mark(new Moment(1, guest.instruction, 0), "here"));
      }
    }
    guest.instructions(12);
    return guest.snapshot();
  }

  private static void walk(
      Path folder,
      String name,
      Snapshot snapshot,
      Theme theme,
      double width,
      double height,
      double scale) {
    Pictures.onFx(() -> {
      Look look = new Look();
      look.themeProperty().set(theme);
      look.setScale(scale);
      WalkView view = new WalkView(look, new SelectionModel(), new NoActions(), new Scans());
      Scene scene = Pictures.scene(look, (Parent) view.node(), width, height);
      view.show(snapshot);
      Pictures.save(
          Pictures.picture(scene),
          folder.resolve("walk-" + name + "-" + theme.name().toLowerCase() + ".png"));
      return null;
    });
  }

  static Snapshot fault() {
    Guest guest = Guest.drawn();
    guest.instructions(18364);
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot success() {
    Guest guest = Guest.drawn();
    guest.touch(0x4008_0158L, 0x4060_a018L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot partial() {
    Guest guest = Guest.drawn();
    guest.walk =
        Optional.of(new Snapshot.OpenWalk(guest.translate(0x4020_3018L, Access.write(8)), 2));
    return guest.snapshot();
  }

  private static Snapshot early() {
    Guest guest = Guest.drawn();
    guest.touch(0x4008_0158L, 0x1_0020_3018L, Access.read(4));
    return guest.snapshot();
  }

  private static Snapshot k16() {
    Guest guest = new Guest(Granule.K16, 47, 1);
    for (int i = 0; i < 40; i++) {
      guest.map(0x5000_0000_0000L + 0x4000L * (3 * i), 0x6000_0000L + 0x4000L * i, 3, Guest.RW);
    }
    guest.map(0x5000_0200_0000L, 0x5000_0000L, 2, Guest.RW);
    guest.touch(0x4008_0158L, 0x5000_0001_4018L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot k64() {
    Guest guest = new Guest(Granule.K64, 48, 1);
    for (int i = 0; i < 5000; i++) {
      guest.map(0x4000_0000L + 0x1_0000L * i, 0x6000_0000L + 0x1_0000L * i, 3, Guest.RW);
    }
    guest.touch(0x4008_0158L, 0x4000_0000L + 0x1_0000L * 777 + 0xff8, Access.read(8));
    return guest.snapshot();
  }

  private static Snapshot concatenated() {
    Guest guest = new Guest(Granule.K4, 40, 1);
    guest.map(0x4000_0000L, 0x4000_0000L, 1, Guest.RW);
    guest.map(0x80_4000_0000L, 0x4820_0000L, 3, Guest.RW);
    guest.touch(0x4008_0158L, 0x80_4000_1008L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot permission() {
    Guest guest = Guest.drawn();
    guest.map(0x4020_3000L, 0x4820_3000L, 3, Guest.RO);
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot many() {
    Guest guest = new Guest(Granule.K4, 48, 0);
    for (int i = 0; i < 512; i++) {
      if (i % 7 != 3) {
        guest.map(0xffff_c000_0000L + 0x1000L * i, 0x1234_5678_0000L + 0x1000L * i, 3, Guest.RW);
      }
    }
    guest.touch(0x4008_0158L, 0xffff_c000_0000L + 0x1000L * 311 + 8, Access.write(1));
    return guest.snapshot();
  }

  private static Snapshot tooHigh() {
    Guest guest = new Guest(Granule.K4, 39, 1);
    guest.map(0x4000_0000L, 0x4000_0000L, 2, Guest.RW);
    guest.touch(0x4008_0158L, 0x80_4000_1008L, Access.write(8));
    return guest.snapshot();
  }

  private static Snapshot level3() {
    Guest guest = new Guest(Granule.K64, 29, 3);
    guest.map(0x0001_0000L, 0x4820_0000L, 3, Guest.RW);
    guest.touch(0x4008_0158L, 0x0001_0018L, Access.write(8));
    return guest.snapshot();
  }
}
