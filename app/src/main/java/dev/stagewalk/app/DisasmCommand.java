package dev.stagewalk.app;

import dev.stagewalk.image.ElfCode;
import dev.stagewalk.image.ElfException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk disasm FILE}. */
@Command(
    name = "disasm",
    mixinStandardHelpOptions = true,
    description = {
      "Disassembles an ELF64 file of AArch64, or a flat file, as objdump -dz prints it.",
      "Symbols are labels; what is marked as data is printed as such. An instruction that is not"
          + " simulated is .inst."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk disasm guest.elf",
      "  stagewalk disasm guest.elf --section .text --no-aliases",
      "  stagewalk disasm guest.bin --base 0x40080000"
    })
final class DisasmCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "an ELF file, or instructions and nothing else")
  private Path file = Path.of("");

  @Option(
      names = "--base",
      paramLabel = "ADDRESS",
      description = "where a flat file lies (default: 0)")
  private @Nullable String base;

  @Option(
      names = "--section",
      paramLabel = "NAME",
      description = "this section alone, executable or not")
  private @Nullable String section;

  @Option(
      names = "--no-aliases",
      description = "print the name of each encoding: orr for mov, subs for cmp")
  private boolean noAliases;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    byte[] content = content();
    CodeListing listing = new CodeListing(out, noAliases);
    if (!ElfCode.isElf(content)) {
      flat(content, listing);
    } else if (base != null) {
      throw wrong("'" + file + "' is an ELF file, which says where it lies: leave --base away");
    } else {
      elf(content, listing);
    }
    out.flush();
    return 0;
  }

  private void flat(byte[] content, CodeListing listing) {
    if (section != null) {
      throw wrong("'" + file + "' is no ELF file, so it has no section " + section);
    }
    if (content.length == 0) {
      throw wrong("'" + file + "' is empty");
    }
    long address = 0;
    if (base != null) {
      try {
        address = CodeAddress.parse(base);
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    ElfCode.Piece piece = ElfCode.Piece.flat(String.valueOf(file.getFileName()), address, content);
    listing.print(piece, (from, at) -> null);
  }

  private void elf(byte[] content, CodeListing listing) {
    ElfCode code;
    try {
      code = ElfCode.read(file.toString(), content);
    } catch (ElfException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    List<ElfCode.Piece> chosen =
        code.pieces().stream()
            .filter(piece -> section == null ? piece.isExecutable() : piece.name().equals(section))
            .toList();
    if (chosen.isEmpty()) {
      List<String> names = code.pieces().stream().map(ElfCode.Piece::name).toList();
      throw wrong(
          "'%s' has no %s; it has %s"
              .formatted(
                  file,
                  section == null ? "executable section" : "section " + section,
                  String.join(", ", names)));
    }
    chosen.forEach(piece -> listing.print(piece, code::nearest));
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw wrong("there is no file '" + file + "'");
    } catch (IOException e) {
      throw wrong("cannot read '" + file + "': " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
