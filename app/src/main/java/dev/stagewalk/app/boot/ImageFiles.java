package dev.stagewalk.app.boot;

import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.image.boot.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Images and device trees from files. */
public final class ImageFiles {
  private static final long LARGEST = 1L << 30;

  private ImageFiles() {}

  /** An image with the built-in device tree and the usual amount of memory. */
  public static Boot open(Path image) throws ImageException {
    return open(image, Boot.USUAL_MEMORY, "", null);
  }

  /**
   * An image as it is to be booted.
   *
   * @param memory bytes of RAM
   * @param arguments for the image; empty for none, and empty where there is a tree
   * @param tree the device tree, or null for the built-in one
   * @throws ImageException if a file cannot be read or used; the message names file and reason
   * @throws IllegalArgumentException if there cannot be so much memory
   */
  static Boot open(Path image, long memory, String arguments, @Nullable Path tree)
      throws ImageException {
    BootImage read = BootImage.read(image.toString(), content(image));
    return tree == null
        ? Boot.of(read, memory, arguments)
        : Boot.with(read, memory, tree.toString(), content(tree));
  }

  private static byte[] content(Path file) throws ImageException {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > LARGEST) {
        throw new ImageException(
            file.toString(), "has " + Files.size(file) + " bytes", "images of up to 1G are read");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      throw new ImageException(file.toString(), "does not exist", "name the file of an image");
    } catch (IOException _) {
      throw new ImageException(
          file.toString(), "cannot be read", "name a file that may be read, and no folder");
    }
  }
}
