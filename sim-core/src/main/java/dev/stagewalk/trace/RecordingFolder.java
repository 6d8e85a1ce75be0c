package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording opened for reading: its manifest, and where the whole members of its stream are. A
 * stream that was cut anywhere is read up to its last whole member.
 */
public final class RecordingFolder {
  /** Name of the file in each such folder that says what the recording is of. */
  public static final String MANIFEST = RecordingWriter.MANIFEST;

  private static final long LARGEST_MANIFEST = 1 << 26;

  private final Path folder;
  private final JsonRecord manifest;
  private final List<RecordingMember> members;
  private final long wholeBytes;
  private final long lostBytes;

  private RecordingFolder(
      Path folder,
      JsonRecord manifest,
      List<RecordingMember> members,
      long wholeBytes,
      long lostBytes) {
    this.folder = folder;
    this.manifest = manifest;
    this.members = List.copyOf(members);
    this.wholeBytes = wholeBytes;
    this.lostBytes = lostBytes;
  }

  /**
   * Opens a recording.
   *
   * @throws TraceException if it is none, is damaged, or is of a newer format; the message says
   *     which, and what to do
   */
  public static RecordingFolder open(Path folder) throws TraceException {
    JsonRecord manifest = manifest(folder);
    Path stream = folder.resolve(RecordingWriter.STREAM);
    try (FileChannel file = FileChannel.open(stream)) {
      List<RecordingMember> members = new ArrayList<>();
      long at = 0;
      long size = file.size();
      while (size - at >= RecordingMember.HEADER) {
        RecordingMember member = RecordingMember.read(bytes(file, at, RecordingMember.HEADER));
        if (member == null || member.bytes() > size - at) {
          break;
        }
        members.add(member);
        at += member.bytes();
      }
      return new RecordingFolder(folder, manifest, members, at, size - at);
    } catch (IOException e) {
      throw new TraceException(
          "'" + stream + "' cannot be read: copy the whole folder of the recording", e);
    }
  }

  private static JsonRecord manifest(Path folder) throws TraceException {
    Path file = folder.resolve(RecordingWriter.MANIFEST);
    try {
      if (!Files.isRegularFile(file)) {
        throw new TraceException(
            "'" + folder + "' is no recording: there is no " + RecordingWriter.MANIFEST + " in it");
      }
      if (Files.size(file) > LARGEST_MANIFEST) {
        throw new TraceException("'" + file + "' is too large to be the manifest of a recording");
      }
      JsonRecord manifest = JsonRecord.parse(Files.readString(file));
      if (!manifest.text("format").equals("stagewalk-recording")) {
        throw new TraceException("'" + file + "' is not the manifest of a recording");
      }
      long version = manifest.number("version");
      if (version < 1 || version > RecordingWriter.VERSION) {
        throw new TraceException(
            "'"
                + folder
                + "' has version "
                + version
                + " of the format, and this program reads up to "
                + RecordingWriter.VERSION
                + ": open it with the one that wrote it, "
                + (manifest.has("tool") ? manifest.text("tool") : "a newer one"));
      }
      return manifest;
    } catch (IOException e) {
      throw new TraceException("'" + file + "' is not a file that can be read as UTF-8 text", e);
    } catch (IllegalArgumentException e) {
      throw new TraceException("'" + file + "' is damaged: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(FileChannel file, long at, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    while (into.hasRemaining()) {
      if (file.read(into, at + into.position()) < 0) {
        throw new IOException("the file has become shorter");
      }
    }
    return into.array();
  }

  public Path folder() {
    return folder;
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
    Path stream = folder.resolve(RecordingWriter.STREAM);
    try (FileChannel file = FileChannel.open(stream)) {
      long at = 0;
      for (RecordingMember member : members) {
        byte[] raw = member.unpack(bytes(file, at, member.bytes()));
        if (raw == null) {
          throw new TraceException(
              "'"
                  + stream
                  + "' is damaged: the member at byte "
                  + at
                  + " of "
                  + wholeBytes
                  + ", which begins with event "
                  + member.firstEvent()
                  + ", does not unpack to what its checksum says");
        }
        for (String line : new String(raw, StandardCharsets.UTF_8).split("\n")) {
          if (!lines.line(line)) {
            return;
          }
        }
        at += member.bytes();
      }
    } catch (IOException e) {
      throw new TraceException("'" + stream + "' cannot be read: " + e.getMessage(), e);
    }
  }
}
