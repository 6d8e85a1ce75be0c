package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private final Transcript transcript = new Transcript();

  private static void print(Transcript transcript, long from, int count, char what) {
    for (long i = from; i < from + count; i++) {
      transcript.append(i, 1, what);
    }
  }

  @Test
  void theTextOfAMomentIsWhatWasPrintedUpToIt() {
    print(transcript, 1, 5000, 'a');
    assertThat(transcript.textAt(Moment.at(3))).isEqualTo("aa");
    assertThat(transcript.textAt(Moment.at(3, 1))).isEqualTo("aaa");
    assertThat(transcript.textAt(Moment.at(9999))).hasSize(5000);
    assertThat(transcript.textAt(Moment.START)).isEmpty();
  }

  @Test
  void linesThatPartShareWhatWasPrintedBeforeAndNothingAfter() {
    for (int parting : new int[] {0, 1, 1023, 1024, 1025, 3000, 4096}) {
      Transcript whole = new Transcript();
      print(whole, 1, 4096, 'a');
      Transcript fork = whole.fork(Moment.at(parting, 1));
      print(fork, parting + 1, 500, 'b');
      print(whole, 4097, 500, 'c');
      assertThat(fork.textAt(Moment.at(99_999))).isEqualTo("a".repeat(parting) + "b".repeat(500));
      assertThat(whole.textAt(Moment.at(99_999))).isEqualTo("a".repeat(4096) + "c".repeat(500));
      assertThat(fork.bytes()).isLessThanOrEqualTo(2 * 18 * 1024);
    }
  }

  @Test
  void pastAMillionTheOldestHalfIsDroppedAndTheTextSaysSo() {
    print(transcript, 1, 1 << 20, 'a');
    Transcript fork = transcript.fork(Moment.at(700_000, 1));
    print(transcript, (1 << 20) + 1, 1, 'b');
    String text = transcript.textAt(Moment.at(1 << 21));
    assertThat(text).startsWith("[524288 earlier characters dropped]\n").endsWith("ab");
    assertThat(transcript.textAt(Moment.at(5))).contains("no longer kept");
    assertThat(fork.textAt(Moment.at(1 << 21))).isEqualTo("a".repeat(700_000));
  }
}
