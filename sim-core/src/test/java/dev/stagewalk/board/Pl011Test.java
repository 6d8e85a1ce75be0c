package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Pl011Test {
  private final List<Integer> sent = new ArrayList<>();
  private boolean line;
  private final Pl011 uart = new Pl011(0x900_0000, sent::add, level -> line = level);

  @Test
  void bytesThatComeInterruptAtTheirLevelAndAreReadInOrder() {
    uart.write(0x38, 4, 1 << 4);
    uart.write(0x2c, 4, 1 << 4);
    uart.write(0x34, 4, 0);
    uart.receive('a');
    assertThat(line).as("below the level of two").isFalse();
    uart.receive('b');
    assertThat(line).isTrue();
    assertThat(uart.read(0x40, 4)).isEqualTo(1 << 4);
    assertThat(uart.read(0, 4)).isEqualTo('a');
    assertThat(line).isFalse();
    assertThat(uart.read(0x18, 4) & 1 << 4).as("empty").isZero();
    assertThat(uart.read(0, 4)).isEqualTo('b');
    assertThat(uart.read(0x18, 4) & 1 << 4).as("empty").isNotZero();
  }

  @Test
  void withoutFifosOneByteWaitsAndTheNextIsLost() {
    uart.write(0x38, 4, 1 << 10);
    uart.receive('a');
    assertThat(line).isFalse();
    uart.receive('b');
    assertThat(line).as("overrun").isTrue();
    uart.write(0x44, 4, 1 << 10);
    assertThat(line).isFalse();
    assertThat(uart.read(0, 1)).isEqualTo('a');
    assertThat(uart.read(0x18, 4) & 1 << 4).as("empty").isNotZero();
  }

  @Test
  void whateverTheWidthTheLowByteIsSent() {
    uart.write(0, 1, 'a');
    uart.write(0, 4, 0x1234_5600 | 'b');
    uart.write(0, 8, 'c');
    uart.write(1, 1, 'd');
    assertThat(sent).containsExactly((int) 'a', (int) 'b', (int) 'c');
  }

  @Test
  void aNarrowReadGetsItsBytesOfTheRegisterAndNoMore() {
    uart.write(0x24, 4, 0x1234);
    assertThat(uart.read(0x24, 4)).isEqualTo(0x1234);
    assertThat(uart.read(0x24, 2)).isEqualTo(0x1234);
    assertThat(uart.read(0x24, 1)).isEqualTo(0x34);
    assertThat(uart.read(0x25, 1)).isEqualTo(0x12);
    assertThat(uart.read(0x26, 2)).isZero();
    assertThat(uart.read(0x18, 1)).isEqualTo(0x90);
    assertThat(uart.read(0x18, 8)).isEqualTo(0x90);
  }

  @Test
  void aByteWrittenLeavesTheRestOfTheRegister() {
    uart.write(0x30, 4, 0x0301);
    uart.write(0x30, 1, 0x00);
    assertThat(uart.read(0x30, 4)).isEqualTo(0x0300);
  }

  @Test
  void theIdentificationRegistersNameThePl011() {
    long id = 0;
    for (int i = 3; i >= 0; i--) {
      id = id << 8 | uart.read(0xfe0 + 4 * i, 4);
    }
    assertThat(id & 0xfff).isEqualTo(0x011);
    assertThat(uart.read(0xffc, 4)).isEqualTo(0xb1);
  }

  @Test
  void itsStateGoesBackAsItWas() {
    uart.write(0x24, 4, 13);
    uart.write(0x2c, 4, 0x70);
    long[] state = uart.save();
    uart.write(0x24, 4, 99);
    uart.write(0x2c, 4, 0);
    uart.restore(state);
    assertThat(uart.read(0x24, 4)).isEqualTo(13);
    assertThat(uart.read(0x2c, 4)).isEqualTo(0x70);
  }
}
