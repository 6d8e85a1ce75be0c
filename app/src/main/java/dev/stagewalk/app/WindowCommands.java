package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import dev.stagewalk.views.LessonActions;
import dev.stagewalk.views.Theme;

/** What the actions of the window do beyond sending a command to the session. */
interface WindowCommands {
  void submit(Command command);

  /** Runs at the chosen speed. */
  void run();

  void pause();

  /** Sets or removes a breakpoint where the focus is, otherwise at the PC. */
  void toggleBreakpoint();

  /** Shows the breakpoints, with the focus where one is typed. */
  void typeBreakpoint();

  /** Whether a run stops at each exit before its handler acts, from now on the other way. */
  void toggleStopAtExits();

  void arrange(Arrangement arrangement);

  void resetPanes();

  void maximisePane();

  void theme(Theme theme);

  /** Multiplies the scale of everything; 0 sets it to 100 %. */
  void scaleBy(double factor);

  /** Larger type and fewer panes, or back. */
  void projector();

  /** Asks which moment or branch this one is to be compared with. */
  void compareForm();

  /** What leads to a moment, an event or an address. */
  Destinations destinations();

  /** How much memory going back may take. */
  HistoryMemory historyMemory();

  /** What is asked of the run about the selection, or by a form. */
  Inquiries inquiries();

  /** What is done to the machine at the selection, or by a form. */
  EditForms edits();

  void explainSelected();

  /** Lets a file be chosen and opens it. */
  void openImage();

  /** Asks where the run is to be recorded, and begins to; or ends the recording. */
  void record();

  void editSource();

  void palette();

  /** What can be done with lessons. */
  LessonActions lessons();

  void export(ExportForm form);

  void copyPane();

  void keys();

  void about();

  void quit();

  /** What can be written into a file of its own. */
  enum ExportForm {
    CSV("Export the trap log", "trap-log.csv"),
    JSON("Export the trap log", "trap-log.json"),
    TRACEFS("Export the events as tracefs text", "trace.txt"),
    RANGES_CSV("Export the ranges", "ranges.csv"),
    RANGES_PTDUMP("Export the ranges as the kernel prints them", "stage2_page_tables.txt");

    private final String title;
    private final String file;

    ExportForm(String title, String file) {
      this.title = title;
      this.file = file;
    }

    String title() {
      return title;
    }

    /** A name to begin with. */
    String file() {
      return file;
    }
  }
}
