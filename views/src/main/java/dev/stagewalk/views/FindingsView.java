package dev.stagewalk.views;

import dev.stagewalk.check.Finding;
import dev.stagewalk.check.Findings;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * What checks have found in the tables and in the run up to this moment: each with its place, the
 * rule, and what would be right. A click selects the place, Enter goes to the event.
 *
 * <p>Finding it out means to execute the run again, so it is done on a thread of its own; the rows
 * are few, however many descriptors are wrong.
 */
public final class FindingsView implements View {
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final SelectionModel selection;
  private final Actions actions;
  private final Executor worker;
  private final ObservableList<FindingRow> rows = FXCollections.observableArrayList();
  private final TableView<FindingRow> table = new TableView<>(rows);
  private final Label empty = new Label();
  private final Label place = new Label();
  private final Label evidence = new Label();
  private final Label rule = new Label();
  private final Label mend = new Label();
  private final VBox detail = new VBox(place, evidence, rule, mend);
  private final VBox box = new VBox();
  private final Label header = new Label();
  private @Nullable Snapshot wanted;
  private @Nullable Snapshot asked;
  private @Nullable Snapshot listed;
  private long shownVersion = -1;

  public FindingsView(Look look, SelectionModel selection, Actions actions) {
    this(
        look,
        selection,
        actions,
        Executors.newSingleThreadExecutor(task -> {
          Thread thread = new Thread(task, "findings");
          thread.setDaemon(true);
          return thread;
        }));
  }

  /**
   * @param worker finds out
   */
  FindingsView(Look look, SelectionModel selection, Actions actions, Executor worker) {
    this.selection = selection;
    this.actions = actions;
    this.worker = worker;
    table.setId("findings-table");
    Tables.dress(table, look);
    addColumns(look);
    table.setRowFactory(_ -> new Line());
    empty.setId("findings-empty");
    Tables.choose(table, empty, this::choose, this::goThere, () -> actions.copy(text()));
    Tables.detail(detail, place, evidence, rule, mend);
    place.getStyleClass().add("code");
    rule.getStyleClass().add("muted");
    detail.setId("findings-detail");
    box.getChildren().addAll(table, detail);
    header.setId("findings-count");
    header.getStyleClass().addAll("muted", "small");
    selection.onChange(table::refresh);
    choose(null);
    detail.setVisible(false);
    detail.setManaged(false);
    say("What is wrong with the tables, and with what was done to them, is listed here.");
  }

  private void addColumns(Look look) {
    TableColumn<FindingRow, FindingRow> severity =
        Tables.column(
            look, "severity", 6.6, false, row -> row.kind().severity(), FindingRow::severity);
    severity.setCellFactory(_ -> new SeverityCell());
    TableColumn<FindingRow, FindingRow> id =
        Tables.column(look, "finding", 12.5, false, r -> r.kind().id(), r -> r.kind().id());
    TableColumn<FindingRow, FindingRow> where =
        Tables.column(look, "place", 17, true, FindingRow::place, FindingRow::place);
    TableColumn<FindingRow, FindingRow> seen =
        Tables.column(look, "found", 20, false, FindingRow::evidence, FindingRow::evidence);
    table.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    table.getColumns().addAll(List.of(severity, id, where, seen));
    Runnable widen =
        () -> {
          double others = severity.getPrefWidth() + id.getPrefWidth() + where.getPrefWidth();
          double room = table.getWidth() - look.em() - others;
          seen.setPrefWidth(Math.max(14 * look.em(), room));
        };
    table.widthProperty().addListener((_, _, _) -> widen.run());
    look.onChange(widen);
  }

  @Override
  public String title() {
    return "Findings";
  }

  @Override
  public Node node() {
    return box;
  }

  @Override
  public String unknownInRecordings() {
    return "No check can judge a recording: it has no tables, and not every TLBI is in it.";
  }

  @Override
  public String unknownInDumps() {
    return "";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return rows.isEmpty()
        ? empty.getText()
        : header.getText()
            + "\n"
            + rows.stream().map(FindingRow::text).collect(Collectors.joining("\n"));
  }

