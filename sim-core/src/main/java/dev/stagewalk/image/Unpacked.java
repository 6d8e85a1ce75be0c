package dev.stagewalk.image;

import dev.stagewalk.arch.Size;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipException;

/**
 * Unpacks a file into a temporary one, because a dump is read at any place and what is packed only
 * from its start. The temporary file is sparse where memory is zero, and goes when the program
 * ends.
 */
public final class Unpacked {
  private static final int BLOCK = 1 << 16;

  /** Of the free space of the disk this much is left. */
  private static final long RESERVE = 64L << 20;

  private Unpacked() {}

  /**
   * Unpacks a file.
   *
   * @throws DumpException if what is packed is not whole, or the disk would be full
   */
  public static Path toTemporary(Path file) throws DumpException, IOException {
    Path unpacked = Files.createTempFile("stagewalk-", ".dump");
    unpacked.toFile().deleteOnExit();
    boolean whole = false;
    try (InputStream in = Packing.open(file);
        FileChannel out =
            FileChannel.open(
                unpacked, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      copy(file, in, out, Files.getFileStore(unpacked));
      whole = true;
    } catch (EOFException _) {
      throw new DumpException(
          file,
          "is a " + Packing.of(file).words() + " file that breaks off",
          "copy it again, or unpack what there is");
    } catch (ZipException e) {
      throw new DumpException(
          file,
          "is a damaged " + Packing.of(file).words() + " file (" + e.getMessage() + ")",
          "copy it again");
    } finally {
      if (!whole) {
        Files.deleteIfExists(unpacked);
      }
    }
    return unpacked;
  }

  private static void copy(Path file, InputStream in, FileChannel out, FileStore disk)
      throws DumpException, IOException {
    long length = 0;
    long written = 0;
    long most = Math.max(0, disk.getUsableSpace() - RESERVE);
    byte[] block = new byte[BLOCK];
    while (true) {
      int count = in.readNBytes(block, 0, BLOCK);
      if (count == 0) {
        break;
      }
      if (!isZero(block, count)) {
        written += count;
        if (written > most) {
          throw new DumpException(
              file,
              "unpacks to more than the " + Size.words(most >>> 20 << 20) + " free on this disk",
              "unpack it elsewhere and name that file, or set java.io.tmpdir");
        }
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, count);
        while (buffer.hasRemaining()) {
          out.write(buffer, length + buffer.position());
        }
      }
      length += count;
    }
    if (length > 0 && out.size() < length) {
      out.write(ByteBuffer.wrap(new byte[1]), length - 1);
    }
  }

  private static boolean isZero(byte[] block, int count) {
    for (int i = 0; i < count; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
