package dev.stagewalk.app.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableSweep;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LeafLinesTest {
  private static final long ROOT = 0x4000_0000L;
  private static final long LEVEL_2 = ROOT + 0x2000;
  private static final long LEVEL_3 = LEVEL_2 + 4 * 4096;

  /** Counts lines and keeps the last characters. */
  private static final class Counter extends Writer {
    private long lines;
    private long characters;
    private String last = "";

    @Override
    public void write(char[] buffer, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        lines += buffer[i] == '\n' ? 1 : 0;
      }
      characters += length;
      last = new String(buffer, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aMillionLeavesStreamOut() {
    // Two concatenated tables of level 1, four of level 2, 2048 of level 3: made as they are read.
    DescriptorReader reader =
        pa -> {
          if (pa < LEVEL_2) {
            long index = (pa - ROOT) / 8;
            return index < 4 ? LEVEL_2 + 4096 * index | 3 : 0;
          }
          long index = (pa - (pa < LEVEL_3 ? LEVEL_2 : LEVEL_3)) / 8;
          return pa < LEVEL_3 ? LEVEL_3 + 4096 * index | 3 : 0x8000_0000L + (index << 12) | 0x7ff;
        };
    Features features = Features.MAX;
    Stage2Parameters parameters = Stage2Parameters.decode(0x8002_3558L, ROOT, 1, features);
    World world =
        new World(
            Map.of(),
            features,
            reader,
            pa -> "",
            false,
            List.of(),
            Optional.empty(),
            SymbolTable.EMPTY,
            () -> {});
    Counter counter = new Counter();
    PrintWriter out = new PrintWriter(counter);
    int exit = LeafLines.write(out, out, world, parameters, TableSweep.USUAL_LIMIT);
    assertThat(exit).isZero();
    assertThat(counter.lines).isEqualTo(1 << 20);
    assertThat(counter.characters).isGreaterThan(30L << 20);
    assertThat(counter.last).endsWith("\nfffff000 1000 17ffff000 17ffff7ff\n");
  }
}
