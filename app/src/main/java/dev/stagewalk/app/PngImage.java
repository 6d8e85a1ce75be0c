package dev.stagewalk.app;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javafx.scene.image.Image;
import javafx.scene.image.PixelReader;

/** Writes a picture as PNG (8-bit RGB), without the desktop module of the JDK. */
final class PngImage {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte FILTER_UP = 2;

  private PngImage() {}

  static void write(Image image, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      write(image, out);
    }
  }

  static void write(Image image, OutputStream target) throws IOException {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    DataOutputStream out = new DataOutputStream(target);
    out.write(SIGNATURE);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    // 8 bits a sample, colour type 2 (RGB), deflate, adaptive filters, not interlaced.
    fields.write(new byte[] {8, 2, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", compressed(image, width, height));
    chunk(out, "IEND", new byte[0]);
    out.flush();
  }

  private static byte[] compressed(Image image, int width, int height) throws IOException {
    PixelReader pixels = image.getPixelReader();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      byte[] above = new byte[width * 3];
      byte[] row = new byte[width * 3];
      byte[] line = new byte[width * 3 + 1];
      line[0] = FILTER_UP;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int argb = pixels.getArgb(x, y);
          row[x * 3] = (byte) (argb >> 16);
          row[x * 3 + 1] = (byte) (argb >> 8);
          row[x * 3 + 2] = (byte) argb;
        }
        for (int i = 0; i < row.length; i++) {
          line[i + 1] = (byte) (row[i] - above[i]);
        }
        out.write(line);
        byte[] spare = above;
        above = row;
        row = spare;
      }
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) sum.getValue());
  }
}
