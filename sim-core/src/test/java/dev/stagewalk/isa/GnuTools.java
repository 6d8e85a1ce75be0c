package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** GNU as, ld and objdump for AArch64, where they are installed. */
final class GnuTools {
  private static final String PREFIX = "aarch64-linux-gnu-";

  private GnuTools() {}

  static boolean areInstalled() {
    try {
      run(PREFIX + "objdump", "--version");
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The lines that objdump prints of words from address 0 on. */
  static List<String> disassemble(Path folder, List<Integer> words) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(words.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
    words.forEach(bytes::putInt);
    Path file = Files.write(folder.resolve("words.bin"), bytes.array());
    return run(PREFIX + "objdump", "-D", "-z", "-b", "binary", "-maarch64", file.toString());
  }

  /** The words of .text, linked to lie at an address; fails where GNU as refuses a line. */
  static List<Integer> assemble(Path folder, String source, long base) throws IOException {
    String text = Files.writeString(folder.resolve("words.s"), source).toString();
    String object = folder.resolve("words.o").toString();
    String program = folder.resolve("words.elf").toString();
    Path binary = folder.resolve("words.bin");
    assertThat(run(PREFIX + "as", text, "-o", object)).noneMatch(said -> said.contains("Error"));
    String place = "-Ttext=0x" + Long.toHexString(base);
    assertThat(run(PREFIX + "ld", "-e", "0", place, object, "-o", program)).isEmpty();
    run(PREFIX + "objcopy", "-O", "binary", "-j", ".text", program, binary.toString());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(binary)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> words = new ArrayList<>();
    while (bytes.hasRemaining()) {
      words.add(bytes.getInt());
    }
    return words;
  }

  private static List<String> run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
