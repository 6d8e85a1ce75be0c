package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;

/** Who executes a workload, and how. */
sealed interface Column {
  /** Its name in the table. */
  String words();

  /** Its name in JSON. */
  String key();

  /** An engine of ours, everything recorded. */
  record Ours(Engine engine) implements Column {
    @Override
    public String words() {
      return engine.toString();
    }

    @Override
    public String key() {
      return engine.toString();
    }
  }

  /** QEMU. */
  record Theirs(Qemu.Mode mode) implements Column {
    @Override
    public String words() {
      return "QEMU " + mode.words();
    }

    @Override
    public String key() {
      return switch (mode) {
        case PLAIN -> "qemu";
        case TRAP_LOG -> "qemuTrapLog";
        case ONE_INSTRUCTION -> "qemuOneInstruction";
      };
    }
  }
}
