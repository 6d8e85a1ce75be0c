package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.RangeFolder;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.mmu.TableSweep.Oddity;
import java.io.PrintWriter;
import java.util.Locale;

/** Ranges of IPAs as lines of text, each printed as soon as it is complete. */
final class RangeLines implements TableSweep.Visitor {
  private final PrintWriter out;
  private final Stage2Parameters parameters;
  private final Oddities oddities;
  private final RangeFolder folder;
  private long ranges;
  private long bytes;
  private long invalid;

  private RangeLines(PrintWriter out, Stage2Parameters parameters, Oddities oddities) {
    this.out = out;
    this.parameters = parameters;
    this.oddities = oddities;
    this.folder = new RangeFolder(parameters, this::range);
  }

  /** Writes all ranges; the exit code is 1 if not all tables could be looked at. */
  static int write(
      PrintWriter out, PrintWriter err, World world, Stage2Parameters parameters, long most) {
    Oddities oddities = new Oddities(world.missing());
    RangeLines lines = new RangeLines(out, parameters, oddities);
    out.println("Stage-2 tables of VMID " + parameters.vmid() + ": " + Texts.geometry(parameters));
    if (!parameters.walkable()) {
      out.println("Nothing can be translated: every access faults.");
      out.flush();
      return 1;
    }
    TableSweep.Done done = TableSweep.over(parameters, world.reader(), lines, most);
    lines.folder.finish();
    lines.summary(done);
    out.flush();
    oddities.lines().forEach(err::println);
    return oddities.exitCode(done, parameters);
  }

  @Override
  public void leaf(long ipa, int level, long pa, long descriptor) {
    folder.leaf(ipa, level, pa, descriptor);
  }

  @Override
  public void invalid(long ipa, int level, long descriptor) {
    invalid++;
  }

  @Override
  public void oddity(Oddity oddity) {
    oddities.add(oddity);
  }

  private void range(TableScan.Range range) {
    if (ranges++ == 0) {
      out.printf(
          Locale.ROOT,
          "%-43s %-20s %9s %5s %7s  %s%n",
          "IPA",
          "PA",
          "size",
          "level",
          "leaves",
          "attributes");
    }
    bytes += range.bytes();
    out.printf(
        Locale.ROOT,
        "%-20s - %-20s %-20s %9s %5d %7d  %s%n",
        Hex.address(range.ipa()),
        Hex.address(range.ipa() + range.bytes() - 1),
        Hex.address(range.pa()),
        Size.words(range.bytes()),
        range.level(),
        range.leaves(),
        Texts.attributes(range.leaf(), parameters));
  }

  private void summary(TableSweep.Done done) {
    out.println(
        Texts.count(ranges, "range")
            + ", "
            + Texts.count(folder.leaves(), "leaf", "leaves")
            + ", "
            + Size.words(bytes)
            + " mapped, "
            + Texts.count(done.tables(), "table")
            + (invalid == 0
                ? ""
                : ", " + Texts.count(invalid, "invalid entry", "invalid entries") + " not zero")
            + (done.complete() ? "" : "; not all tables were looked at"));
  }
}
