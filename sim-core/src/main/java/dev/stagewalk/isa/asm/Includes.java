package dev.stagewalk.isa.asm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code .include} and {@code .incbin} find files. */
public interface Includes {

  /**
   * The content of a file.
   *
   * @throws IOException in words, without the name, where it cannot be read
   */
  byte[] read(String name) throws IOException;

  /** No file can be included. */
  static Includes none() {
    return name -> {
      throw new IOException("this source is assembled without the files beside it");
    };
  }

  /**
   * Files in a folder and below it; a name or link that leads out of it is refused.
   *
   * @param folder the source's own
   */
  static Includes of(Path folder) {
    return name -> {
      Path home = folder.toRealPath();
      Path file = home.resolve(name).normalize();
      if (!file.startsWith(home)) {
        throw new IOException("it lies outside " + home + ", the folder of the source");
      }
      if (!Files.isRegularFile(file)) {
        throw new IOException("no such file in " + home);
      }
      if (!file.toRealPath().startsWith(home)) {
        throw new IOException("it leads out of " + home + ", the folder of the source");
      }
      return Files.readAllBytes(file);
    };
  }
}
