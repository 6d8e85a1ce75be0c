package dev.stagewalk.app;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.isa.asm.Includes;
import dev.stagewalk.isa.asm.StaticElf;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk asm FILE -o OUT}. */
@Command(
    name = "asm",
    mixinStandardHelpOptions = true,
    description = {
      "Assembles A64 source in GNU syntax into a static ELF64 executable, or into the bytes of one"
          + " section. Everything is placed and resolved here, so there is nothing to link.",
      "Exit code: 0 if it is good, 1 if not, with every error in a line, 2 for wrong usage."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk asm guest.s -o guest.elf",
      "  stagewalk asm guest.s --base 0x40200000 -o guest.elf",
      "  stagewalk asm guest.s --section .text -o guest.bin",
      "  stagewalk asm guest.s"
    })
final class AsmCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description =
          "the source; .include and .incbin find files in its folder and below (without -o it is"
              + " only checked)")
  private Path file = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "the file to write")
  private @Nullable Path output;

  @Option(
      names = "--section",
      paramLabel = "NAME",
      description = "write the bytes of this section alone, such as .text")
  private @Nullable String section;

  @Option(
      names = "--base",
      paramLabel = "ADDRESS",
      defaultValue = "0x40080000",
      description = "where .text lies; the other sections follow (default: ${DEFAULT-VALUE})")
  private String base = "";

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    long address = address();
    if (section != null && output == null) {
      throw wrong("--section needs -o OUT: say where the bytes go");
    }
    String text = text();
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("."));
    Assembled assembled =
        new Assembler().assemble(file.toString(), text, address, Includes.of(folder));
    if (!assembled.isGood()) {
      assembled.errors().forEach(command.getErr()::println);
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (output != null) {
      byte[] bytes = section == null ? StaticElf.of(assembled) : bytes(assembled, section);
      try {
        Files.write(output, bytes);
      } catch (IOException e) {
        throw wrong("cannot write '" + output + "': " + e.getMessage());
      }
    }
    return 0;
  }

  private long address() {
    try {
      return CodeAddress.parse(base);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw wrong("'" + file + "' is no text in UTF-8: name a source in assembly language");
    } catch (NoSuchFileException e) {
      throw wrong("there is no file '" + file + "'");
    } catch (IOException e) {
      throw wrong("cannot read '" + file + "': " + e.getMessage());
    }
  }

  private byte[] bytes(Assembled assembled, String name) {
    for (Assembled.Section candidate : assembled.sections()) {
      if (candidate.name().equals(name)) {
        return candidate.bytes();
      }
    }
    List<String> names = assembled.sections().stream().map(Assembled.Section::name).toList();
    throw wrong(
        "'%s' has no section %s; it has %s".formatted(file, name, String.join(", ", names)));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
