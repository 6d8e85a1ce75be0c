package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * The system registers of the stage whose tables are shown, and of its last fault, as bit strips,
 * one under the other.
 */
public final class StripsView implements View {
  /** What a fault is read from, and what stage 2 is made of. */
  public static final List<String> USUAL =
      List.of("ESR_EL2", "HPFAR_EL2", "FAR_EL2", "VTCR_EL2", "VTTBR_EL2", "HCR_EL2");

  /** What the fault at hand is read from. */
  private static final Set<String> FAULT =
      Set.of("ESR_EL2", "HPFAR_EL2", "FAR_EL2", "ESR_EL1", "FAR_EL1");

  /** The same for the guest's own stage 1. */
  static final List<String> STAGE_1 =
      List.of("ESR_EL1", "FAR_EL1", "TCR_EL1", "TTBR0_EL1", "TTBR1_EL1", "SCTLR_EL1", "MAIR_EL1");

  private final Scans scans;
  private final List<BitStrip> stage2 = new ArrayList<>();
  private final List<BitStrip> stage1 = new ArrayList<>();
  private final VBox box = new VBox();
  private final ScrollPane scroll = new ScrollPane(box);
  private final Region header = new Region();
  private boolean atEl1;
  private @Nullable Snapshot shown;

  public StripsView(SelectionModel selection, Scans scans) {
    this.scans = scans;
    USUAL.forEach(register -> stage2.add(new BitStrip(selection, register)));
    STAGE_1.forEach(register -> stage1.add(new BitStrip(selection, register)));
    box.getChildren().setAll(stage2);
    scans.onChange(this::stageChosen);
    box.getStyleClass().add("bit-strips");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("walk-scroll");
    header.setManaged(false);
  }

  @Override
  public String title() {
    return "System registers";
  }

  @Override
  public Node node() {
    return scroll;
  }

  /** The strips without a scroll pane, to stand below something else. */
  Node strips() {
    return box;
  }

  /** Height of the strips that a fault is read from, in pixels. */
  double faultHeight(double width) {
    return current().stream()
        .filter(strip -> FAULT.contains(strip.register()))
        .mapToDouble(strip -> strip.prefHeight(width))
        .sum();
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public void show(Snapshot snapshot) {
    if (shown == null || shown.version() != snapshot.version()) {
      shown = snapshot;
      atEl1 = FaultAtHand.of(snapshot).atEl1();
      place();
      current().forEach(s -> s.show(snapshot));
    }
  }

  private void stageChosen() {
    if (place()) {
      List<BitStrip> wanted = current();
      Snapshot now = shown;
      if (now != null) {
        wanted.forEach(s -> s.show(now));
      }
    }
  }

  /** Puts the strips in their order; whether that changed anything. */
  private boolean place() {
    List<BitStrip> wanted = current();
    if (box.getChildren().equals(wanted)) {
      return false;
    }
    box.getChildren().setAll(wanted);
    return true;
  }

  /** Where EL1 handles an exception, what it is read from stands first. */
  private List<BitStrip> current() {
    if (scans.choice() != TableChoice.STAGE_2) {
      return stage1;
    }
    if (!atEl1) {
      return stage2;
    }
    List<BitStrip> both = new ArrayList<>(stage1.subList(0, 2));
    both.addAll(stage2);
    return both;
  }

  @Override
  public String text() {
    return current().stream().map(BitStrip::text).collect(Collectors.joining("\n"));
  }
}
