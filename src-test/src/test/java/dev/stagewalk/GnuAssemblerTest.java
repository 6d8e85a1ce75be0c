package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.guests.Workload;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.ZooCase;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.isa.asm.StaticElf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole sources assemble to the bytes that GNU as and ld make of them: every sample, a source with
 * every directive, random expressions. {@code mvn -Dstagewalk.record=true -Dtest=GnuAssemblerTest
 * -Dsurefire.failIfNoSpecifiedTests=false verify} records anew, for machines without binutils, what
 * binutils 2.40 makes of them.
 */
class GnuAssemblerTest {
  private static final long BASE = 0x4008_0000L;
  private static final String PREFIX = "aarch64-linux-gnu-";
  private static final String FOLDER = "src/test/resources/dev/stagewalk/gnu/";
  private static final boolean RECORD = Boolean.getBoolean("stagewalk.record");

  private final Assembler assembler = new Assembler();

  @Test
  void everySourceHasTheBytesThatGnuGivesIt(@TempDir Path folder) throws IOException {
    assumeTrue(isInstalled(), "binutils for aarch64 is not installed");
    Map<String, String> theirs = new TreeMap<>();
    sources().forEach((name, text) -> theirs.putAll(sections(folder, name, text)));
    if (RECORD) {
      StringBuilder lines = new StringBuilder();
      theirs.forEach((section, bytes) -> lines.append(section + " " + bytes + "\n"));
      Files.writeString(Path.of(FOLDER, "bytes.txt"), lines);
    }
    assertThat(ours()).containsExactlyEntriesOf(theirs);
  }

  @Test
  void everySourceHasTheBytesThatWereRecordedOfGnu() throws IOException {
    Map<String, String> recorded = new TreeMap<>();
    for (String line : resource("bytes.txt").lines().toList()) {
      int end = line.indexOf(' ', line.indexOf(' ') + 1);
      recorded.put(line.substring(0, end), line.substring(end + 1));
    }
    assertThat(ours()).containsExactlyEntriesOf(recorded);
  }

