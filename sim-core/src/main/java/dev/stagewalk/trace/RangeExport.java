package dev.stagewalk.trace;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.RangeFolder;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TableSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Writes what stage-2 tables map, for other programs. */
public final class RangeExport {
  private static final String CSV_HEADER =
      "ipa,ipa_end,pa,size,level,leaves,read,write,execute_el1,execute_el0,memory,shareability,"
          + "access_flag,dbm,contiguous,descriptor";

  private RangeExport() {}

  /**
   * What was written.
   *
   * @param lines ranges
   * @param oddities parts of tables that cannot be read, loops and the like: what they would map is
   *     not among the ranges
   * @param complete whether all tables were looked at
   */
  public record Written(long lines, long oddities, boolean complete) {
    /** "19 ranges", with what is not among them. */
    public String words() {
      return lines
          + (lines == 1 ? " range" : " ranges")
          + (oddities == 0
              ? ""
              : "; "
                  + oddities
                  + (oddities == 1 ? " place" : " places")
                  + " in the tables cannot be followed, and what they would map is left out")
          + (complete ? "" : "; not all tables were looked at");
    }
  }

  /**
   * Writes comma-separated values with a header line: ranges of contiguous leaves of one level with
   * equal attributes. {@code ipa_end} is the first IPA behind the range, {@code descriptor} that of
   * the first leaf; what is true is 1.
   */
  public static Written csv(Stage2Parameters parameters, DescriptorReader memory, Writer out)
      throws IOException {
    out.write(CSV_HEADER + "\n");
    Csv csv = new Csv(parameters, out);
    try {
      TableSweep.Done done = TableSweep.over(parameters, memory, csv);
      csv.folder.finish();
      return new Written(csv.lines, csv.odd, done.complete());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Writes the text of the kernel's {@code stage2_page_tables}: ranges of equal level and access,
   * with the holes between them. It says no output address and no memory type. What cannot be read
   * is neither mapped nor a hole, so it is left out.
   */
  public static Written ptdump(Stage2Parameters parameters, DescriptorReader memory, Writer out)
      throws IOException {
    out.write("---[ Guest IPA ]---\n");
    PtdumpText text = new PtdumpText(parameters, out);
    try {
      TableSweep.Done done = TableSweep.over(parameters, memory, text);
      text.finish();
      return new Written(text.lines(), text.oddities(), done.complete());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class Csv implements TableSweep.Visitor {
    private final Stage2Parameters parameters;
    private final Writer out;
    private final RangeFolder folder;
    private long lines;
    private long odd;

    Csv(Stage2Parameters parameters, Writer out) {
      this.parameters = parameters;
      this.out = out;
      folder = new RangeFolder(parameters, this::range);
    }

    @Override
    public void leaf(long ipa, int level, long pa, long descriptor) {
      folder.leaf(ipa, level, pa, descriptor);
    }

    @Override
    public void oddity(TableSweep.Oddity oddity) {
      odd++;
    }

    private void range(TableScan.Range range) {
      Stage2Attributes a = Stage2Attributes.of(range.leaf(), parameters);
      lines++;
      try {
        out.write(
            String.join(
                    ",",
                    Hex.plain(range.ipa()),
                    Hex.plain(range.ipa() + range.bytes()),
                    Hex.plain(range.pa()),
                    Hex.plain(range.bytes()),
                    Integer.toString(range.level()),
                    Long.toString(range.leaves()),
                    bit(a.readable()),
                    bit(a.writable()),
                    bit(a.executableAtEl1()),
                    bit(a.executableAtEl0()),
                    quoted(a.memoryType().words()),
                    quoted(a.shareability().words()),
                    bit(a.accessFlag()),
                    bit(a.dirtyBitModifier()),
                    bit(a.contiguous()),
                    Hex.plain(range.leaf()))
                + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String bit(boolean on) {
      return on ? "1" : "0";
    }

    private static String quoted(String words) {
      return words.indexOf(',') < 0 ? words : '"' + words + '"';
    }
  }
}
