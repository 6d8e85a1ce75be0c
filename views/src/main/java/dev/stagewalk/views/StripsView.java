package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The system registers of stage 2 and of the last exit as bit strips, one under the other. */
public final class StripsView implements View {
  /** What a fault is read from, and what stage 2 is made of. */
  public static final List<String> USUAL =
      List.of("ESR_EL2", "VTCR_EL2", "VTTBR_EL2", "HPFAR_EL2", "FAR_EL2", "HCR_EL2");

  private final List<BitStrip> strips = new ArrayList<>();
  private final VBox box = new VBox();
  private final ScrollPane scroll = new ScrollPane(box);
  private final Region header = new Region();
  private long version = -1;

  public StripsView(SelectionModel selection) {
    for (String register : USUAL) {
      BitStrip strip = new BitStrip(selection, register);
      strips.add(strip);
      box.getChildren().add(strip);
    }
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

  @Override
  public Node header() {
    return header;
  }

  @Override
  public void show(Snapshot snapshot) {
    if (snapshot.version() != version) {
      version = snapshot.version();
      strips.forEach(s -> s.show(snapshot));
    }
  }

  @Override
  public String text() {
    return strips.stream().map(BitStrip::text).collect(Collectors.joining("\n"));
  }
}
