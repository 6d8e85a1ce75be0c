package dev.stagewalk.image;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How a whole file may be packed and still be read. */
public enum Packing {
  NONE("no"),
  GZIP("gzip"),
  ZSTD("zstd");

  private static final int GZIP_MAGIC = 0x8b1f;
  private static final int ZSTD_MAGIC = 0xfd2f_b528;
  private static final int BLOCK = 1 << 16;

  private final String words;

  Packing(String words) {
    this.words = words;
  }

  /** As a sentence names it: "gzip". */
  public String words() {
    return words;
  }

  /**
   * The packing of a file, by its first bytes.
   *
   * @throws IOException if it cannot be read
   */
  public static Packing of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      int magic = 0;
      for (int n = 0; n < head.length; n++) {
        magic |= (head[n] & 0xff) << 8 * n;
      }
      if (head.length >= 2 && (magic & 0xffff) == GZIP_MAGIC) {
        return GZIP;
      }
      return magic == ZSTD_MAGIC ? ZSTD : NONE;
    }
  }

  /**
   * The content of a file, unpacked. Reading it throws {@link EOFException} where what is packed
   * breaks off, and {@link ZipException} where it is damaged.
   *
   * @throws IOException likewise, or if the file cannot be read
   */
  public static InputStream open(Path file) throws IOException {
    Packing packing = of(file);
    InputStream in = Files.newInputStream(file);
    try {
      return switch (packing) {
        case NONE -> in;
        case GZIP -> new GZIPInputStream(in, BLOCK);
        case ZSTD -> new Zstd(new BufferedInputStream(in, BLOCK));
      };
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Says of damage what a gzip file says. It needs 8 MiB of what came before, and no more. */
  private static final class Zstd extends FilterInputStream {
    private static final String BREAKS_OFF = "Not enough input bytes";
    private static final String TOO_LARGE = "Window size too large";

    Zstd(InputStream packed) {
      super(new ZstdInputStream(packed));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      try {
        return super.read(to, offset, length);
      } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
        if (String.valueOf(e.getMessage()).startsWith(TOO_LARGE)) {
          throw new IOException(
              "it is packed by zstd with a window of more than 8 MiB (--long, --ultra): unpack it"
                  + " first",
              e);
        }
        ZipException damaged = new ZipException(e.getMessage());
        damaged.initCause(e);
        throw damaged;
      } catch (IOException e) {
        if (BREAKS_OFF.equals(e.getMessage())) {
          EOFException end = new EOFException(BREAKS_OFF);
          end.initCause(e);
          throw end;
        }
        throw e;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      return readNBytes((int) Math.clamp(count, 0, BLOCK)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
