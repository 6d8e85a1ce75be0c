package dev.stagewalk.app.tables;

import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.trace.RangeExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk tables}. */
@Command(
    name = "tables",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what stage-2 tables map: ranges of IPAs, or every leaf.",
      "What is odd about the tables goes to standard error.",
      "Exit code: 0 if all tables were looked at, 1 if not, 2 for wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk tables vm.elf",
      "  stagewalk tables --dump vm.elf --regs vm.regs.json",
      "  stagewalk tables --dump root.bin@0x43582000 --dump level2.bin@0x49531000 --vtcr 0x80243558"
          + " --vttbr 0x4000043582000",
      "  stagewalk tables --sample demand-paging --at 'exit 3' --json",
      "  stagewalk tables --dump vm.elf --regs vm.txt --ptdump > stage2_page_tables",
      "  stagewalk tables --dump vm.lime --regs vm.txt --leaves | sha256sum"
    })
public final class TablesCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "a memory dump, FILE or FILE@BASE as for --dump")
  private @Nullable String dump;

  @Mixin private WorldOptions options = new WorldOptions();

  @Option(
      names = "--leaves",
      description = {
        "one line a leaf in order of IPA, 'ipa size pa descriptor' in hexadecimal;",
        "invalid entries that are not zero have pa 0"
      })
  private boolean leaves;

  @Option(names = "--csv", description = "ranges as comma-separated values, a header line first")
  private boolean csv;

  @Option(
      names = "--ptdump",
      description = {
        "the text of the kernel's stage2_page_tables: ranges of equal level and access with the",
        "holes between them; 'stagewalk import' reads it"
      })
  private boolean ptdump;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Option(
      names = "--max-tables",
      paramLabel = "N",
      defaultValue = "1048576",
      description = "tables to enter at most (default: ${DEFAULT-VALUE})")
  private long most;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    if (Stream.of(leaves, json, csv, ptdump).filter(form -> form).count() > 1) {
      throw new ParameterException(
          command.commandLine(), "--leaves, --json, --csv and --ptdump exclude each other");
    }
    if (most < 1) {
      throw new ParameterException(command.commandLine(), "--max-tables must be at least 1");
    }
    try (World world = options.open(Map.of(), dump == null ? List.of() : List.of(dump))) {
      Stage2Parameters parameters = world.stage2();
      if (json) {
        return TablesJson.write(out, world, parameters, most);
      }
      world.notes().forEach(note -> err.println("note: " + note));
      parameters.problems().forEach(p -> err.println(Texts.problem(p)));
      if (csv || ptdump) {
        return export(out, err, world, parameters);
      }
      return leaves
          ? LeafLines.write(out, err, world, parameters, most)
          : RangeLines.write(out, err, world, parameters, most);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What is read by programs goes to the output, all else to standard error. */
  private int export(PrintWriter out, PrintWriter err, World world, Stage2Parameters parameters)
      throws IOException {
    RangeExport.Written written =
        csv
            ? RangeExport.csv(parameters, world.reader(), out)
            : RangeExport.ptdump(parameters, world.reader(), out);
    out.flush();
    err.println(written.words());
    return written.oddities() == 0 && written.complete() && parameters.walkable() ? 0 : 1;
  }
}
