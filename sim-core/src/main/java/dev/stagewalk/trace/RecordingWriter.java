package dev.stagewalk.trace;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the folder of a recording while the run goes on. What is lost when the program dies is
 * what came since the last member: at most {@link #MOST_LINES} lines or a second. The format is
 * described in {@code docs/recording-format.md}.
 */
public final class RecordingWriter implements Closeable {
  /** Version of the format. */
  public static final int VERSION = 1;

  static final String MANIFEST = "manifest.json";
  static final String STREAM = "events.jsonl.gz";
  static final int MOST_LINES = 4096;
  private static final int MOST_BYTES = 1 << 24;
  private static final long SECOND = 1_000_000_000;

  private final FileChannel stream;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private int count;
  private long firstEvent;
  private long firstInstruction;
  private long began;

  private RecordingWriter(FileChannel stream) {
    this.stream = stream;
  }

  /**
   * Begins a recording.
   *
   * @param folder does not exist yet, or is empty
   * @param manifest JSON that says all the run depends on
   * @throws TraceException if something is there already
   */
  public static RecordingWriter begin(Path folder, String manifest)
      throws IOException, TraceException {
    Files.createDirectories(folder);
    if (Files.exists(folder.resolve(MANIFEST)) || Files.exists(folder.resolve(STREAM))) {
      throw new TraceException(
          "'" + folder + "' holds a recording already: name another folder, or remove this one");
    }
    FileChannel stream =
        FileChannel.open(
            folder.resolve(STREAM), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.writeString(folder.resolve(MANIFEST), manifest, StandardOpenOption.CREATE_NEW);
    return new RecordingWriter(stream);
  }

  /**
   * Adds a line.
   *
   * @param line JSON without an end of line
   * @param event its number if it is an event, otherwise that of the next event
   * @param instruction instructions started before it
   */
  public void add(String line, long event, long instruction) throws IOException {
    if (count == 0) {
      firstEvent = event;
      firstInstruction = instruction;
      began = System.nanoTime();
    }
    lines.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    lines.write('\n');
    count++;
    if (count == MOST_LINES || lines.size() > MOST_BYTES) {
      flush();
    }
  }

  /** Ends a member that began a second ago or earlier. */
  public void flushIfOld() throws IOException {
    if (count > 0 && System.nanoTime() - began >= SECOND) {
      flush();
    }
  }

  /** Ends the member: what has been added up to here outlives this program. */
  public void flush() throws IOException {
    if (count == 0) {
      return;
    }
    ByteBuffer member =
        ByteBuffer.wrap(RecordingMember.pack(lines.toByteArray(), firstEvent, firstInstruction));
    lines.reset();
    count = 0;
    while (member.hasRemaining()) {
      stream.write(member);
    }
  }

  @Override
  public void close() throws IOException {
    try (stream) {
      flush();
    }
  }
}
