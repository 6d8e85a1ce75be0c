package dev.stagewalk.views;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javafx.application.Platform;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.StackPane;

/** Draws nodes without a screen, for tests and for looking at. */
final class Pictures {
  private static boolean started;

  private Pictures() {}

  /** Runs something on the JavaFX application thread, starting the toolkit if need be. */
  static <T> T onFx(Supplier<T> work) {
    synchronized (Pictures.class) {
      if (!started) {
        try {
          Platform.startup(() -> {});
        } catch (IllegalStateException alreadyRunning) {
          // Another test of this JVM started it.
        }
        Platform.setImplicitExit(false);
        started = true;
      }
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        result.complete(work.get());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    try {
      return result.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A scene of a size that holds a node in a pane of a look; laid out until it rests. */
  static Scene scene(Look look, Parent content, double width, double height) {
    StackPane pane = new StackPane(content);
    pane.getStyleClass().add("pane");
    Scene scene = new Scene(pane, width, height);
    look.dress(scene);
    settle(scene);
    return scene;
  }

  static void settle(Scene scene) {
    for (int i = 0; i < 4; i++) {
      scene.getRoot().applyCss();
      scene.getRoot().layout();
    }
  }

  static WritableImage picture(Scene scene) {
    settle(scene);
    return scene.snapshot(null);
  }

  static void save(WritableImage image, Path file) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    byte[] bgra = new byte[width * height * 4];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getByteBgraInstance(), bgra, 0, width * 4);
    byte[] raw = new byte[(width * 3 + 1) * height];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raw[at++] = 0;
      for (int x = 0; x < width; x++) {
        int p = (y * width + x) * 4;
        raw[at++] = bgra[p + 2];
        raw[at++] = bgra[p + 1];
        raw[at++] = bgra[p];
      }
    }
    Deflater deflater = new Deflater();
    deflater.setInput(raw);
    deflater.finish();
    byte[] packed = new byte[raw.length + 1024];
    int length = deflater.deflate(packed);
    deflater.end();
    ByteBuffer out = ByteBuffer.allocate(length + 128);
    out.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
    head.put(new byte[] {8, 2, 0, 0, 0});
    chunk(out, "IHDR", head.array(), 13);
    chunk(out, "IDAT", packed, length);
    chunk(out, "IEND", new byte[0], 0);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, java.util.Arrays.copyOf(out.array(), out.position()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void chunk(ByteBuffer out, String type, byte[] data, int length) {
    byte[] name = type.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    out.putInt(length).put(name).put(data, 0, length);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    out.putInt((int) crc.getValue());
  }
}
