package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Moment;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints: the pages of memory first, then a file with all the rest, then a line in the
 * index. What the index names is whole.
 */
final class CheckpointWriter implements Closeable {
  static final String FOLDER = "checkpoints/";
  static final String INDEX = FOLDER + "index.jsonl";
  static final String PAGES = FOLDER + "pages.bin";

  private final RecordingOutput output;
  private final WritableByteChannel index;
  private final PagesWriter pages;
  private int written;
  private int starts;

  /** What a reset of the board goes back to, as last written. */
  private Machine.@Nullable State start;

  private String startText = "";

  CheckpointWriter(RecordingOutput output) throws IOException {
    this.output = output;
    this.index = output.create(INDEX);
    this.pages = new PagesWriter(output.create(PAGES));
  }

  void write(Machine.State state, Moment moment, RecordedCheckpoint.Counts counts, long hash)
      throws IOException {
    Machine.State first = state.start();
    if (first != null && first != start) {
      writeStart(first);
    }
    String file = String.format(Locale.ROOT, "%09d.json", written++);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("moment", moment.toString());
      json.writeStringField("hash", Hex.plain(hash));
      if (first != null) {
        json.writeStringField("start", startFile());
      }
      StateJson.write(state, pages::write, json);
      json.writeEndObject();
    }
    byte[] content = utf8(text + "\n");
    RecordingWriter.write(output, FOLDER + file, content);
    String line =
        "{\"file\":\""
            + file
            + "\",\"moment\":\""
            + moment
            + "\",\"events\":"
            + counts.events()
            + ",\"exits\":"
            + counts.exits()
            + ",\"microSteps\":"
            + counts.microSteps()
            + ",\"sha256\":\""
            + Sha256.of(content)
            + "\"}\n";
    RecordingWriter.write(index, utf8(line));
  }

  private void writeStart(Machine.State state) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      StateJson.write(state, pages::write, json);
      json.writeEndObject();
    }
    start = state;
    if (!startText.equals(text.toString())) {
      startText = text.toString();
      starts++;
      RecordingWriter.write(output, FOLDER + startFile(), utf8(startText + "\n"));
    }
  }

  private String startFile() {
    return "start" + starts + ".json";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    try (index) {
      pages.close();
    }
  }
}
