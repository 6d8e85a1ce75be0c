package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a recording in their folder. */
final class FolderFiles implements RecordingFiles {
  private final Path folder;

  FolderFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  @Override
  public List<String> in(String inner) {
    Path root = folder.resolve(inner);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> inner + "/" + root.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException _) {
      // What is missing in the list is missed where it is asked for.
      return List.of();
    }
  }

  @Override
  public Content open(String file) throws IOException {
    return new Content(folder.resolve(file));
  }
}