  @Override
  public void show(Snapshot snapshot) {
    if (snapshot.version() == shownVersion) {
      return;
    }
    shownVersion = snapshot.version();
    if (snapshot.state() == RunState.RUNNING) {
      wanted = null;
      header.setText("");
      say("The guest runs. What is found is listed when it stands still.");
      return;
    }
    wanted = snapshot;
    Findings known = snapshot.checks().knownOfRun().orElse(null);
    if (known != null) {
      list(snapshot, FindingRow.of(known), known.summary());
    } else if (asked == null) {
      ask(snapshot);
    }
  }

  /** Has one snapshot looked at; those that come meanwhile wait, and only the newest is next. */
  private void ask(Snapshot snapshot) {
    asked = snapshot;
    header.setText("looking…");
    say(
        snapshot.dump().isPresent()
            ? "Looking at the tables…"
            : "Looking at the tables and at the run up to " + snapshot.moment() + "…");
    worker.execute(() -> {
      Findings findings = snapshot.checks().ofRun();
      List<FindingRow> found = FindingRow.of(findings);
      String summary = findings.summary();
      Platform.runLater(() -> answered(snapshot, found, summary));
    });
  }

  private void answered(Snapshot snapshot, List<FindingRow> found, String summary) {
    asked = null;
    Snapshot next = wanted;
    if (next == null || listed == next) {
      return;
    }
    if (next.version() != snapshot.version()) {
      ask(next);
      return;
    }
    list(snapshot, found, summary);
  }

  private void list(Snapshot snapshot, List<FindingRow> found, String summary) {
    listed = snapshot;
    if (!found.equals(rows)) {
      FindingRow chosen = table.getSelectionModel().getSelectedItem();
      rows.setAll(found);
      if (chosen != null && found.contains(chosen)) {
        table.getSelectionModel().select(chosen);
      }
    }
    header.setText(summary);
    detail.setVisible(!found.isEmpty());
    detail.setManaged(!found.isEmpty());
    if (snapshot.dump().isPresent()) {
      say(ofDump(snapshot.dump().get()));
      return;
    }
    say(
        "Nothing is wrong up to "
            + snapshot.moment()
            + ": no finding in the tables that registers name, and none in what was done to them"
            + " and to TLBs.");
  }

  private static String ofDump(OpenedDump dump) {
    return dump.unknown()
        .map(words ->
            "Nothing can be judged. " + words + " Type what is missing in under Registers.")
        .orElse(
            "Nothing is wrong with the tables that VTTBR_EL2 names. What was done to them, and what"
                + " TLBs held, a dump does not say.");
  }

  private void say(String words) {
    empty.setText(words);
  }

  private void choose(@Nullable FindingRow row) {
    Finding finding = row == null ? null : row.finding();
    for (Label line : List.of(place, rule, mend)) {
      line.setVisible(finding != null);
      line.setManaged(finding != null);
    }
    if (row == null || finding == null) {
      evidence.setText(
          "Choose a finding: its place is lit in the other panes. Enter goes to its event.");
      return;
    }
    place.setText(finding.place().words());
    evidence.setText(finding.evidence());
    rule.setText("Rule: " + row.rule());
    mend.setText("Mend: " + finding.mend());
    if (!row.selection().isEmpty()) {
      selection.select(row.selection());
    }
  }

  private void goThere(@Nullable FindingRow row) {
    if (row != null) {
      row.event().ifPresent(event -> actions.submit(new Command.GoTo(event.moment())));
    }
  }

  private static final class SeverityCell extends TableCell<FindingRow, FindingRow> {
    @Override
    protected void updateItem(@Nullable FindingRow row, boolean nothing) {
      super.updateItem(row, nothing);
      getStyleClass().removeAll("finding-error", "finding-warning", "finding-info");
      setText(row == null ? null : row.severity());
      if (row != null) {
        getStyleClass().add("finding-" + row.kind().severity().word());
      }
    }
  }

  private final class Line extends TableRow<FindingRow> {
    Line() {
      setOnMouseClicked(click -> {
        if (getItem() != null && click.getClickCount() % 2 == 0) {
          goThere(getItem());
        }
      });
    }

    @Override
    protected void updateItem(@Nullable FindingRow row, boolean nothing) {
      super.updateItem(row, nothing);
      pseudoClassStateChanged(
          LIT,
          row != null && !row.selection().isEmpty() && row.selection().equals(selection.lit()));
      setAccessibleText(row == null ? null : row.text());
    }
  }
}
