package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import javafx.scene.image.Image;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;

final class PngImageTest {
  @Test
  void whatIsWrittenIsReadBackPixelByPixel() throws Exception {
    WritableImage image = new WritableImage(37, 11);
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 37; x++) {
        image.getPixelWriter().setColor(x, y, Color.rgb(x * 6, y * 20, (x * y) % 256));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PngImage.write(image, bytes);

    Image read = new Image(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(read.isError()).isFalse();
    assertThat(read.getWidth()).isEqualTo(37);
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 37; x++) {
        assertThat(read.getPixelReader().getArgb(x, y))
            .isEqualTo(image.getPixelReader().getArgb(x, y));
      }
    }
  }
}
