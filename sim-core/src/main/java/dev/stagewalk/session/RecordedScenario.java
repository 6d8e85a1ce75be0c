package dev.stagewalk.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.trace.JsonRecord;
import dev.stagewalk.trace.RecordingFolder;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that a run depends on, in the folder of its recording: the manifest and files beside it. */
final class RecordedScenario {
  private static final String IMAGE = "image";
  private static final String SOURCES = "sources";

  private final Scenario scenario;
  private final Optional<byte[]> image;
  private final Map<String, byte[]> included = new TreeMap<>();

  /**
   * @param image the bytes of the file that the scenario boots, if it boots one
   * @throws IllegalArgumentException in words if the scenario cannot be kept
   */
  RecordedScenario(Scenario scenario, Optional<byte[]> image) {
    this.scenario = scenario;
    this.image = image;
    scenario.boot().ifPresent(this::requireSame);
    if (scenario.folder().isPresent()) {
      new Assembler()
          .assemble(
              scenario.sourceName(), scenario.source(), scenario.loadAddress(), this::include);
    }
  }

  private byte[] include(String name) throws IOException {
    byte[] content = scenario.includes().read(name);
    Path path = Path.of(name).normalize();
    if (path.isAbsolute() || path.startsWith("..")) {
      throw new IllegalArgumentException(
          "a run cannot be recorded whose source includes '"
              + name
              + "': name the file from the folder of the source");
    }
    included.put(path.toString(), content);
    return content;
  }

  private void requireSame(Boot boot) {
    if (!boot.standsAlone()) {
      throw new IllegalArgumentException(
          "a run with a ramdisk or a device tree from a file cannot be recorded");
    }
    BootImage kept;
    try {
      kept = BootImage.read(boot.image().name(), image.orElse(new byte[0]));
    } catch (ImageException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
    if (kept.entry() != boot.image().entry() || !same(kept.pieces(), boot.image().pieces())) {
      throw new IllegalArgumentException(
          "'" + boot.image().name() + "' has changed since it was read: try again");
    }
  }

  private static boolean same(List<BootImage.Piece> one, List<BootImage.Piece> other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      BootImage.Piece a = one.get(i);
      BootImage.Piece b = other.get(i);
      same =
          a.address() == b.address()
              && a.size() == b.size()
              && Arrays.equals(a.content(), b.content());
    }
    return same;
  }

  /**
   * Writes the manifest, and begins the stream.
   *
   * @param tool what records, with its version
   */
  RecordingWriter begin(Path folder, String tool) throws IOException, TraceException {
    RecordingWriter writer = RecordingWriter.begin(folder, manifest(tool));
    if (image.isPresent()) {
      Files.write(folder.resolve(IMAGE), image.get());
    }
    for (Map.Entry<String, byte[]> file : included.entrySet()) {
      Path to = folder.resolve(SOURCES).resolve(file.getKey());
      Files.createDirectories(to.resolveSibling("."));
      Files.write(to, file.getValue());
    }
    return writer;
  }

  private String manifest(String tool) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json =
        new JsonFactory().createGenerator(text).setPrettyPrinter(new DefaultPrettyPrinter())) {
      json.writeStartObject();
      json.writeStringField("format", "stagewalk-recording");
      json.writeNumberField("version", RecordingWriter.VERSION);
      json.writeStringField("tool", tool);
      json.writeFieldName("scenario");
      ScenarioJson.write(scenario, json);
      if (scenario.boot().isPresent()) {
        Boot boot = scenario.boot().get();
        json.writeObjectFieldStart("image");
        json.writeStringField("name", boot.image().name());
        json.writeNumberField("memory", boot.memory());
        json.writeStringField("arguments", boot.arguments());
        json.writeStringField("sha256", sha256(image.orElse(new byte[0])));
        json.writeEndObject();
      }
      json.writeArrayFieldStart("included");
      for (Map.Entry<String, byte[]> file : included.entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", file.getKey());
        json.writeStringField("sha256", sha256(file.getValue()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text + "\n";
  }

  /**
   * The scenario of a recording.
   *
   * @throws TraceException if the manifest or a file beside it is damaged
   */
  static Scenario read(RecordingFolder recording) throws TraceException {
    Path folder = recording.folder();
    JsonRecord manifest = recording.manifest();
    try {
      for (JsonRecord file : manifest.objects("included")) {
        Path path = Path.of(file.text("name")).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
          throw new IllegalArgumentException("'" + path + "' lies outside of the recording");
        }
        checked(folder.resolve(SOURCES).resolve(path), file.text("sha256"));
      }
      Path sources = folder.resolve(SOURCES);
      return ScenarioJson.read(
          manifest.object("scenario"),
          manifest.has(IMAGE)
              ? Optional.of(boot(folder, manifest.object(IMAGE)))
              : Optional.empty(),
          Files.isDirectory(sources) ? Optional.of(sources) : Optional.empty());
    } catch (IllegalArgumentException | ImageException e) {
      throw new TraceException("the manifest of '" + folder + "' is damaged: " + e.getMessage(), e);
    }
  }

  private static Boot boot(Path folder, JsonRecord json) throws TraceException, ImageException {
    byte[] content = checked(folder.resolve(IMAGE), json.text("sha256"));
    return Boot.of(
        BootImage.read(json.text("name"), content), json.number("memory"), json.text("arguments"));
  }

  private static byte[] checked(Path file, String sha256) throws TraceException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new TraceException(
          "'" + file + "' cannot be read: copy the whole folder of the recording", e);
    }
    if (!sha256(content).equals(sha256)) {
      throw new TraceException("'" + file + "' is not the file that was recorded: it has changed");
    }
    return content;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
