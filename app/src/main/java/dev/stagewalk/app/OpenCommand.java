package dev.stagewalk.app;

import dev.stagewalk.app.tables.DumpOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code stagewalk open FILE}: the window on a file. */
@Command(
    name = "open",
    mixinStandardHelpOptions = true,
    description = {
      "Opens the window on a file: a run that was recorded here (NAME.swrec, or one file made of"
          + " it),",
      "a trace that a real machine recorded, a dump of its memory, an image, which boots, or A64",
      "source (FILE.s), which runs as a guest. A file can also be dropped on the window."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk open fault.swrec",
      "  stagewalk open trace.dat",
      "  stagewalk open vm.elf --regs registers.txt",
      "  stagewalk open memory.bin@0x43582000 --vttbr 0x4000043582000 --vtcr 0x80243558",
      "  stagewalk open hypervisor.elf"
    })
final class OpenCommand implements Callable<Integer> {
  @ParentCommand private @Nullable StagewalkCommand parent;

  @Parameters(
      paramLabel = "FILE",
      description = "a recording, a trace, a dump (raw memory as FILE@BASE), an image or a source")
  private Path file = Path.of("");

  @Mixin private DumpOptions beside = new DumpOptions();

  @Override
  public Integer call() {
    return java.util.Objects.requireNonNull(parent).open(file, beside);
  }
}