  @Test
  void gnuReadsOurElfAsItWasMeant(@TempDir Path folder) throws IOException {
    assumeTrue(isInstalled(), "binutils for aarch64 is not installed");
    Assembled assembled = assembled("directives.s", resource("directives.s"));
    String elf = Files.write(folder.resolve("our.elf"), StaticElf.of(assembled)).toString();
    List<String> said = run(PREFIX + "readelf", "-aW", elf);
    assertThat(said).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("warning"));
    assertThat(said)
        .anyMatch(line -> line.matches(" *Type: +EXEC .*"))
        .anyMatch(line -> line.matches(" *Entry point address: +0x40080000"))
        .anyMatch(line -> line.matches(" *LOAD +0x001000 0x0000000040080000 .* RWE 0x1000"))
        .anyMatch(line -> line.matches(".* FUNC +GLOBAL +DEFAULT +1 _start"))
        .anyMatch(line -> line.matches(".* ABS UART"));
    for (Assembled.Section section : assembled.sections()) {
      if (!section.noBits()) {
        assertThat(content(folder, elf, section.name())).isEqualTo(section.bytes());
      }
    }
    assertThat(run(PREFIX + "objdump", "-d", elf))
        .anyMatch(line -> line.equals("0000000040080000 <_start>:"));
  }

  private Map<String, String> ours() {
    Map<String, String> all = new TreeMap<>();
    sources()
        .forEach((name, text) -> {
          for (Assembled.Section section : assembled(name, text).sections()) {
            if (section.inMemory() && !section.noBits()) {
              all.put(name + " " + section.name(), digest(section.bytes()));
            }
          }
        });
    return all;
  }

  private Assembled assembled(String name, String text) {
    Assembled assembled = assembler.assemble(name, text, BASE);
    assertThat(assembled.errors()).as(name).isEmpty();
    return assembled;
  }

  /** What GNU makes of a source whose sections lie where ours do. */
  private Map<String, String> sections(Path folder, String name, String text) {
    String source = folder.resolve("source.s").toString();
    String object = folder.resolve("source.o").toString();
    String program = folder.resolve("source.elf").toString();
    List<Assembled.Section> ours = assembled(name, text).sections();
    try {
      Files.writeString(Path.of(source), text);
      assertThat(run(PREFIX + "as", "-march=armv8.5-a", source, "-o", object))
          .noneMatch(line -> line.contains("Error"));
      List<String> link =
          new ArrayList<>(
              List.of(PREFIX + "ld", "--unique=.rodata.*", "-e", "0", object, "-o", program));
      for (Assembled.Section section : ours) {
        link.add("--section-start=" + section.name() + "=0x" + Long.toHexString(section.address()));
      }
      assertThat(run(link.toArray(String[]::new))).noneMatch(line -> line.contains("error"));
      Map<String, String> all = new LinkedHashMap<>();
      for (Assembled.Section section : ours) {
        if (section.inMemory() && !section.noBits()) {
          String bytes = digest(content(folder, program, section.name()));
          all.put(name + " " + section.name(), bytes);
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] content(Path folder, String elf, String section) throws IOException {
    Path binary = folder.resolve("section.bin");
    run(PREFIX + "objcopy", "-O", "binary", "-j", section, elf, binary.toString());
    return Files.readAllBytes(binary);
  }

  /** Sources by name. */
  private static Map<String, String> sources() {
    Map<String, String> all = new TreeMap<>();
    Catalogue.standard().scenarios().forEach(s -> all.put(s.sourceName(), s.source()));
    for (ZooCase zoo : Course.standard().cases()) {
      all.putIfAbsent(zoo.story().scenario().sourceName(), zoo.story().scenario().source());
      all.putIfAbsent(zoo.twin().sourceName(), zoo.twin().source());
    }
    Catalogue.exitWorkloads().forEach(s -> all.put(s.sourceName(), s.source()));
    Workload.all().forEach(w -> all.put(w.name() + ".s", w.source(3)));
    all.put("directives.s", resource("directives.s"));
    all.put("expressions.s", expressions());
    return all;
  }

  private static String expressions() {
    Random random = new Random(17);
    StringBuilder source = new StringBuilder(" .equ a, 5\n .equ b, -3\n .equ c, 0x123456789a\n");
    for (int i = 0; i < 2000; i++) {
      source.append(" .quad ").append(expression(random, 4)).append('\n');
    }
    return source.append("l: nop\n").toString();
  }

  private static String expression(Random random, int depth) {
    String[] operators = "+ - * | & ^ ! == != <> < > <= >= && || << >> + - *".split(" ");
    if (depth == 0 || random.nextInt(6) == 0) {
      return switch (random.nextInt(7)) {
        case 0 -> "a";
        case 1 -> "b";
        case 2 -> "c";
        case 3 -> "0x" + Integer.toHexString(random.nextInt(1 << 20));
        case 4 -> "0" + random.nextInt(8);
        case 5 -> "'x'";
        default -> Integer.toString(random.nextInt(20));
      };
    }
    String operator = operators[random.nextInt(operators.length)];
    String left = expression(random, depth - 1);
    // A shift or division by what is too much or zero is warned about, not agreed on.
    String right =
        operator.contains("<<") || operator.contains(">>")
            ? Integer.toString(random.nextInt(64))
            : expression(random, depth - 1);
    String whole = left + " " + operator + " " + right;
    return switch (random.nextInt(6)) {
      case 0 -> "(" + whole + ")";
      case 1 -> "-(" + whole + ")";
      case 2 -> "~" + whole;
      case 3 -> "(" + whole + ") / " + (1 + random.nextInt(9)) + " % 7";
      default -> whole;
    };
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + " " + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = GnuAssemblerTest.class.getResourceAsStream("gnu/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isInstalled() {
    try {
      run(PREFIX + "as", "--version");
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
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
