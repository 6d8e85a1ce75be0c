package dev.stagewalk.app.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The QEMU of this computer, on which a workload can be run beside ours. */
public final class Qemu {
  private static final String PROGRAM = "qemu-system-aarch64";
  private static final int PATIENCE_SECONDS = 300;

  /** The first version with {@code one-insn-per-tb}; those before it have {@code -singlestep}. */
  private static final int ONE_INSN_SINCE = 81;

  private final String version;
  private final boolean oneInsnOption;

  private Qemu(String version) {
    this.version = version;
    String[] parts = version.split("\\.");
    oneInsnOption = Integer.parseInt(parts[0]) * 10 + Integer.parseInt(parts[1]) >= ONE_INSN_SINCE;
  }

  /** How it executes. */
  public enum Mode {
    /** As fast as it can, recording nothing. */
    PLAIN("plain"),
    /** Writing its traps to a file. */
    TRAP_LOG("-d int"),
    /** Translating one instruction at a time. */
    ONE_INSTRUCTION("one insn");

    private final String words;

    Mode(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The one that is found where programs are looked for; empty if there is none. */
  public static Optional<Qemu> installed() {
    try {
      Process process = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = Pattern.compile("version (\\d+\\.\\d+[.\\d]*)").matcher(text);
      return matcher.find() ? Optional.of(new Qemu(matcher.group(1))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Its version: {@code 10.0.2}. */
  public String version() {
    return version;
  }

  /**
   * Runs an image to its end.
   *
   * @param folder for what it writes
   * @return seconds of processor time, its own start included
   * @throws IOException if it cannot be started, or ends with an error
   */
  double seconds(Path image, Mode mode, Path folder) throws IOException {
    Path log = folder.resolve("traps.log");
    ProcessorTime began = ProcessorTime.ofChildren();
    Process process =
        new ProcessBuilder(command(image, mode, log))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(PROGRAM + " has not ended after " + PATIENCE_SECONDS + " seconds");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
    double seconds = began.secondsUntil(ProcessorTime.ofChildren());
    if (process.exitValue() != 0) {
      throw new IOException(
          PROGRAM + " has failed: " + Files.readString(folder.resolve("output")).strip());
    }
    Files.deleteIfExists(log);
    return seconds;
  }

  List<String> command(Path image, Mode mode, Path log) {
    List<String> words =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "-machine",
                "virt,virtualization=on,gic-version=3",
                "-cpu",
                "neoverse-n1",
                "-m",
                "512",
                "-display",
                "none",
                "-serial",
                "none",
                "-monitor",
                "none",
                "-nodefaults",
                "-kernel",
                image.toString()));
    switch (mode) {
      case PLAIN -> {}
      case TRAP_LOG -> words.addAll(List.of("-d", "int", "-D", log.toString()));
      case ONE_INSTRUCTION ->
          words.addAll(
              oneInsnOption ? List.of("-accel", "tcg,one-insn-per-tb=on") : List.of("-singlestep"));
    }
    return words;
  }
}
