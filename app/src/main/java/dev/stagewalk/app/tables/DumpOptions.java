package dev.stagewalk.app.tables;

import dev.stagewalk.image.DumpException;
import dev.stagewalk.image.DumpName;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.image.RegisterSheet;
import dev.stagewalk.session.OpenedDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Dumps of memory, and the registers that go with them: from files beside them, or typed. */
public final class DumpOptions {
  /** How a file of registers is called that belongs to the dump beside it. */
  private static final List<String> BESIDE =
      List.of(".regs.json", ".regs.txt", ".registers.json", ".registers.txt", ".regs");

  @Option(names = "--vtcr", paramLabel = "VALUE", description = "VTCR_EL2")
  private @Nullable String vtcr;

  @Option(names = "--vttbr", paramLabel = "VALUE", description = "VTTBR_EL2")
  private @Nullable String vttbr;

  @Option(names = "--hcr", paramLabel = "VALUE", description = "HCR_EL2 (default: VM alone is set)")
  private @Nullable String hcr;

  @Option(
      names = "--dump",
      paramLabel = "FILE[@BASE]",
      description = {
        "memory: an ELF core or LiME file (gzip and zstd are unpacked), or raw memory at BASE;",
        "of several the later lies over the earlier"
      })
  private List<String> dumps = List.of();

  @Option(
      names = {"--regs", "--registers"},
      paramLabel = "FILE",
      description = {
        "registers as JSON or as lines NAME = VALUE; of several PEs the one that runs the guest",
        "is taken; options count more"
      })
  private List<Path> sheets = List.of();

  @Option(names = "--cpu", paramLabel = "N", description = "take this PE's registers, from 0")
  private @Nullable Integer cpu;

  /** The dumps, FILE or FILE@BASE. */
  List<String> dumps() {
    return dumps;
  }

  /** Whether anything is given that only a dump has. */
  public boolean isGiven() {
    return !dumps.isEmpty()
        || !sheets.isEmpty()
        || cpu != null
        || vtcr != null
        || vttbr != null
        || hcr != null;
  }

  /**
   * The registers that were typed, by name.
   *
   * @throws IllegalArgumentException if one is no number
   */
  Map<String, Long> typed() {
    Map<String, Long> registers = new TreeMap<>();
    put(registers, "VTCR_EL2", vtcr);
    put(registers, "VTTBR_EL2", vttbr);
    put(registers, "HCR_EL2", hcr);
    return registers;
  }

  private static void put(Map<String, Long> registers, String name, @Nullable String value) {
    if (value != null) {
      registers.put(name, WorldOptions.number(name, value));
    }
  }

  /**
   * Takes the chosen PE's registers of every file, with notes of what was chosen; where none is
   * named those of the file beside the dump.
   *
   * @param dump FILE or FILE@BASE; null if there is none
   */
  void takeSheets(@Nullable String dump, Map<String, Long> registers, List<String> notes) {
    List<Path> from = sheets;
    if (from.isEmpty() && dump != null) {
      from = beside(DumpName.parse(dump).file());
      from.forEach(file ->
          notes.add("'" + file + "', beside the dump, says the registers (--regs names another)"));
    }
    for (Path file : from) {
      RegisterSheet sheet = RegisterSheet.read(file);
      int chosen = chosen(file, sheet);
      if (sheet.pes().size() > 1 && cpu == null) {
        List<Integer> others = sheet.equallyGood();
        notes.add(
            "'"
                + file
                + "': the registers are those of PE "
                + chosen
                + (others.size() > 1 ? "; " + others + " would do as well (--cpu)" : ""));
      }
      registers.putAll(sheet.pes().get(chosen));
    }
  }

  private int chosen(Path file, RegisterSheet sheet) {
    int chosen = cpu == null ? sheet.inGuestContext() : cpu;
    if (chosen < 0 || chosen >= sheet.pes().size()) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "' has registers of "
              + (sheet.pes().size() == 1 ? "one PE, 0" : "PEs 0 to " + (sheet.pes().size() - 1))
              + ", so --cpu "
              + chosen
              + " is none of them");
    }
    return chosen;
  }

  /**
   * Opens a dump with all that is known beside it. Without {@code --regs} a file of registers that
   * is named as the dump is taken: {@code vm.regs.json} of {@code vm.elf}.
   *
   * @param first FILE or FILE@BASE; what {@code --dump} names lies over it
   * @throws IllegalArgumentException in words, if it cannot be read
   */
  public OpenedDump open(String first) {
    List<DumpName> names = new ArrayList<>();
    names.add(DumpName.parse(first));
    dumps.forEach(dump -> names.add(DumpName.parse(dump)));
    MemoryDump memory;
    try {
      memory = MemoryDump.keep(names);
    } catch (DumpException | IOException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
    Path file = names.getFirst().file();
    List<Path> from = sheets.isEmpty() ? beside(file) : sheets;
    RegisterSheet sheet = RegisterSheet.UNKNOWN;
    if (!from.isEmpty()) {
      sheet = RegisterSheet.read(from.getFirst());
      int pe = chosen(from.getFirst(), sheet);
      for (Path more : from.subList(1, from.size())) {
        RegisterSheet over = RegisterSheet.read(more);
        for (Map.Entry<String, Long> each : over.pes().get(over.inGuestContext()).entrySet()) {
          sheet = sheet.with(pe, each.getKey(), each.getValue());
        }
      }
    }
    int pe = cpu == null ? sheet.inGuestContext() : cpu;
    if (pe < 0 || pe >= sheet.pes().size()) {
      throw new IllegalArgumentException(
          "--cpu " + pe + " names a PE whose registers are not here: give --regs FILE");
    }
    OpenedDump opened =
        new OpenedDump(
            String.valueOf(file.getFileName()),
            memory,
            sheet,
            String.join(", ", from.stream().map(path -> "" + path.getFileName()).toList()),
            pe,
            List.of());
    for (Map.Entry<String, Long> each : typed().entrySet()) {
      opened = opened.with(each.getKey(), each.getValue());
    }
    return opened;
  }

  private static List<Path> beside(Path dump) {
    String name = String.valueOf(dump.getFileName()).replaceFirst("\\.(gz|zst)$", "");
    int dot = name.indexOf('.');
    String stem = dot > 0 ? name.substring(0, name.lastIndexOf('.')) : name;
    String shortest = dot > 0 ? name.substring(0, dot) : name;
    for (String known : List.of(name, stem, shortest)) {
      for (String ending : BESIDE) {
        Path file = dump.resolveSibling(known + ending);
        if (Files.isRegularFile(file)) {
          return List.of(file);
        }
      }
    }
    return List.of();
  }
}
