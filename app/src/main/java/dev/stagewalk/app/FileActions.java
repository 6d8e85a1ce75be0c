package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.FILE;

import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;

/** What one opens, edits the source of, exports and ends: the menu File. */
final class FileActions {
  private final ActionList list;
  private final WindowCommands window;

  private FileActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    FileActions actions = new FileActions(list, window);
    actions.file();
  }

  private void file() {
    list.add(
        FILE,
        "open-image",
        "Open a recording, a trace, a dump, an image or a source…",
        "Open",
        "Shortcut+O",
        MaterialDesignF.FOLDER_OPEN_OUTLINE,
        Enabled.ALWAYS,
        window::openImage);
    list.add(
        FILE,
        "edit-source",
        "Edit the guest's source",
        "Edit",
        "",
        MaterialDesignF.FILE_EDIT_OUTLINE,
        s -> !s.program().source().isEmpty() && s.scenario().boot().isEmpty(),
        window::editSource);
    list.add(
        FILE,
        "record",
        "Record this run from its start, or end the recording…",
        "Record",
        "",
        MaterialDesignR.RECORD_CIRCLE_OUTLINE,
        s -> !s.isImported() && Enabled.idle(s),
        window::record);
    list.line();
    list.add(
        FILE,
        "export-csv",
        "Export the trap log as CSV…",
        "Export CSV",
        "",
        MaterialDesignF.FILE_DELIMITED_OUTLINE,
        Enabled.ALWAYS,
        () -> window.export(WindowCommands.ExportForm.CSV));
    list.add(
        FILE,
        "export-json",
        "Export the trap log as JSON…",
        "Export JSON",
        "",
        MaterialDesignF.FILE_CODE_OUTLINE,
        Enabled.ALWAYS,
        () -> window.export(WindowCommands.ExportForm.JSON));
    list.add(
        FILE,
        "export-tracefs",
        "Export the events as tracefs text…",
        "Export tracefs",
        "",
        MaterialDesignF.FILE_EXPORT_OUTLINE,
        Enabled.ALWAYS,
        () -> window.export(WindowCommands.ExportForm.TRACEFS));
    list.add(
        FILE,
        "export-ranges",
        "Export the ranges as CSV…",
        "Export ranges",
        "",
        MaterialDesignF.FILE_TABLE_OUTLINE,
        Enabled.ALWAYS,
        () -> window.export(WindowCommands.ExportForm.RANGES_CSV));
    list.add(
        FILE,
        "export-ptdump",
        "Export the ranges as stage2_page_tables…",
        "Export ptdump",
        "",
        MaterialDesignF.FILE_TREE_OUTLINE,
        Enabled.ALWAYS,
        () -> window.export(WindowCommands.ExportForm.RANGES_PTDUMP));
    list.add(
        FILE,
        "copy-pane",
        "Copy the pane as text",
        "Copy pane",
        "Shortcut+Shift+C",
        MaterialDesignC.CONTENT_COPY,
        Enabled.ALWAYS,
        window::copyPane);
    list.line();
    list.add(
        FILE,
        "quit",
        "Quit",
        "Quit",
        "Shortcut+Q",
        MaterialDesignE.EXIT_TO_APP,
        Enabled.ALWAYS,
        window::quit);
  }
}
