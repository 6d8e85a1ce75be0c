package dev.stagewalk.trace;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Moment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the checkpoints of a recording, and reads the state of one when it is asked for. */
final class CheckpointReader {
  private static final long LARGEST_INDEX = 1L << 28;
  private static final long LARGEST = 1L << 28;

  private final RecordingFiles files;
  private final PagesReader pages;
  private final Map<String, Machine.State> starts = new HashMap<>();

  CheckpointReader(RecordingFiles files) {
    this.files = files;
    this.pages = new PagesReader(files, CheckpointWriter.PAGES);
  }

  /** All checkpoints in the index whose line is whole, in order; without a repeated moment. */
  List<RecordedCheckpoint> index() {
    List<RecordedCheckpoint> found = new ArrayList<>();
    if (!files.has(CheckpointWriter.INDEX)) {
      return found;
    }
    try {
      String text = files.text(CheckpointWriter.INDEX, LARGEST_INDEX);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        if (!line.isEmpty()) {
          found.add(checkpoint(JsonRecord.parse(line)));
        }
      }
    } catch (IOException | IllegalArgumentException _) {
      // What cannot be read is done without: the run is executed from further back.
    }
    return found;
  }

  private static RecordedCheckpoint checkpoint(JsonRecord line) {
    return new RecordedCheckpoint(
        line.text("file"),
        Moment.parse(line.text("moment")),
        new RecordedCheckpoint.Counts(
            line.number("events"), line.number("exits"), line.number("microSteps")),
        line.text("sha256"));
  }

  /**
   * The state of a checkpoint.
   *
   * @throws TraceException if it cannot be read or is damaged
   */
  synchronized Machine.State state(RecordedCheckpoint checkpoint) throws TraceException {
    JsonRecord json = read(checkpoint.file(), checkpoint.sha256());
    try {
      Machine.State state =
          json.has("start")
              ? StateJson.read(json, pages::read, start(json.text("start")))
              : StateJson.read(json, pages::read, null);
      if (state.instructions() != checkpoint.moment().instruction()) {
        throw new IllegalArgumentException("it is not of the moment that the index says");
      }
      return state;
    } catch (IllegalArgumentException e) {
      throw damaged(checkpoint.file(), e);
    }
  }

  /** Hash that a checkpoint says its state had. */
  synchronized long hash(RecordedCheckpoint checkpoint) throws TraceException {
    try {
      return Hex.parse(read(checkpoint.file(), checkpoint.sha256()).text("hash"));
    } catch (IllegalArgumentException e) {
      throw damaged(checkpoint.file(), e);
    }
  }

  private Machine.State start(String file) throws TraceException {
    Machine.State known = starts.get(file);
    if (known == null) {
      try {
        known = StateJson.read(read(file, ""), pages::read, null);
      } catch (IllegalArgumentException e) {
        throw damaged(file, e);
      }
      starts.put(file, known);
    }
    return known;
  }

  /**
   * @param sha256 that it must have; empty if that is not known
   */
  private JsonRecord read(String file, String sha256) throws TraceException {
    if (!file.matches("[\\w.]+")) {
      throw new TraceException("the index of checkpoints names '" + file + "', which is no file");
    }
    try {
      byte[] content = files.bytes(CheckpointWriter.FOLDER + file, LARGEST);
      if (!sha256.isEmpty() && !sha256.equals(Sha256.of(content))) {
        throw new TraceException("the checkpoint '" + file + "' is not what its hash says");
      }
      return JsonRecord.parse(new String(content, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TraceException(
          "the checkpoint '" + file + "' cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
  }

  private static TraceException damaged(String file, IllegalArgumentException e) {
    return new TraceException("the checkpoint '" + file + "' is damaged: " + e.getMessage(), e);
  }
}
