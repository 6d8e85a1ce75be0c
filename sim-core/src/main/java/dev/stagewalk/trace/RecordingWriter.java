package dev.stagewalk.trace;

import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes a recording while the run goes on. What is lost when the program dies is what came since
 * the last member: at most {@link #MOST_LINES} lines or a second. The format is described in {@code
 * docs/recording-format.md}.
 */
public final class RecordingWriter implements Closeable {
  /** Version of the format. */
  public static final int VERSION = 3;

  /** Holds a folder for each branch but the first, named by its number. */
  static final String BRANCHES = "branches";

  static final String MANIFEST = "manifest.json";
  static final String STREAM = "events.jsonl.gz";
  static final int MOST_LINES = 4096;
  private static final int MOST_BYTES = 1 << 24;
  private static final long SECOND = 1_000_000_000;

  private final WritableByteChannel stream;
  private final MemberWriter members;
  private final CheckpointWriter checkpoints;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 20);
  private final EventJson form;
  private RecordingMember.Holds holds = RecordingMember.Holds.NOTHING;
  private boolean inputs;
  private int count;
  private long firstEvent;
  private long firstInstruction;
  private long began;

  private RecordingWriter(WritableByteChannel stream, CheckpointWriter checkpoints)
      throws IOException {
    this.stream = stream;
    this.members = new MemberWriter(stream);
    this.form = new EventJson(lines);
    this.checkpoints = checkpoints;
  }

  /**
   * Begins a recording. The manifest is written last: where there is one, all beside it is there.
   *
   * @param manifest JSON that says all the run depends on
   * @param beside files the manifest tells of, by their names
   */
  public static RecordingWriter begin(
      RecordingOutput output, String manifest, Map<String, byte[]> beside) throws IOException {
    for (Map.Entry<String, byte[]> file : beside.entrySet()) {
      write(output, file.getKey(), file.getValue());
    }
    WritableByteChannel stream = output.create(STREAM);
    RecordingWriter writer = new RecordingWriter(stream, new CheckpointWriter(output));
    write(output, MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
    return writer;
  }

  /**
   * Begins the stream of a further branch, in a folder of its own.
   *
   * @param number of the branch, from 2
   */
  public static RecordingWriter branch(RecordingOutput output, int number) throws IOException {
    RecordingOutput inside = output.within(BRANCHES + "/" + number);
    return new RecordingWriter(inside.create(STREAM), new CheckpointWriter(inside));
  }

  static void write(RecordingOutput output, String name, byte[] content) throws IOException {
    try (WritableByteChannel file = output.create(name)) {
      write(file, content);
    }
  }

  static void write(WritableByteChannel file, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Adds an event. */
  public void add(Event event) throws IOException {
    begin(event.number(), event.moment().instruction());
    holds = holds.with(event);
    form.write(event);
    counted();
  }

  /**
   * Adds a line that says what came in from outside.
   *
   * @param line JSON without an end of line
   * @param event number of the next event
   * @param instruction instructions started before it
   */
  public void addInput(String line, long event, long instruction) throws IOException {
    begin(event, instruction);
    inputs = true;
    add(line);
  }

  /**
   * Adds a line that is neither an event nor an input.
   *
   * @param line JSON without an end of line
   * @param event number of the next event
   * @param instruction instructions started before it
   */
  public void add(String line, long event, long instruction) throws IOException {
    begin(event, instruction);
    add(line);
  }

  private void begin(long event, long instruction) {
    if (count == 0) {
      firstEvent = event;
      firstInstruction = instruction;
      began = System.nanoTime();
    }
  }

  private void add(String line) throws IOException {
    form.line(line);
    counted();
  }

  private void counted() throws IOException {
    count++;
    if (count == MOST_LINES || lines.size() > MOST_BYTES) {
      hand();
    }
  }

  /** Ends a member that began a second ago or earlier. */
  public void flushIfOld() throws IOException {
    if (count > 0 && System.nanoTime() - began >= SECOND) {
      hand();
    }
  }

  /** Ends the member: what has been added up to here outlives this program. */
  public void flush() throws IOException {
    hand();
    members.await();
  }

  private void hand() throws IOException {
    if (count == 0) {
      return;
    }
    form.flush();
    members.add(lines.toByteArray(), firstEvent, firstInstruction, inputs, holds);
    lines.reset();
    inputs = false;
    holds = RecordingMember.Holds.NOTHING;
    count = 0;
  }

  /**
   * Keeps a state of the machine, from which any later moment can be reached.
   *
   * @param moment between two instructions
   * @param counts what had happened by then
   * @param hash of the state
   */
  public void checkpoint(
      Machine.State state, Moment moment, RecordedCheckpoint.Counts counts, long hash)
      throws IOException {
    // A checkpoint that is there has all events before it beside it.
    flush();
    checkpoints.write(state, moment, counts, hash);
  }

  /** Ends it without what has not been written. */
  public void abandon() throws IOException {
    try (stream;
        checkpoints) {
      members.close();
    }
  }

  @Override
  public void close() throws IOException {
    try (stream;
        checkpoints) {
      hand();
      members.close();
    }
  }
}
