package dev.stagewalk.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.trace.ImportedRecording;
import dev.stagewalk.trace.JsonRecord;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingOutput;
import dev.stagewalk.trace.RecordingWriter;
import dev.stagewalk.trace.Sha256;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that a run depends on, in the folder of its recording: the manifest and files beside it. */
final class RecordedScenario {
  private static final String IMAGE = "image";
  private static final String RAMDISK = "boot/ramdisk";
  private static final String TREE = "boot/tree";
  private static final String SOURCES = "sources";

  /** Bytes of a file beside the manifest. */
  private static final long LARGEST = 1L << 30;

  private final Scenario scenario;
  private final Map<String, byte[]> included = new TreeMap<>();

  /**
   * @throws IllegalArgumentException in words if the scenario cannot be kept
   */
  RecordedScenario(Scenario scenario) {
    this.scenario = scenario;
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

  /**
   * Writes the manifest and all beside it, and begins the stream.
   *
   * @param tool what records, with its version
   */
  RecordingWriter begin(RecordingOutput output, String tool) throws IOException {
    Map<String, byte[]> beside = new TreeMap<>();
    scenario
        .boot()
        .ifPresent(boot -> {
          beside.put(IMAGE, boot.image().file());
          if (boot.ramdisk().length > 0) {
            beside.put(RAMDISK, boot.ramdisk());
          }
          boot.tree().ifPresent(tree -> beside.put(TREE, tree));
        });
    included.forEach((name, content) -> beside.put(SOURCES + "/" + name, content));
    return RecordingWriter.begin(output, manifest(tool), beside);
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
        json.writeStringField("sha256", Sha256.of(boot.image().file()));
        if (boot.ramdisk().length > 0) {
          json.writeStringField("ramdisk", Sha256.of(boot.ramdisk()));
        }
        if (boot.tree().isPresent()) {
          json.writeStringField("tree", Sha256.of(boot.tree().get()));
        }
        json.writeEndObject();
      }
      json.writeArrayFieldStart("included");
      for (Map.Entry<String, byte[]> file : included.entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", file.getKey());
        json.writeStringField("sha256", Sha256.of(file.getValue()));
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
  static Scenario read(Recording recording) throws TraceException {
    if (ImportedRecording.isImported(recording)) {
      throw ImportedRecording.cannotRun(recording);
    }
    JsonRecord manifest = recording.manifest();
    try {
      List<JsonRecord> included = manifest.objects("included");
      return ScenarioJson.read(
          manifest.object("scenario"),
          manifest.has(IMAGE)
              ? Optional.of(boot(recording, manifest.object(IMAGE)))
              : Optional.empty(),
          included.isEmpty() ? Optional.empty() : Optional.of(sources(recording, included)));
    } catch (IllegalArgumentException | ImageException e) {
      throw new TraceException(
          "the manifest of '" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  /** A folder with the included files: that of the recording, or one made for an archive. */
  private static Path sources(Recording recording, List<JsonRecord> included)
      throws TraceException {
    Path inside = recording.path().resolve(SOURCES);
    boolean unpack = Files.isRegularFile(recording.path());
    try {
      Path folder = unpack ? Files.createTempDirectory("stagewalk-sources") : inside;
      for (JsonRecord file : included) {
        Path name = Path.of(file.text("name")).normalize();
        if (name.isAbsolute() || name.startsWith("..")) {
          throw new IllegalArgumentException("'" + name + "' lies outside of the recording");
        }
        byte[] content = checked(recording, SOURCES + "/" + name, file.text("sha256"));
        if (unpack) {
          Path to = folder.resolve(name);
          Files.createDirectories(to.resolveSibling("."));
          Files.write(to, content);
          to.toFile().deleteOnExit();
        }
      }
      return folder;
    } catch (IOException e) {
      throw new TraceException(
          "the sources of '" + recording.path() + "' cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static Boot boot(Recording recording, JsonRecord json)
      throws TraceException, ImageException {
    BootImage image =
        BootImage.read(json.text("name"), checked(recording, IMAGE, json.text("sha256")));
    if (json.has("tree")) {
      return Boot.with(
          image, json.number("memory"), TREE, checked(recording, TREE, json.text("tree")));
    }
    return Boot.withRamdisk(
        image,
        json.number("memory"),
        json.text("arguments"),
        json.has("ramdisk") ? checked(recording, RAMDISK, json.text("ramdisk")) : new byte[0]);
  }

  private static byte[] checked(Recording recording, String file, String sha256)
      throws TraceException {
    String name = "'" + recording.path().resolve(file) + "'";
    byte[] content;
    try {
      content = recording.bytes(file, LARGEST);
    } catch (IOException e) {
      throw new TraceException(name + " cannot be read: copy the whole folder of the recording", e);
    }
    if (!Sha256.of(content).equals(sha256)) {
      throw new TraceException(name + " is not the file that was recorded: it has changed");
    }
    return content;
  }
}
