package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.trace.IpaMap;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceFields;
import dev.stagewalk.trace.TraceImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that are cut short or damaged: read as far as they go, or refused in words. */
final class DamagedTracesTest {
  private static final Path TRACES = Path.of("src/test/resources/traces");

  @TempDir private Path folder;

  @Test
  void tenDamagedCopiesOfEachTraceAreReadOrRefused() throws IOException {
    damage(10);
  }

  @Tag("long")
  @Test
  void aThousandDamagedCopiesOfEachTraceAreReadOrRefused() throws IOException {
    damage(1000);
  }

  private void damage(int copies) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(TRACES)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    Random random = new Random(7);
    Path copy = folder.resolve("copy");
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int n = 0; n < copies; n++) {
        Files.write(copy, damaged(whole, random));
        readOrRefuse(copy);
      }
    }
  }

  private static byte[] damaged(byte[] whole, Random random) {
    // A short stretch is enough to hold what a reader can trip over, and keeps the test quick.
    int from = random.nextBoolean() ? 0 : random.nextInt(whole.length);
    int to = from + random.nextInt(Math.min(4096, whole.length - from) + 1);
    byte[] bytes = Arrays.copyOfRange(whole, from, to);
    for (int n = random.nextInt(20); n > 0 && bytes.length > 0; n--) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt()
              : (byte) "0123456789 :[](),\n=-".charAt(random.nextInt(20));
    }
    return bytes;
  }

  private static void readOrRefuse(Path copy) {
    try {
      Trace trace = TraceImport.read(copy, null, Map.of());
      for (int n = 0; n < trace.events().size(); n++) {
        TraceFields.of(trace.events().get(n)).ipa();
      }
      IpaMap.of(trace).ranges();
    } catch (TraceException e) {
      assertThat(e).hasMessageContaining(copy.toString());
    }
  }
}
