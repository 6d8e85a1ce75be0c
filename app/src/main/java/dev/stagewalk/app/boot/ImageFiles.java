package dev.stagewalk.app.boot;

import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.session.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Images and device trees from files. */
public final class ImageFiles {
  private static final long LARGEST = 1L << 30;
  private static final long LARGEST_SOURCE = 4L << 20;

  private ImageFiles() {}

  /**
   * An image to look at, with the built-in device tree and the usual amount of memory.
   *
   * @throws ImageException if it cannot be read or booted; the message names file and reason
   */
  public static Scenario scenario(Path image) throws ImageException {
    return Scenario.ofImage(
        open(image, Boot.USUAL_MEMORY, "", null, null), BootCommand.USUAL_PROFILE);
  }

  /**
   * An image as it is to be booted.
   *
   * @param memory bytes of RAM
   * @param arguments for the image; empty for none, and empty where there is a tree
   * @param ramdisk the initial ramdisk, or null for none; null where there is a tree
   * @param tree the device tree, or null for the built-in one
   * @throws ImageException if a file cannot be read or used; the message names file and reason
   * @throws IllegalArgumentException if there cannot be so much memory
   */
  static Boot open(
      Path image, long memory, String arguments, @Nullable Path ramdisk, @Nullable Path tree)
      throws ImageException {
    BootImage bare = BootImage.read(image.toString(), content(image));
    BootImage read = bare.withSources(sources(image, bare.lines().files()));
    if (tree != null) {
      return Boot.with(read, memory, tree.toString(), content(tree));
    }
    return Boot.withRamdisk(
        read, memory, arguments, ramdisk == null ? new byte[0] : content(ramdisk));
  }

  /** The sources that are where the image says, or beside it. */
  private static Map<String, List<String>> sources(Path image, Set<String> names) {
    Map<String, List<String>> found = new HashMap<>();
    for (String name : names) {
      try {
        Path beside = image.resolveSibling(name);
        Path file = Files.isRegularFile(beside) ? beside : image.resolveSibling(fileName(name));
        if (Files.isRegularFile(file) && Files.size(file) < LARGEST_SOURCE) {
          found.put(name, Files.readString(file).lines().toList());
        }
      } catch (InvalidPathException | IOException _) {
        // It is shown without its text.
      }
    }
    return found;
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static byte[] content(Path file) throws ImageException {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > LARGEST) {
        throw new ImageException(
            file.toString(), "has " + Files.size(file) + " bytes", "images of up to 1G are read");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      throw new ImageException(file.toString(), "does not exist", "check its name and folder");
    } catch (IOException _) {
      throw new ImageException(
          file.toString(), "cannot be read", "name a file that may be read, and no folder");
    }
  }
}
