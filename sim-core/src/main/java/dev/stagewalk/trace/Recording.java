package dev.stagewalk.trace;

import dev.stagewalk.board.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A recording opened for reading: its manifest, where the whole members of its stream are, and its
 * checkpoints. A stream that was cut anywhere is read up to its last whole member. Any thread may
 * read.
 */
public final class Recording {
  private static final long LARGEST_MANIFEST = 1 << 26;

  /** How a ZIP archive begins. */
  private static final byte[] ARCHIVE = {'P', 'K', 3, 4};

  private final Path path;
  private final RecordingFiles files;

  /** Where its stream is: empty, or the folder of a further branch. */
  private final String folder;

  private final JsonRecord manifest;
  private final List<RecordingMember> members;

  /** Where each member begins; after the last one, where it ends. */
  private final long[] begins;

  private final long lostBytes;
  private final CheckpointReader states;
  private final List<RecordedCheckpoint> checkpoints;

  private Recording(
      Path path,
      RecordingFiles files,
      String folder,
      JsonRecord manifest,
      List<RecordingMember> members,
      long[] begins,
      long lostBytes) {
    this.path = path;
    this.files = files;
    this.folder = folder;
    this.manifest = manifest;
    this.members = List.copyOf(members);
    this.begins = begins;
    this.lostBytes = lostBytes;
    this.states = new CheckpointReader(files);
    // Those of a further branch are for readers elsewhere: here it is executed from the first.
    this.checkpoints = folder.isEmpty() ? List.copyOf(states.index()) : List.of();
  }

  /**
   * Opens a recording.
   *
   * @param path its folder, or a stored archive of it
   * @throws TraceException if it is none, is damaged, or is of a newer format; the message says
   *     which, and what to do
   */
  public static Recording open(Path path) throws TraceException {
    RecordingFiles files = RecordingFiles.of(path);
    return open(path, files, manifest(path, files), "");
  }

  private static Recording open(Path path, RecordingFiles files, JsonRecord manifest, String folder)
      throws TraceException {
    try (RecordingFiles.Content stream = files.open(folder + RecordingWriter.STREAM)) {
      List<RecordingMember> members = new ArrayList<>();
      List<Long> begins = new ArrayList<>();
      long at = 0;
      long size = stream.size();
      while (size - at >= RecordingMember.LEAST_HEADER) {
        int length = (int) Math.min(RecordingMember.HEADER, size - at);
        byte[] header = new byte[length];
        stream.read(at, header);
        RecordingMember member = RecordingMember.read(header);
        if (member == null || member.bytes() > size - at) {
          break;
        }
        members.add(member);
        begins.add(at);
        at += member.bytes();
      }
      begins.add(at);
      return new Recording(
          path,
          files,
          folder,
          manifest,
          members,
          begins.stream().mapToLong(Long::longValue).toArray(),
          size - at);
    } catch (IOException e) {
      throw new TraceException(
          "'"
              + path
              + "' cannot be read, because of its "
              + folder
              + RecordingWriter.STREAM
              + ": copy the whole recording",
          e);
    }
  }

