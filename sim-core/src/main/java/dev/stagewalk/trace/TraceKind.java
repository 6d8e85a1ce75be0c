package dev.stagewalk.trace;

/** The forms of trace that can be read. */
public enum TraceKind {
  TRACEFS("tracefs", "a KVM trace in the text of tracefs (trace, trace_pipe)"),
  TRACE_CMD("trace-cmd", "a KVM trace in the text of trace-cmd report"),
  PERF_SCRIPT("perf-script", "a KVM trace in the text of perf script"),
  PERF_TRACE("perf-trace", "a KVM trace in the text of perf trace"),
  TRACE_DAT("trace-dat", "a KVM trace as trace-cmd record writes it (trace.dat)"),
  QEMU("qemu", "a log of QEMU (-d int, in_asm, exec, cpu)"),
  TARMAC("tarmac", "a Tarmac trace"),
  STAGE2_TABLES("stage2-tables", "the kernel's stage2_page_tables"),
  GDB_TRAPS("gdb-traps", "traps collected over gdb, a line of JSON each");

  private final String id;
  private final String words;

  TraceKind(String id, String words) {
    this.id = id;
    this.words = words;
  }

  /** As the command line names it. */
  public String id() {
    return id;
  }

  /** As a sentence names it: "a KVM trace in the text of tracefs". */
  public String words() {
    return words;
  }

  @Override
  public String toString() {
    return id;
  }
}
