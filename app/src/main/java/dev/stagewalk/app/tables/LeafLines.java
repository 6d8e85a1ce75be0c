package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.mmu.TableSweep.Oddity;
import java.io.PrintWriter;

/**
 * Every leaf as a line {@code ipa size pa descriptor} in lower-case hexadecimal without prefix,
 * ended by a line feed on every system, so that a hash of the text compares everywhere.
 */
final class LeafLines implements TableSweep.Visitor {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_LINE = 4 * 17;

  private final PrintWriter out;
  private final Granule granule;
  private final Oddities oddities;
  private final char[] buffer = new char[BUFFER];
  private int length;

  private LeafLines(PrintWriter out, Granule granule, Oddities oddities) {
    this.out = out;
    this.granule = granule;
    this.oddities = oddities;
  }

  /** Writes all leaves; the exit code is 1 if not all tables could be looked at. */
  static int write(
      PrintWriter out, PrintWriter err, World world, Stage2Parameters parameters, long most) {
    Oddities oddities = new Oddities(world.missing());
    LeafLines lines = new LeafLines(out, parameters.granule(), oddities);
    TableSweep.Done done = TableSweep.over(parameters, world.reader(), lines, most);
    lines.flush();
    out.flush();
    oddities.lines().forEach(err::println);
    return oddities.exitCode(done, parameters);
  }

  @Override
  public void leaf(long ipa, int level, long pa, long descriptor) {
    line(ipa, level, pa, descriptor);
  }

  @Override
  public void invalid(long ipa, int level, long descriptor) {
    line(ipa, level, 0, descriptor);
  }

  @Override
  public void oddity(Oddity oddity) {
    oddities.add(oddity);
  }

  private void line(long ipa, int level, long pa, long descriptor) {
    if (length > BUFFER - LONGEST_LINE) {
      flush();
    }
    hex(ipa, ' ');
    hex(1L << granule.levelShift(level), ' ');
    hex(pa, ' ');
    hex(descriptor, '\n');
  }

  private void hex(long value, char end) {
    int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
    for (int i = digits - 1; i >= 0; i--) {
      buffer[length++] = Character.forDigit((int) (value >>> (4 * i)) & 0xf, 16);
    }
    buffer[length++] = end;
  }

  private void flush() {
    out.write(buffer, 0, length);
    length = 0;
  }
}
