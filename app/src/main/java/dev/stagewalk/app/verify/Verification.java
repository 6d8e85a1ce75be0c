package dev.stagewalk.app.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.cpu.Engine;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Replays vector files, one JSON object a line or one in all, gzipped or not. */
public final class Verification {
  private static final int GZIP_MAGIC = 0x1f8b;

  private final List<VectorKind> kinds;
  private final ObjectMapper json = new ObjectMapper();
  private final Tally tally = new Tally();

  /** Replays with the engine that everything else is executed with. */
  public Verification() {
    this(Engine.USUAL);
  }

  /**
   * @param engine executes what is replayed
   */
  public Verification(Engine engine) {
    kinds =
        List.of(
            new S2mmuVectors(),
            new GoldenRuns(),
            new XlatVectors(engine),
            new CpuVectors(engine),
            new FpVectors(engine),
            new GuestVectors(engine));
  }

  public Tally tally() {
    return tally;
  }

  /**
   * Replays a file.
   *
   * @throws IOException if it cannot be read
   */
  public void file(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      stream(String.valueOf(path.getFileName()), in);
    }
  }

  /**
   * Replays what a stream holds.
   *
   * @param name how the report calls it
   * @throws IOException if it cannot be read
   */
  public void stream(String name, InputStream in) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(unpacked(in), StandardCharsets.UTF_8));
    VectorReplayer replayer = null;
    int number = 0;
    boolean first = true;
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      String where = name + ":" + number;
      if (first && text.strip().equals("{")) {
        // One object that goes over lines.
        text += "\n" + lines.lines().collect(Collectors.joining("\n"));
      }
      JsonNode line = parse(where, text);
      if (first && line != null) {
        Optional<VectorKind> kind = kindOf(line);
        replayer = kind.map(k -> k.open(tally)).orElse(null);
        first = false;
      }
      if (line != null) {
        replay(replayer, where, line);
      }
    }
    if (first) {
      tally.fail(name, "a vector file", "no line of it was understood");
    }
  }

  private Optional<VectorKind> kindOf(JsonNode firstLine) {
    return kinds.stream().filter(kind -> kind.recognises(firstLine)).findFirst();
  }

  private @Nullable JsonNode parse(String where, String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      tally.fail(where, "a JSON object", String.valueOf(e.getOriginalMessage()));
      return null;
    }
  }

  /**
   * One bad vector must not hide the others, so whatever a replay throws is a failure of its own.
   */
  private void replay(@Nullable VectorReplayer replayer, String where, JsonNode line) {
    if (replayer == null) {
      tally.fail(where, "a vector of a known form", "its file is of none");
      return;
    }
    try {
      replayer.line(where, line);
    } catch (RuntimeException | StackOverflowError e) {
      tally.fail(where, "a replay to the end", e.toString());
    }
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }
}
