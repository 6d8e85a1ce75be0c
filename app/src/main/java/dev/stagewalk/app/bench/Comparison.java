package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.guests.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures workloads on every column in turn, so that what changes meanwhile meets them all. */
public final class Comparison implements AutoCloseable {
  /** Part of the rounds that are enough to see that all works. */
  private static final int QUICK_PART = 20;

  private final Optional<Qemu> qemu;
  private final boolean quick;
  private final List<Column> columns = new ArrayList<>();
  private final Path folder;
  private final Rates rates = new Rates();

  /**
   * @param qemu what to compare with; empty for nothing
   * @param quick a fraction of the rounds, which shows that all works and little more
   * @throws IOException if there is no place for temporary files
   */
  public Comparison(Optional<Qemu> qemu, boolean quick) throws IOException {
    this.qemu = qemu;
    this.quick = quick;
    this.folder = Files.createTempDirectory("stagewalk-bench");
    for (Engine engine : List.of(Engine.COMPILED, Engine.SUPERBLOCK, Engine.REFERENCE)) {
      columns.add(new Column.Ours(engine));
    }
    if (qemu.isPresent()) {
      for (Qemu.Mode mode : Qemu.Mode.values()) {
        columns.add(new Column.Theirs(mode));
      }
    }
  }

  List<Column> columns() {
    return columns;
  }

  /** What has been measured so far. */
  public Rates rates() {
    return rates;
  }

  /**
   * Measures a workload.
   *
   * @param turns of all columns, after one of ours to warm up
   * @throws IOException if QEMU cannot execute it
   */
  public void measure(Workload workload, int turns) throws IOException {
    WorkloadSize size = WorkloadSize.of(workload);
    for (int turn = -1; turn < turns; turn++) {
      for (Column column : columns) {
        int rounds = rounds(workload, column);
        double done = (double) rounds * (workload.traps() ? size.traps() : size.instructions());
        if (turn >= 0) {
          rates.add(workload, column, done / seconds(workload, size, rounds, column));
        } else if (column instanceof Column.Ours) {
          seconds(workload, size, rounds, column);
        }
      }
    }
  }

  private int rounds(Workload workload, Column column) {
    int all = Rounds.of(workload, column);
    return quick ? Math.max(1, all / QUICK_PART) : all;
  }

  private double seconds(Workload workload, WorkloadSize size, int rounds, Column column)
      throws IOException {
    return switch (column) {
      case Column.Ours(Engine engine) ->
          Recorded.seconds(new WorkloadImage(workload, rounds), size, rounds, engine);
      case Column.Theirs(Qemu.Mode mode) -> {
        double before = qemuSeconds(workload, 0, mode);
        // Of the clock's tick at least, where both took as long as it can tell.
        yield Math.max(0.01, qemuSeconds(workload, rounds, mode) - before);
      }
    };
  }

  private double qemuSeconds(Workload workload, int rounds, Qemu.Mode mode) throws IOException {
    Path image = folder.resolve(workload.name() + "-" + rounds + ".bin");
    if (!Files.exists(image)) {
      Files.write(image, new WorkloadImage(workload, rounds).bytes());
    }
    return qemu.orElseThrow().seconds(image, mode, folder);
  }

  /** Removes the temporary files. */
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
