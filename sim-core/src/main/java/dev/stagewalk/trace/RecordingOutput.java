package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where the files of a recording are written. */
@FunctionalInterface
public interface RecordingOutput {

  /**
   * Begins a file, which does not exist yet.
   *
   * @param name with {@code /} between folders
   */
  WritableByteChannel create(String name) throws IOException;

  /** The same place, one folder further in. */
  default RecordingOutput within(String folder) {
    return name -> create(folder + "/" + name);
  }

  /**
   * Files in a folder.
   *
   * @throws TraceException if there is a recording in it already
   */
  static RecordingOutput in(Path folder) throws IOException, TraceException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new TraceException(
          "'" + folder + "' is a file, and a recording is a folder: name another, or remove it");
    }
    Files.createDirectories(folder);
    for (String name : new String[] {RecordingWriter.MANIFEST, RecordingWriter.STREAM}) {
      if (Files.exists(folder.resolve(name))) {
        throw new TraceException(
            "'" + folder + "' holds a recording already: name another folder, or remove this one");
      }
    }
    return name -> {
      Path file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    };
  }
}
