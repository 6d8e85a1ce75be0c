package dev.stagewalk.mem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageAllocatorTest {
  private final PageAllocator pages = new PageAllocator(0x4800_0000L, 64 * 4096, 4096);

  @Test
  void runsAreAlignedToTheirSize() {
    assertThat(pages.allocate(0)).isEqualTo(0x4800_0000L);
    assertThat(pages.allocate(2)).isEqualTo(0x4800_4000L);
    assertThat(pages.allocate(0)).isEqualTo(0x4800_1000L);
  }

  @Test
  void freedPagesAreHandedOutAgain() {
    long first = pages.allocate(1);
    pages.allocate(0);
    assertThat(pages.free(first)).isEqualTo(1);
    assertThat(pages.allocate(1)).isEqualTo(first);
  }

  @Test
  void whatIsNotTheStartOfARunIsNotTakenBack() {
    long run = pages.allocate(2);
    assertThat(pages.free(run + 4096)).isEqualTo(-1);
    assertThat(pages.free(0)).isEqualTo(-1);
    assertThat(pages.free(run)).isEqualTo(2);
    assertThat(pages.free(run)).isEqualTo(-1);
  }

  @Test
  void whenAllIsHandedOutThereIsNone() {
    for (int i = 0; i < 64; i++) {
      assertThat(pages.allocate(0)).isPositive();
    }
    assertThat(pages.allocate(0)).isEqualTo(-1);
    assertThat(pages.pagesUsed()).isEqualTo(64);
  }

  @Test
  void goingBackForgetsWhatWasHandedOutSince() {
    pages.allocate(0);
    PageAllocator.State state = pages.save();
    long next = pages.allocate(3);
    pages.restore(state);
    assertThat(pages.allocate(3)).isEqualTo(next);
    assertThat(pages.save().hash()).isNotEqualTo(state.hash());
  }
}