  /** Whether a path looks like a recording, so that {@link #open} says what is wrong with it. */
  public static boolean isOne(Path path) {
    if (Files.isDirectory(path)) {
      return Files.exists(path.resolve(RecordingWriter.MANIFEST))
          || String.valueOf(path.getFileName()).endsWith(".swrec");
    }
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(ARCHIVE.length), ARCHIVE);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static JsonRecord manifest(Path path, RecordingFiles files) throws TraceException {
    String where = "the " + RecordingWriter.MANIFEST + " of '" + path + "'";
    if (!files.has(RecordingWriter.MANIFEST)) {
      throw new TraceException(
          "'" + path + "' is no recording: there is no " + RecordingWriter.MANIFEST + " in it");
    }
    try {
      JsonRecord manifest =
          JsonRecord.parse(files.text(RecordingWriter.MANIFEST, LARGEST_MANIFEST));
      if (!manifest.text("format").equals("stagewalk-recording")) {
        throw new TraceException(where + " is not that of a recording");
      }
      long version = manifest.number("version");
      if (version < 1 || version > RecordingWriter.VERSION) {
        throw new TraceException(
            "'"
                + path
                + "' has version "
                + version
                + " of the format, and this program reads up to "
                + RecordingWriter.VERSION
                + ": open it with the one that wrote it, "
                + (manifest.has("tool") ? manifest.text("tool") : "a newer one"));
      }
      return manifest;
    } catch (IOException e) {
      throw new TraceException(where + " cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new TraceException(where + " is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * The further branches that are recorded, from number 2 on; the first is the recording itself. A
   * branch of which no line is whole is left aside, with all after it.
   *
   * @throws TraceException if one cannot be read; the message says where
   */
  public List<Recording> branches() throws TraceException {
    List<Recording> found = new ArrayList<>();
    for (int number = 2; ; number++) {
      String inside = RecordingWriter.BRANCHES + "/" + number + "/";
      if (!folder.isEmpty() || !files.has(inside + RecordingWriter.STREAM)) {
        return found;
      }
      Recording branch = open(path, files, manifest, inside);
      if (branch.members.isEmpty()) {
        return found;
      }
      found.add(branch);
    }
  }

  /** Whether something of a further branch is there of which no line is whole. */
  public boolean lacksBranches() throws TraceException {
    return files.has(
        RecordingWriter.BRANCHES + "/" + (branches().size() + 2) + "/" + RecordingWriter.STREAM);
  }

  /** The folder, or the archive. */
  public Path path() {
    return path;
  }

  public JsonRecord manifest() {
    return manifest;
  }

  /** The index: every whole member, in order. */
  public List<RecordingMember> members() {
    return members;
  }

  /** Bytes at the end of the stream that are no whole member: what was lost. */
  public long lostBytes() {
    return lostBytes;
  }

  /** Bytes of a stream of this recording that are whole members; empty for any other file. */
  OptionalLong wholeBytes(String file) throws TraceException {
    if (file.equals(folder + RecordingWriter.STREAM)) {
      return OptionalLong.of(begins[members.size()]);
    }
    return file.endsWith("/" + RecordingWriter.STREAM)
        ? open(path, files, manifest, file.substring(0, file.lastIndexOf('/') + 1)).wholeBytes(file)
        : OptionalLong.empty();
  }

  RecordingFiles.Content open(String file) throws IOException {
    return files.open(file);
  }

  /** The checkpoints, in the order in which they were written. */
  public List<RecordedCheckpoint> checkpoints() {
    return checkpoints;
  }

  /**
   * The state of a checkpoint.
   *
   * @throws TraceException if it cannot be read or is damaged
   */
  public Machine.State state(RecordedCheckpoint checkpoint) throws TraceException {
    return states.state(checkpoint);
  }

  /**
   * The hash that the state of a checkpoint had when it was written.
   *
   * @throws TraceException likewise
   */
  public long hash(RecordedCheckpoint checkpoint) throws TraceException {
    return states.hash(checkpoint);
  }

  /** Whether it has a file beside manifest and stream. */
  public boolean has(String file) {
    return files.has(file);
  }

  /** Names of the files in a folder of it. */
  public List<String> in(String folder) {
    return files.in(folder);
  }

  /**
   * The content of a file beside manifest and stream.
   *
   * @param most bytes it may have
   * @throws IOException if it cannot be read
   */
  public byte[] bytes(String file, long most) throws IOException {
    return files.bytes(file, most);
  }

  /** Sees the lines of a stream, in order. */
  @FunctionalInterface
  public interface Lines {
    /**
     * @return whether to go on
     */
    boolean line(String line);
  }

  /**
   * Reads every line of the whole members.
   *
   * @throws TraceException if a member is damaged; the message says where
   */
  public void read(Lines lines) throws TraceException {
    for (int member = 0; member < members.size(); member++) {
      for (String line : lines(member)) {
        if (!lines.line(line)) {
          return;
        }
      }
    }
  }

  /**
   * The lines of a member.
   *
   * @param number from 0
   * @throws TraceException if it is damaged; the message says where
   */
  public String[] lines(int number) throws TraceException {
    return new String(unpacked(number), StandardCharsets.UTF_8).split("\n");
  }

  /**
   * The lines of a member as they are, each with its end.
   *
   * @throws TraceException likewise
   */
  byte[] unpacked(int number) throws TraceException {
    RecordingMember member = members.get(number);
    String where = "'" + path + "', " + folder + RecordingWriter.STREAM;
    byte @Nullable [] raw;
    try (RecordingFiles.Content stream = files.open(folder + RecordingWriter.STREAM)) {
      byte[] packed = new byte[member.bytes()];
      stream.read(begins[number], packed);
      raw = member.unpack(packed);
    } catch (IOException e) {
      throw new TraceException(where + ", cannot be read: " + e.getMessage(), e);
    }
    if (raw == null) {
      throw new TraceException(
          where
              + ", is damaged: the member at byte "
              + begins[number]
              + " of "
              + begins[members.size()]
              + ", which begins with event "
              + member.firstEvent()
              + ", does not unpack to what its checksum says");
    }
    return raw;
  }
}
