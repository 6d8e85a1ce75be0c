package dev.stagewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody might take for a trace, or name as the wrong kind. */
final class LookAlikesTest {
  private static final String TRACEFS =
      "# tracer: nop\n             vmm-182     [001] .....     2.939731: kvm_entry: PC: 0x0\n";
  private static final String TARMAC =
      "1 clk IT (1) 00210120 d2800040 O EL3h_s : MOV      x0,#2\n1 clk R X0 0000000000000002\n";

  @TempDir private Path folder;

  private Path file(byte[] content) throws Exception {
    return Files.write(folder.resolve("given"), content);
  }

  private Path file(String text) throws Exception {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String escaped) {
    return escaped.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "PERFILE2\\0\\0 | a perf.data file: run 'perf script' first",
        "\\324\\303\\262\\241\\2\\0\\4\\0 | a capture of network packets",
        "\\n\\r\\r\\n\\34\\0\\0\\0 | a capture of network packets",
        "(\\265/\\375\\4\\0 | is a zstd file that breaks off: copy it again",
        "(\\265/\\375\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377 | is a"
            + " damaged zstd file",
        "\\4\\\"M\\30d@ | compressed with lz4",
        "\\3757zXZ\\0\\0 | compressed with xz",
        "BZh91AY | compressed with bzip2",
        "PK\\3\\4\\n\\0 | a zip archive",
        "\\377\\376#\\0 | a text in UTF-16: save it as UTF-8",
        "\\376\\377\\0# | a text in UTF-16: save it as UTF-8",
        "\\301\\37\\374\\301 | a trace in CTF",
        "\\177ELF\\2\\1\\1 | an ELF file: 'boot' runs a program",
        "\\1\\0\\2\\0 | a binary file of a kind that is not known here",
        "~hello~ | a text in which no line has the form of a known trace; its first line is",
      })
  void whatIsNoTraceIsSaidToBeWhatItIs(String content, String words) throws Exception {
    Path given = file(bytes(content));
    assertThatThrownBy(() -> TraceImport.read(given, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(given.toString())
        .hasMessageContaining(words);
    for (TraceKind kind : TraceKind.values()) {
      if (!words.startsWith("a text in which")) {
        assertThatThrownBy(() -> TraceImport.read(given, kind, Map.of()))
            .as("as " + kind)
            .isInstanceOf(TraceException.class)
            .hasMessageContaining(words);
      }
    }
  }

  @Test
  void anEmptyFileAFolderAndNoFileAreSaidToBeThat() throws Exception {
    Path empty = file("");
    assertThatThrownBy(() -> TraceImport.read(empty, null, Map.of())).hasMessageEndingWith("empty");
    assertThatThrownBy(() -> TraceImport.read(empty, TraceKind.QEMU, Map.of()))
        .hasMessageContaining("it is empty");
    assertThatThrownBy(() -> TraceImport.read(folder, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> TraceImport.read(folder.resolve("none"), null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("there is no file");
  }

  @ParameterizedTest
  @CsvSource({"QEMU", "STAGE2_TABLES", "GDB_TRAPS", "TRACEFS", "TRACE_DAT"})
  void tarmacNamedAsAnotherKindIsExplained(TraceKind wrong) throws Exception {
    Path given = file(TARMAC);
    assertThatThrownBy(() -> TraceImport.read(given, wrong, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("is a Tarmac trace, not " + wrong.words())
        .hasMessageContaining("--as tarmac");
  }

  @ParameterizedTest
  @CsvSource({"QEMU", "TARMAC", "GDB_TRAPS", "STAGE2_TABLES"})
  void aKvmTraceNamedAsAnotherKindIsExplained(TraceKind wrong) throws Exception {
    Path given = file(TRACEFS);
    assertThatThrownBy(() -> TraceImport.read(given, wrong, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("--as tracefs");
  }

  @Test
  void theTextsOfKvmMayBeNamedAsOneAnother() throws Exception {
    assertThat(TraceImport.read(file(TRACEFS), TraceKind.TRACE_CMD, Map.of()).events().size())
        .isEqualTo(1);
  }

  @Test
  void lineEndsOfWindowsAByteOrderMarkAndGzipDoNoHarm() throws Exception {
    String windows = "\uFEFF" + TRACEFS.replace("\n", "\r\n");
    Trace trace = TraceImport.read(file(windows), null, Map.of());
    assertThat(trace.events().counts()).containsExactly(Map.entry("kvm_entry", 1L));
    assertThat(trace.unread().count()).isZero();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(windows.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(TraceImport.read(file(packed.toByteArray()), null, Map.of()).events().size())
        .isEqualTo(1);
  }

  @Test
  void zstdIsUnpackedAlsoOfSeveralFramesAndSaysWhereItIsNotWhole() throws Exception {
    byte[] once = zstd(TRACEFS.repeat(3000));
    byte[] twice = Arrays.copyOf(once, 2 * once.length);
    System.arraycopy(once, 0, twice, once.length, once.length);
    assertThat(TraceImport.read(file(twice), null, Map.of()).events().size()).isEqualTo(6000);
    Path cut = file(Arrays.copyOf(once, once.length - 9));
    assertThatThrownBy(() -> TraceImport.read(cut, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "'"
                + cut
                + "' is a zstd file that breaks off: copy it again, or unpack what"
                + " there is");
    // The frame says a window of 128 MiB.
    Path wide = file(bytes("(\265/\375\0\210\45\0\0\0\0\0\0"));
    assertThatThrownBy(() -> TraceImport.read(wide, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a window of more than 8 MiB (--long, --ultra): unpack it first");
    twice[once.length] ^= 1;
    Path damaged = file(twice);
    assertThatThrownBy(() -> TraceImport.read(damaged, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("'" + damaged + "' is a damaged zstd file (");
  }

  @Test
  void mutatedZstdIsReadOrRefusedInWordsAlways() throws Exception {
    byte[] whole = zstd(TRACEFS.repeat(300));
    Random random = new Random(7);
    for (int n = 0; n < 300; n++) {
      byte[] bytes = whole.clone();
      bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
      Path given = file(bytes);
      try {
        TraceImport.read(given, null, Map.of());
      } catch (TraceException e) {
        assertThat(e).hasMessageContaining(given.toString());
      }
    }
  }

  private static byte[] zstd(String text) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  @Test
  void onlyWhatNobodyKnowsIsOfAnUnknownKind() throws Exception {
    assertThat(reason("some text")).isEqualTo(TraceException.Reason.UNKNOWN_KIND);
    assertThat(reason("PERFILE2")).isEqualTo(TraceException.Reason.UNREADABLE);
    assertThat(reason("")).isEqualTo(TraceException.Reason.UNREADABLE);
  }

  private TraceException.Reason reason(String text) throws Exception {
    Path given = file(text);
    try {
      TraceImport.read(given, null, Map.of());
      throw new AssertionError("it was read");
    } catch (TraceException e) {
      return e.reason();
    }
  }
}
